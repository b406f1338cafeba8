"""Whether files are still as they were when they were read: by their names, sizes and the times of their last changes.

In: files or folders. Out: a Stamp to keep and to compare. Nothing in the files is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from studio.data.reading.source import Given
from studio.problems import Problem


class Stamp(NamedTuple):
    """`size` of all files together in bytes, and `changed`: when the latest change was, in seconds since 1970. `each`
    is a sum over the name, the size and the time of each file; "" where it was not kept."""

    size: int
    changed: float
    each: str = ""

    def is_of(self, other: Stamp) -> bool:
        """Whether both are stamps of the same files, unchanged."""
        return self == other if self.each and other.each else self[:2] == other[:2]


def stamp_of(files: Sequence[Path]) -> Stamp | None:
    """The stamp of files that are one table; None where one of them is not there, or may not be looked at. Of a folder,
    what is not read from it does not count."""
    try:
        found = [(name, entry.stat()) for file in files for name, entry in _entries(file)]
    except (OSError, Problem):
        return None
    if not found:
        return None
    each = blake2b(digest_size=16)
    for name, entry in sorted((name, entry) for name, entry in found):
        each.update(f"{name}\0{entry.st_size}\0{entry.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return Stamp(sum(one.st_size for _, one in found), max(one.st_mtime for _, one in found), each.hexdigest())


def _entries(file: Path) -> Iterator[tuple[str, Path]]:
    if not file.is_dir():
        yield file.name, file
        return
    from studio.data.reading.several.file_names import suffix_of  # here: stamps are looked at when the window opens
    from studio.data.reading.several.folder import PROSE, TABLES
    from studio.data.reading.several.inside import files_in

    names, _ = files_in(file, Given(file, file, file.name))
    for name in names:
        ending = suffix_of(PurePosixPath(name).name)
        if ending in TABLES | PROSE or not ending or ending[1:].isdigit():
            yield name, file / name
