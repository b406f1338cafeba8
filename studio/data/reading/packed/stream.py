"""What comes through a pipe, as a file; what else is no file is refused.

In: a path that is neither a folder nor a plain file. Out: its bytes in scratch, or a Problem. Waiting for them ends
when nothing comes, and when the user stops.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Generator
from pathlib import Path

from studio.data.reading.packed.packed import Stopped
from studio.problems import Problem, Where

_PATIENCE = 120.0  # seconds without a byte
_LOOK_EVERY = 0.1
_BLOCK = 1 << 20  # bytes


def through_pipe(file: Path, should_stop: Callable[[], bool]) -> Generator[bytes, None, None]:
    """The bytes that come through a pipe, until its other side is closed. Raises Stopped, and a Problem for what is no
    pipe, and where nothing comes."""
    if not file.is_fifo():
        raise _problem(file, "is no file", "It is a device or something else that is not read to an end.")
    source, came = os.open(file, os.O_RDONLY | os.O_NONBLOCK), False
    try:
        while (block := _next(source, file, should_stop)) or not came:
            if not block:
                raise _problem(file, "is empty", "It is a pipe, and nothing comes through it.")
            came = True
            yield block
    finally:
        os.close(source)


def _next(source: int, file: Path, should_stop: Callable[[], bool]) -> bytes:
    until = time.monotonic() + _PATIENCE
    while True:
        if should_stop():
            raise Stopped
        try:
            return os.read(source, _BLOCK)
        except BlockingIOError:  # it is open on the other side, and nothing has come yet
            select.select([source], [], [], _LOOK_EVERY)
        if time.monotonic() > until:
            raise _problem(file, "does not end", "It is a pipe, and nothing comes through it any more.")


def _problem(file: Path, what: str, why: str) -> Problem:
    return Problem(f"“{file.name}” {what}.", why, "Save it as a file, and choose that.", Where(str(file)))
