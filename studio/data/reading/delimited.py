"""Rows of text set apart by a sign: CSV, TSV and their kin.

In: the bytes of such a file. Out: a Source. Clean stretches go through bulk.py, the others row by row (records.py),
with the same cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from studio.data.reading import bulk
from studio.data.reading.encoding import CHUNK
from studio.data.reading.options import ReadOptions
from studio.data.reading.plan import Plan, make_plan, settled, undecodable
from studio.data.reading.records import until_cut
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table import Reading

_BATCH = 20_000  # rows that are held while reading row by row


def open_delimited(
    given: Given, options: ReadOptions, *, only_head: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> Delimited:
    """Decide how the rows are read, from the head alone or (for the encoding) from all bytes; raises a Problem for what
    is no table of text."""
    plan, lines, is_all = make_plan(given.path, options, only_head=only_head, should_stop=should_stop)
    return Delimited(given, plan, lines, is_all=is_all)


class Delimited:
    """A Source made from a Plan and the lines of the file's head (`is_all`: there are no more)."""

    def __init__(self, given: Given, plan: Plan, lines: Sequence[str], *, is_all: bool) -> None:
        self._given = given
        self._plan = plan
        self._lines = lines
        self._is_all = is_all

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return self._plan.columns

    def head(self, rows: int) -> Portion:
        """The first rows, from the head that was read already; fewer where the head ends before."""
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for record in until_cut(self._plan.records(iter(self._lines)), is_all=self._is_all):
            if len(kept) == rows:
                break
            if isinstance(record, Rejected):
                rejected.append(record)
            else:
                kept.append(self._padded(record))
        return Portion(kept, rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once, anew where a clean file turns out to have broken rows."""
        try:
            yield from self._bulk()
        except bulk.NotClean:
            self._plan = settled(self._plan)
            yield Portion((), again=True)
            yield from self._row_by_row()

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        found = self._plan.reading(rejected)
        return replace(found, file=str(self._given.original), part=self._given.part, parts=self._given.parts)

    def _padded(self, cells: list[str]) -> list[str]:
        return cells + [""] * (len(self.columns) - len(cells))

    def _bulk(self) -> Iterator[Portion]:
        plan = self._plan
        if not plan.dialect.delimiter or len(plan.columns) != plan.width:
            raise bulk.NotClean
        with tempfile.TemporaryDirectory() as scratch:
            file = _as_utf8(plan, Path(scratch) / "text.utf8")
            for number, batch in enumerate(bulk.batches(file, plan.dialect, plan.width)):
                yield Portion(batch.slice(1) if number == 0 and plan.has_header else batch)

    def _row_by_row(self) -> Iterator[Portion]:
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        try:
            with self._plan.open() as lines:
                for record in self._plan.records(lines):
                    if isinstance(record, Rejected):
                        rejected.append(record)
                    else:
                        kept.append(self._padded(record))
                    if len(kept) + len(rejected) == _BATCH:
                        yield Portion(kept, rejected)
                        kept, rejected = [], []
        except UnicodeError as error:
            raise undecodable(self._given.path, self._plan.encoding) from error
        yield Portion(kept, rejected)


def _as_utf8(plan: Plan, copy: Path) -> Path:
    """The file itself where it is UTF-8, else a copy in UTF-8; raises NotClean for bytes that do not fit."""
    if plan.encoding.name in {"utf-8", "utf-8-sig"}:
        return plan.file
    try:
        with plan.open() as source, copy.open("w", encoding="utf-8", newline="") as out:
            while text := source.read(CHUNK):
                out.write(text)
    except UnicodeError as error:
        raise bulk.NotClean from error
    return copy
