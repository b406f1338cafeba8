"""The record: every event of a run, one line of JSON each, in the order in which it happened.

In: a run's folder and its events. Out: the same events, each one written to RUN/events.jsonl before it is
passed on. A run that goes on from a checkpoint makes the steps after it again; the record shows each once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.atomic import atomic_file
from studio.events import (
    Continued,
    Event,
    Failed,
    Finished,
    Paused,
    Saved,
    Started,
    Stopped,
    Warned,
    from_json,
    to_json,
)
from studio.problems import explain
from studio.runs.run import EVENTS_FILE

_LASTING = (Saved, Stopped, Finished, Failed)  # these lines must survive a power cut: they say where to go on


def record(folder: Path, events: Iterator[Event]) -> Iterator[Event]:
    """Pass `events` through, each one written and flushed first. What ends them, whatever it is, is recorded as
    Failed and goes on up; a consumer that stops asking is no failure."""
    path = folder / EVENTS_FILE
    begun = _mend(path)
    with _FailureRecorded(path):
        for event in events:
            if isinstance(event, Started):
                _forget_after(path, event.step, begun)
            _append(path, event)
            yield event


def untold(folder: Path, events: Iterator[Event]) -> Iterator[Event]:
    """Pass `events` through without the warnings that the run in `folder` has in its record: what was told when it
    began is not told again each time it goes on."""
    path = folder / EVENTS_FILE
    lines = path.read_bytes().splitlines() if path.exists() else []
    told = {event.what for line in lines if isinstance(event := _event(line), Warned)}
    yield from (event for event in events if not isinstance(event, Warned) or event.what not in told)


@dataclass(frozen=True)
class _FailureRecorded:
    """Whatever leaves the block as a fault is the last line of the record, and goes on up."""

    path: Path

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            problem = explain(error)
            with suppress(OSError):  # a full disk is told by the exception itself
                _append(self.path, Failed(problem.what, problem.why, problem.fix))


def _append(path: Path, event: Event) -> None:
    with path.open("ab") as file:
        file.write(to_json(event).encode("utf-8") + b"\n")
        if isinstance(event, _LASTING):
            file.flush()
            os.fsync(file.fileno())


def _mend(path: Path) -> int:
    """Cut off a last line that was torn when the program was killed. Returns the file's length in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.read_bytes() if path.exists() else b""
    end = whole.rfind(b"\n") + 1
    if end < len(whole):
        os.truncate(path, end)
    return end


def _forget_after(path: Path, step: int, begun: int) -> None:
    """Drop what earlier work recorded after the checkpoint of `step`; this work's lines start at `begun`."""
    content = path.read_bytes() if path.exists() else b""
    earlier, own = content[:begun].splitlines(keepends=True), content[begun:]
    place = _kept(earlier, step)
    kept = [*earlier[:place], *(line for line in earlier[place:] if _is_pause(line, step))]
    if len(kept) < len(earlier):
        with atomic_file(path) as temporary:
            temporary.write_bytes(b"".join([*kept, own]))


def _kept(lines: list[bytes], step: int) -> int:
    """How many lines lead up to the checkpoint of `step`: through its Saved line, or where the program was
    killed between the checkpoint and that line, up to the first later step; without a checkpoint, up to the
    first Started."""
    events = [_event(line) for line in lines]
    for place in reversed(range(len(events))):
        if isinstance(event := events[place], Saved) and event.step == step:
            return place + 1
    for place, event in enumerate(events):
        if getattr(event, "step", 0) > step or (step == 0 and isinstance(event, Started)):
            return place
    return len(lines)


def _is_pause(line: bytes, step: int) -> bool:
    """Whether the line tells of a pause at the checkpoint of `step`: nobody makes that again."""
    event = _event(line)
    return isinstance(event, (Paused, Continued)) and 0 < event.step <= step


def _event(line: bytes) -> Event | None:
    try:
        return from_json(line.decode("utf-8"))
    except (ValueError, TypeError):
        return None
