"""Files and folders that are whole or not there.

In: a final path. Out: a temporary path to write to; on success it is flushed to disk and renamed into place, on
failure it is removed and what stood there before stays. What a killed program left behind is put right by the next one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import psutil
from safetensors import SafetensorError

_LEFTOVER = re.compile(
    r"\.(?P<name>.+)\.(?P<pid>\d+)-(?P<started>\d+)\.[0-9a-f]{8}\.(?P<kind>partial|before)", re.DOTALL
)
_CLOCK = 2.0  # seconds by which two looks at a process's start may differ


@contextmanager
def atomic_file(final: Path) -> Iterator[Path]:
    """Yield a temporary path beside `final`; replace `final` by it when the block succeeds."""
    final.parent.mkdir(parents=True, exist_ok=True)
    settle(final.parent)
    temporary = _beside(final, "partial")
    try:
        yield temporary
        _sync(temporary)
        os.replace(temporary, final)
        _sync(final.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(final: Path) -> Iterator[Path]:
    """Yield a new temporary folder beside `final`; put it in `final`'s place when the block succeeds. Weights that
    could not be written or read inside it are an OSError, like any other file."""
    try:
        with unnamed_folder(final.parent, final.name) as temporary:
            yield temporary
            put_folder(temporary, final)
    except SafetensorError as error:
        raise _system_error(error, final) from error


@contextmanager
def unnamed_folder(home: Path, about: str = "new") -> Iterator[Path]:
    """Yield a new temporary folder in `home`, which is gone afterwards unless `put_folder` gave it its place: for what
    is called after what is in it. `about` is a word in the temporary name."""
    home.mkdir(parents=True, exist_ok=True)
    settle(home)
    temporary = _beside(home / about, "partial")
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def put_folder(temporary: Path, final: Path) -> None:
    """Flush a folder to disk and rename it to `final`, which lies beside it; what stood there goes."""
    old = _beside(final, "before")
    try:
        for folder, _, names in os.walk(temporary):
            for name in names:
                _sync(Path(folder) / name)
            _sync(Path(folder))
        if final.exists():
            os.replace(final, old)
        os.replace(temporary, final)
        _sync(final.parent)
    finally:
        if old.exists():
            if final.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                os.replace(old, final)


def settle(folder: Path) -> None:
    """Put right what a killed program left in `folder`: what it had set aside comes back where nothing took its place,
    and what it had half written goes. What belongs to a program that still runs is left alone."""
    for path in folder.iterdir() if folder.is_dir() else ():
        found = _LEFTOVER.fullmatch(path.name)
        if found is None or still_runs(int(found["pid"]), float(found["started"])):
            continue
        final = folder / found["name"]
        with suppress(OSError):  # another program was quicker, or the disk may only be read: tried again next time
            if found["kind"] == "before" and not final.exists():
                os.replace(path, final)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def still_runs(pid: int, started: float) -> bool:
    """Whether the process `pid` that began at `started` (seconds since the epoch) is there; its number alone says
    little, because it is given to another one later."""
    try:
        return bool(abs(psutil.Process(pid).create_time() - started) < _CLOCK)
    except psutil.AccessDenied:
        return True
    except (psutil.Error, ValueError, OverflowError):
        return False


def _beside(final: Path, kind: Literal["partial", "before"]) -> Path:
    started = int(psutil.Process().create_time())
    return final.parent / f".{final.name}.{os.getpid()}-{started}.{uuid.uuid4().hex[:8]}.{kind}"


def _sync(path: Path) -> None:
    is_folder = path.is_dir()
    if os.name == "nt" and is_folder:  # Windows cannot open a folder for flushing
        return
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)  # and flushes only what may be written
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _system_error(error: SafetensorError, path: Path) -> OSError:
    """safetensors hides what the system said in its own error's text: "... (os error 28)"."""
    text = str(error)
    if found := re.search(r"os error (\d+)", text):
        number = int(found[1])  # on Windows one of its own numbers, which OSError translates
        return OSError(number, os.strerror(number), str(path), number)
    return OSError(errno.ENOSPC if "no space left" in text.lower() else errno.EIO, text, str(path))
