"""The files in a folder: which of them can be a table, and where a link may lead.

In: a folder. Out: the paths of its files, and how many links are not followed. What programs keep for themselves is
passed over, and nothing outside the folder is ever read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from studio.data.reading.source import Given
from studio.problems import Problem, Where

_SYSTEM = re.compile(r"\.|_|~\$|.*\.(?:lock|crc|tmp|part|crdownload|bak)$", re.IGNORECASE)
MOST_FILES = 500_000
_DEEPEST = 12  # folders in folders


def unwrapped(folder: Path) -> Path:
    """The folder itself, or the only one in it, as archives make them."""
    for _ in range(_DEEPEST):
        inside = [entry for entry in folder.iterdir() if not _is_hidden(entry.name)]
        if len(inside) != 1 or not inside[0].is_dir() or inside[0].is_symlink() or "=" in inside[0].name:
            return folder
        folder = inside[0]
    return folder


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def keeps_changes(folder: Path) -> bool:
    """Whether a folder holds the changes to tables beside it: rows can be deleted there without a trace in these."""
    if folder.name == "metadata":
        return any(folder.glob("*.metadata.json"))
    return folder.name == "_delta_log" and folder.is_dir()


def files_in(root: Path, given: Given) -> tuple[list[str], int]:
    """The files in a folder and its folders that a table can be read from, by their paths relative to it, and how many
    links are not followed: those to folders, those that lead out of it, and those that lead nowhere. Raises a Problem
    for more than MOST_FILES."""
    names, count, links = list[str](), 0, 0
    allowed = homes(root)
    for folder, folders, files in os.walk(root):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        inside = [name for name in folders if not _SYSTEM.match(name) and not keeps_changes(Path(folder) / name)]
        links += sum(Path(folder, name).is_symlink() for name in inside)
        folders[:] = inside if len(here.parts) < _DEEPEST else []
        for name in files:
            count += 1
            if count > MOST_FILES:
                raise Problem(
                    f"“{given.name}” holds too many files.",
                    f"A folder is searched for its table among up to {MOST_FILES:,} files.",
                    "Choose a folder further down, or one file.",
                    Where(str(given.original)),
                )
            if _SYSTEM.match(name):
                continue
            if not _stays(Path(folder, name), allowed):
                links += 1
            elif (root / here / name).is_file():
                names.append((here / name).as_posix())
    return names, links


def homes(root: Path) -> tuple[Path, ...]:
    """The folders that links may lead to: this one, and in the hub's cache the one that keeps the files of all versions
    (REPOSITORY/snapshots/VERSION has links to files in REPOSITORY/blobs)."""
    whole = root.resolve()
    return (whole, *(parent.parent / "blobs" for parent in whole.parents if parent.name == "snapshots"))


def _stays(file: Path, homes: Iterable[Path]) -> bool:
    """Whether a file is no link, or one that leads to something in one of these folders."""
    if not file.is_symlink():
        return True
    try:
        target = file.resolve(strict=True)
    except (OSError, RuntimeError):  # it leads nowhere, or in a circle
        return False
    return any(target.is_relative_to(home) for home in homes)
