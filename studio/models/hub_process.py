"""A process of its own that speaks to the model hub, and what it says.

In: a module of this package that prints events as lines of JSON, and its arguments. Out: those events; a Failed becomes
a Problem. This process stays offline whatever is imported, because the libraries read once whether they may speak.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

from studio.events import Event, Failed, from_json
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


def ask_hub(
    module: str, arguments: Sequence[str], *, unforeseen: str, should_stop: Callable[[], bool]
) -> Iterator[Event]:
    """Run `module` with its arguments and pass its events on; stopping ends it. Raises the Problem that it tells, and
    one that is called `unforeseen` where it dies without a word."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
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
            if not should_stop() and process.wait() != 0:
                complaints.seek(0)
                raise _broken(unforeseen, complaints.read())
        finally:
            process.kill()
            process.wait()
            reader.join()
            process.stdout.close()


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


def _broken(what: str, complaints: str) -> Problem:
    return Problem(
        what,
        "This is a fault of the program, not of your computer. What came so far is kept.",
        "Copy the details and report them, then try again.",
        details="\n".join(complaints.splitlines()[-6:]),
    )
