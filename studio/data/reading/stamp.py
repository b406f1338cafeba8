"""Whether files are still as they were when they were read: by their size and the time of their last change.

In: files or folders. Out: a Stamp to keep and to compare. Nothing in the files is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_MOST = 10_000  # files of a folder that are looked at


class Stamp(NamedTuple):
    """`size` of all files together in bytes, and `changed`: when the latest change was, in seconds since 1970."""

    size: int
    changed: float


def stamp_of(files: Sequence[Path]) -> Stamp | None:
    """The stamp of files that are one table; None where one of them is not there, or may not be looked at."""
    try:
        found = [entry.stat() for file in files for entry in _entries(file)]
    except OSError:
        return None
    return Stamp(sum(one.st_size for one in found), max(one.st_mtime for one in found)) if found else None


def _entries(file: Path) -> Iterator[Path]:
    if not file.is_dir():
        yield file
        return
    left = _MOST
    for folder, _, names in os.walk(file):
        for name in names[:left]:
            yield Path(folder, name)
        left -= len(names)
        if left <= 0:
            return
