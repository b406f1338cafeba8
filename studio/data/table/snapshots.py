"""The snapshots of a project: a folder each, called after what is in it, and never changed once it is whole.

In: the home of the snapshots, and a folder in it that was just written. Out: HOME/<sum> with the table, the rows set
aside, how it was read, and beside them its own edits and findings; the folders that nobody needs any more are gone, the
edits in them stay.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from studio.atomic import put_folder, settle
from studio.data.table.edit_log import EDITS_FILE
from studio.data.table.table import READING_FILE, REJECTED_FILE, TABLE_FILE

ROWS_FILES = (TABLE_FILE, READING_FILE, REJECTED_FILE)  # what can be read again from the original; the rows come first
_PIECE = 1 << 20
_NAME = 32  # hexadecimal digits: short enough for the longest paths that Windows takes
_LOGS = "edits*.jsonl"


def content_sum(folder: Path) -> str:
    """What a snapshot is called after, 32 hexadecimal digits of SHA-256: a sum over every byte of the rows with their
    columns and of the rows set aside, and over all that is known of how they were read. Only where the file lay is left
    out, so that one that was moved is the same one."""
    total = sha256()  # three times as fast as others where the processor knows it
    for name in (TABLE_FILE, REJECTED_FILE):
        size = (folder / name).stat().st_size if (folder / name).exists() else -1
        total.update(f"{name} {size}\n".encode())
        if size >= 0:
            with (folder / name).open("rb") as stream:
                while piece := stream.read(_PIECE):
                    total.update(piece)
    raw = (folder / READING_FILE).read_bytes() if (folder / READING_FILE).exists() else b""
    try:
        told = {name: value for name, value in dict(json.loads(raw)).items() if name != "file"}
        total.update(json.dumps(told, sort_keys=True).encode())
    except (ValueError, TypeError):  # damaged: such a folder has a name of its own, too, and is told when it is opened
        total.update(raw)
    return total.hexdigest()[:_NAME]


def is_whole(folder: Path) -> bool:
    """Whether the folder holds rows; of a snapshot that was superseded only the edits may be left."""
    return (folder / TABLE_FILE).exists()


def keep_snapshot(fresh: Path) -> Path:
    """Let the folder that was written beside the others become the snapshot that it is; out comes its place. Where the
    same one is there already it stays as it is; where it is damaged or only its edits are there, they go on with it."""
    place = fresh.parent / content_sum(fresh)
    if not _is_sound(place):
        for log in place.glob(_LOGS):
            shutil.copyfile(log, fresh / log.name)
        put_folder(fresh, place)
    return place


def _is_sound(place: Path) -> bool:
    """Whether a snapshot is there, and is what it is called after."""
    try:
        return is_whole(place) and content_sum(place) == place.name
    except (OSError, ValueError, AttributeError):  # its description is gone or cannot be read
        return False


def tidy(home: Path, needed: Collection[str]) -> None:
    """Remove the snapshots in `home` that are not among the names `needed`. Of those with edits the edits stay, because
    the rows can be read again. What another program holds open, as Windows has it, stays until the next time."""
    settle(home)
    for folder in home.iterdir() if home.is_dir() else ():
        if folder.name in needed or not folder.is_dir() or folder.name.startswith("."):
            continue
        with suppress(OSError):
            for name in ROWS_FILES:  # the rows first: without them it is no snapshot any more
                (folder / name).unlink(missing_ok=True)
            kept = {log.name for log in folder.glob(_LOGS) if _holds_edits(log)}
            for file in folder.iterdir():
                if file.name not in kept:
                    file.unlink()
            if not kept:
                folder.rmdir()


def _holds_edits(log: Path) -> bool:
    """Whether anything stands in a log below the line about its table; a damaged one that was put aside is kept."""
    if log.name != EDITS_FILE:
        return True
    with log.open("rb") as stream:
        stream.readline()
        return bool(stream.readline().strip())
