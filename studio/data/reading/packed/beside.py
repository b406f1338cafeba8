"""The other files of an archive: that they were not read is said with the table.

In: a Source that was opened from one file of an archive. Out: the same Source, whose Reading tells of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from studio.data.reading.source import Given, Portion, Source
from studio.data.table.table import Reading


@dataclass(frozen=True)
class OneOfSeveral:
    """A Source that says which file of an archive was read. `is_chosen` is whether a person chose it."""

    source: Source
    given: Given
    is_chosen: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return self.source.columns

    def head(self, rows: int) -> Portion:
        """The first `rows` rows."""
        return self.source.head(rows)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        return self.source.portions()

    def reading(self, rejected: int) -> Reading:
        """How the file was read, and how many others were not."""
        reading, others = self.source.reading(rejected), len(self.given.members) - 1
        left = "1 other file of the archive" if others == 1 else f"{others:,} other files of the archive"
        sentence = f"{reading.sentence}, {left} not read"
        if self.is_chosen:
            return replace(reading, sentence=sentence)
        doubt = f"“{self.given.member}” was taken; the archive holds {others:,} more that may be meant as well."
        return replace(reading, sentence=sentence, doubts=(*reading.doubts, doubt))


def with_others_told(source: Source, given: Given, *, is_chosen: bool) -> Source:
    """The Source, or one that tells of the archive's other files where there are any."""
    return OneOfSeveral(source, given, is_chosen) if len(given.members) > 1 else source
