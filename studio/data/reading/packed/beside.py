"""The other files of an archive: that they were not read is said with the table.

In: a Source that was opened from one file of an archive. Out: the same Source, whose Reading tells of the others.
"""

from __future__ import annotations

from dataclasses import replace

from studio.data.reading.source import Given, Retold, Source
from studio.data.table.table import Reading


def with_others_told(source: Source, given: Given, *, is_chosen: bool) -> Source:
    """The Source, or one that tells of the archive's other files where there are any. `is_chosen` is whether a person
    chose the one that is read."""
    others = len(given.members) - 1
    if others < 1:
        return source

    def tell(reading: Reading) -> Reading:
        left = "1 other file of the archive" if others == 1 else f"{others:,} other files of the archive"
        sentence = f"{reading.sentence}, {left} not read"
        if is_chosen:
            return replace(reading, sentence=sentence)
        doubt = f"“{given.member}” was taken; the archive holds {others:,} more that may be meant as well."
        return replace(reading, sentence=sentence, doubts=(*reading.doubts, doubt))

    return Retold(source, tell)
