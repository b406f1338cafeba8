"""A search with the tuned model, and with the untouched one beside it.

In: the folder of a run, a query, a file with passages or none. Out: progress, and what was Found. The passages that
were read last stay in memory with the model.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.events import Event, Warned
from studio.gui.work.trying import notice_text

if TYPE_CHECKING:
    from studio.flow import Opened
    from studio.generation.hits import Hit
    from studio.generation.search import Shelf
    from studio.gui.job import Control
    from studio.gui.work.trying import Warm


@dataclass(frozen=True)
class Found:
    """The passages closest to a query, of so many, by either model, and what was told when the passages and the query
    were read; `untouched` is None where that model has not read them yet."""

    query: str
    tuned: tuple[Hit, ...]
    untouched: tuple[Hit, ...] | None
    passages: int
    notices: tuple[str, ...] = ()


class Shelves:
    """The passages that were searched last, as the model read them, until another model or file is needed."""

    def __init__(self) -> None:
        self._held: tuple[Opened, tuple[Path, int] | None, Shelf] | None = None
        self.notices: tuple[str, ...] = ()  # what was told when they were read

    def drop(self) -> None:
        """Free the memory."""
        self._held = None

    def read(self, control: Control, opened: Opened, file: Path | None) -> Generator[object, None, Shelf | None]:
        """The passages of `file`, or of the run's own table; read where they are not in memory. None when stopped."""
        state = None if file is None else (file, file.stat().st_mtime_ns)
        held = self._held
        if held is not None and held[0] is opened and held[1] == state:
            return held[2]
        self._held, self.notices = None, ()
        reading = _shelf(control, opened, file)
        while True:
            try:
                event = next(reading)
            except StopIteration as ended:
                shelf: Shelf | None = ended.value
                break
            if isinstance(event, Warned):
                self.notices += (notice_text(event),)
            yield event
        if shelf is not None:
            self._held = opened, state, shelf
        return shelf

    def compare(self, control: Control) -> Generator[object, None, Shelf | None]:
        """Let the untouched model read the passages that are held, too. None when stopped."""
        from studio import flow

        assert self._held is not None
        opened, state, shelf = self._held
        both = yield from flow.read_untouched(opened, shelf, should_stop=control.should_stop)
        if both is not None:
            self._held = opened, state, both
        return both


def _shelf(control: Control, opened: Opened, file: Path | None) -> Generator[Event, None, Shelf | None]:
    from studio import flow

    passages = None
    if file is not None:
        passages = yield from _passages(control, opened, file)
        if passages is None:
            return None
    return (yield from flow.read_passages(opened, passages, should_stop=control.should_stop))


def search(
    control: Control, warm: Warm, shelves: Shelves, folder: Path, query: str, file: Path | None
) -> Iterator[object]:
    """Find the passages closest to a query: with the tuned model at once, with the untouched one as soon as it has read
    them, too."""
    from studio import flow

    opened = yield from warm.open(folder)
    shelf = yield from shelves.read(control, opened, file)
    if shelf is None:
        return
    count = opened.run.resolved.generation.passages
    told = (*map(notice_text, flow.notices(opened, query)), *shelves.notices)
    if shelf.untouched is None:
        ours, _ = flow.search(opened, shelf, query, count=count)
        yield Found(query, tuple(ours), None, len(shelf.tuned.passages), told)
        shelf = yield from shelves.compare(control)
        if shelf is None:
            return
    ours, theirs = flow.search(opened, shelf, query, count=count)
    yield Found(query, tuple(ours), tuple(theirs), len(shelf.tuned.passages), told)


def _passages(control: Control, opened: Opened, file: Path) -> Generator[Event, None, tuple[str, ...] | None]:
    """The passages in a file, which is read into a folder that is gone afterwards; None when stopped."""
    from tempfile import TemporaryDirectory

    from studio import flow
    from studio.data.table.table import open_table
    from studio.events import Imported
    from studio.generation.passages import passages_in

    with TemporaryDirectory(prefix="finetune-studio-") as scratch:
        for event in flow.import_table(file, Path(scratch) / "data", should_stop=control.should_stop):
            if not isinstance(event, Imported):
                yield event
        if control.should_stop():
            return None
        found = passages_in(open_table(Path(scratch) / "data"), opened.run.config.data.target)
    yield from found.notices()
    return found.texts
