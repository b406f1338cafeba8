"""How fast models learned on this computer: one figure for each run, kept beside the program's own data.

In: the events of a run. Out: the same events; and for a model and a way of training it, tokens a second of the latest
runs. Knows nothing of estimates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from studio.atomic import atomic_file
from studio.config import paths
from studio.events import Event, Started, Stepped

_FEWEST_STEPS = 10  # fewer say nothing: the first ones are slower than the others
_LATEST = 5  # runs that are remembered for each model


def noted(events: Iterator[Event]) -> Iterator[Event]:
    """Pass the events of a run through, and keep its pace when they end, however they do."""
    started: Started | None = None
    tokens, seconds, steps = 0, 0.0, 0
    try:
        for event in events:
            if isinstance(event, Started):
                started = event
            elif isinstance(event, Stepped):
                tokens, seconds, steps = tokens + event.tokens, seconds + event.seconds, steps + 1
            yield event
    finally:
        if started is not None and steps >= _FEWEST_STEPS and tokens and seconds > 0:
            # As fit.machine() sees it: a card is one that it can ask for its memory, which Apple's are not.
            key = _key(started.model, started.method, on_card=started.device.startswith("cuda"))
            with suppress(OSError):  # without it the next forecast is an estimate, as the first one was
                _keep(key, tokens / seconds)


def paces(model: str, method: str, *, on_card: bool) -> tuple[float, ...]:
    """Tokens a second of the latest runs on this computer, the latest first; empty where there was none."""
    return tuple(_known().get(_key(model, method, on_card=on_card), ()))


def _file() -> Path:
    return paths.home() / "paces.json"


def _key(model: str, method: str, *, on_card: bool) -> str:
    return f"{model}, {method}, {'card' if on_card else 'processor'}"


def _known() -> dict[str, list[float]]:
    """What is kept; a file that somebody damaged counts as empty."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
        return {str(key): [float(value) for value in values if float(value) > 0] for key, values in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _keep(key: str, pace: float) -> None:
    known = _known()
    known[key] = [round(pace, 1), *known.get(key, [])][:_LATEST]
    with atomic_file(_file()) as temporary:
        temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")
