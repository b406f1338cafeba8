"""A search box in a terminal: what is typed, and the passages that lie closest to it.

In: a run's model, passages, lines of text. Out: printed lines.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from studio import flow
from studio.cli.reading import imported
from studio.cli.terminal import harmless, line
from studio.config.config import Config
from studio.counting import rounded
from studio.data.reading.options import ReadOptions
from studio.events import Event
from studio.generation.passages import passages_in

if TYPE_CHECKING:
    from studio.generation.hits import Hit
    from studio.generation.search import Shelf


def search(
    opened: flow.Opened,
    config: Config,
    typed: Iterable[str],
    *,
    passages: Path | None,
    compare: bool,
    should_stop: Callable[[], bool],
) -> None:
    """Find the closest passages for each of the lines, in the run's own ones or in those of a file."""
    texts = passages_of(passages, config, should_stop) if passages else None
    shelf = _read(flow.read_passages(opened, texts, compare=compare, should_stop=should_stop))
    if shelf is None:
        return
    print(f"{len(shelf.tuned.passages):,} passages can be searched.")
    for query in typed:
        for notice in flow.notices(opened, query):
            line(notice)
        ours, theirs = flow.search(opened, shelf, query, count=config.generation.passages)
        _say("before", theirs)
        _say("model", ours)


def passages_of(file: Path, config: Config, should_stop: Callable[[], bool]) -> tuple[str, ...]:
    """The passages of a file: its column that is called as in the run's table, or its only one. What is left out is
    told."""
    with imported([file], should_stop, ReadOptions(), quiet=True) as table:
        found = passages_in(table, config.data.target)
    for notice in found.notices():
        line(notice)
    return found.texts


def _read(reading: Generator[Event, None, Shelf | None]) -> Shelf | None:
    while True:
        try:
            line(next(reading))
        except StopIteration as ended:
            found: Shelf | None = ended.value
            return found


def _say(who: str, hits: Iterable[Hit]) -> None:
    for place, hit in enumerate(hits, 1):
        print(f"{who}> {place}. {rounded(hit.likeness)}  {harmless(' '.join(hit.passage.split()))}")
