"""One window holds a project: what it does to the folder, no other window does at the same time.

In: a project's folder. Out: PROJECT/open.json with the process that holds it, as long as it does; a Problem for
whoever comes second. What a killed program left there counts for nothing, and neither does what was copied along with
the folder.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import psutil

from studio.atomic import still_runs
from studio.problems import Problem, Where

HOLD_FILE = "open.json"
_TRIES = 50  # looks at a file that another program is just writing or removing
_WAIT = 0.01  # seconds between them


def hold(folder: Path) -> None:
    """Hold the project in `folder` (made if it is not there) for this process, until `let_go`. Raises a Problem where
    another process that still runs holds it, and an OSError where nothing may be written."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / HOLD_FILE
    mine = json.dumps({"pid": os.getpid(), "started": psutil.Process().create_time(), "folder": _name(folder)})
    for _ in range(_TRIES):
        try:
            with file.open("x", encoding="utf-8") as stream:  # only one of two gets to make it
                stream.write(mine)
            return
        except FileExistsError:
            pass
        holder = _holder(file)
        if holder == os.getpid():
            return
        if holder:
            raise Problem(
                "This project is open in another window.",
                "Two windows would write over each other’s changes, so only one has a project at a time.",
                "Go on in that window; or close the project there, and open it here again. Nothing was changed.",
                Where(str(folder)),
            )
        with suppress(FileNotFoundError):
            if holder == 0 or file.stat().st_mtime < time.time() - 1:  # else it is just being written
                file.unlink()
                continue
        time.sleep(_WAIT)
    raise OSError(f"{file} can neither be read nor made anew")


def is_held(folder: Path) -> bool:
    """Whether this process holds the project in `folder`."""
    return _holder(folder / HOLD_FILE) == os.getpid()


def let_go(folder: Path) -> None:
    """Hold the project in `folder` no more; where another process does, it goes on."""
    if is_held(folder):
        with suppress(OSError):  # who comes next sees that nobody runs any more
            (folder / HOLD_FILE).unlink()


def _holder(file: Path) -> int | None:
    """The process that holds the project: its number, 0 where it does not run any more or holds another folder, None
    where there is none or its mark cannot be read (yet)."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        pid, started, folder = int(values["pid"]), float(values["started"]), str(values["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if folder == _name(file.parent) and still_runs(pid, started) else 0


def _name(folder: Path) -> str:
    return os.path.normcase(folder.resolve())
