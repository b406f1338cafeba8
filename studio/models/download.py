"""Downloading a model of the catalog, while a person waits: the only thing that ever uses the network.

In: a CatalogEntry that somebody asked for. Out: events; afterwards the model lies in the hub's own cache. The work is
done by another process (`hub.py`), because this one stays offline whatever is imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

from studio.events import Event, Failed, Noted, Progressed, from_json
from studio.models.catalog import CatalogEntry
from studio.models.hub_cache import cache_folder
from studio.problems import Problem

_LOOK_EVERY = 0.1  # seconds between two looks whether to stop
_OFFLINE = frozenset({"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"})
_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "PYTHONIOENCODING": "utf-8",
}


def download(entry: CatalogEntry, *, should_stop: Callable[[], bool]) -> Iterator[Event]:
    """Bring `entry` into the hub's cache, going on from what an earlier try left. Raises a Problem where it cannot be
    had; nothing counts as being here then. Stopping keeps what came."""
    yield Progressed(f"Downloading {entry.title}", 0, entry.bytes, "bytes")
    command = [sys.executable, "-m", "studio.models.hub", entry.hub, entry.title, str(entry.bytes), str(cache_folder())]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            env={name: value for name, value in os.environ.items() if name not in _OFFLINE} | _QUIET,
            cwd=Path(__file__).parents[2],  # where `studio` is found
            start_new_session=True,  # Ctrl+C asks this process, which then ends that one
        )
        assert process.stdout is not None
        lines: Queue[str] = Queue()
        reader = Thread(target=_pass_on, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            yield from _events(lines, should_stop)
            if should_stop():
                yield Noted(f"Stopped. What came of {entry.title} is kept; the next download goes on from there.")
                return
            if process.wait() != 0:
                complaints.seek(0)
                raise _broken(complaints.read())
        finally:
            process.kill()
            process.wait()
            reader.join()
            process.stdout.close()
    yield Noted(f"{entry.title} is on this computer.")


def _pass_on(source: IO[str], lines: Queue[str]) -> None:
    for line in source:
        lines.put(line)
    lines.put("")


def _events(lines: Queue[str], should_stop: Callable[[], bool]) -> Iterator[Event]:
    while not should_stop():
        try:
            line = lines.get(timeout=_LOOK_EVERY)
        except Empty:
            continue
        if not line:
            return
        event = from_json(line)
        if isinstance(event, Failed):
            raise Problem(event.what, event.why, event.fix)
        yield event


def _broken(complaints: str) -> Problem:
    return Problem(
        "The download ended in a way that nobody foresaw.",
        "This is a fault of the program, not of your computer. What came so far is kept.",
        "Copy the details and report them, then try again.",
        details="\n".join(complaints.splitlines()[-6:]),
    )
