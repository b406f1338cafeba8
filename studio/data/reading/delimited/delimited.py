"""Rows of text set apart by a sign: CSV, TSV and their kin.

In: the bytes of such a file. Out: a Source. Clean stretches go through bulk.py at once; where one is not clean, it is
taken in ever smaller pieces, and the smallest go row by row (records.py), which names each broken row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from studio.data.reading.apart import ABOVE, RULED
from studio.data.reading.delimited.bulk import Read, Stretch
from studio.data.reading.delimited.plan import Plan, make_plan, undecodable
from studio.data.reading.delimited.records import Placed, placed, until_cut
from studio.data.reading.delimited.signs import is_whole
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.reading.strings import text_array
from studio.data.reading.text.text import Text
from studio.data.table.table import Reading

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 4 << 20  # bytes that are read at once where the text is clean
_SMALL = 16 << 10  # bytes that are read row by row where it is not, before the fast way is tried again …
_SLOWEST = 256 << 10  # … and the most of them, where it fails again and again
_STEP = 8  # how much smaller the next piece is after one that is not clean, and larger after one that is
_LARGEST = 64 << 20  # a row that is longer is read row by row
_MOST_COLUMNS = 5_000  # beyond, Arrow is no faster


def open_delimited(
    given: Given, options: ReadOptions, *, only_head: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> Delimited:
    """Decide how the rows are read, from the head alone or (for the encoding) from all bytes; raises a Problem for what
    is no table of text."""
    plan, lines, is_all = make_plan(given.path, options, only_head=only_head, should_stop=should_stop)
    return Delimited(given, plan, lines, is_all=is_all, should_stop=should_stop)


class Delimited:
    """A Source made from a Plan and the lines of the file's head (`is_all`: there are no more)."""

    def __init__(
        self, given: Given, plan: Plan, lines: Sequence[str], *, is_all: bool, should_stop: Callable[[], bool]
    ) -> None:
        self._given = given
        self._plan = plan
        self._lines = lines
        self._is_all = is_all
        self._should_stop = should_stop
        self._walk: _Walk | None = None  # the last one that all rows were asked for

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
                kept.append(_padded(record, len(self.columns)))
        return Portion(kept, rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once; anew where quotes turn out to be plain characters."""
        plan = self._plan
        self._walk = _Walk(plan)
        try:
            for portion in self._walk.portions():
                if plan is self._plan and _is_doubtful(plan, portion):
                    plan = self._settled()
                    if plan.dialect != self._plan.dialect:
                        break
                yield portion
            else:
                return
            self._plan = plan
            self._walk = _Walk(plan)
            for number, portion in enumerate(self._walk.portions()):
                yield portion._replace(again=number == 0)
        except UnicodeError as error:
            raise undecodable(self._given.path, plan.encoding) from error

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        found = self._plan.reading(rejected)
        told = [self._plan.encoding.doubt, _filled_up(self._walk.filled_up if self._walk is not None else 0)]
        return replace(
            found,
            file=str(self._given.original),
            member=self._given.member,
            members=self._given.members,
            doubts=(*found.doubts, *filter(None, told)),
        )

    def _settled(self) -> Plan:
        """A plan that differs from the present one only in its identity, or takes quotes as plain characters if fewer
        rows are set aside so."""
        same = replace(self._plan)
        plain = replace(self._plan, dialect=replace(self._plan.dialect, quote=""))
        return min((same, plain), key=self._set_aside)

    def _set_aside(self, plan: Plan) -> int:
        count = 0
        for portion in _Walk(plan).portions():
            if self._should_stop():
                break
            count += len(portion.rejected)
        return count


def _filled_up(rows: int) -> str:
    """A sentence about rows that lacked cells at their end; "" where none did."""
    if not rows:
        return ""
    return "1 row was shorter and was filled up." if rows == 1 else f"{rows:,} rows were shorter and were filled up."


def _is_doubtful(plan: Plan, portion: Portion) -> bool:
    """Whether a row with quotes is broken although none in the head was quoted."""
    quote = plan.dialect.quote
    return plan.unproven and bool(quote) and any(quote in row.text for row in portion.rejected)


class _Tried(NamedTuple):
    """A stretch, and its rows to come."""

    stretch: Stretch
    read: Future[Read | None]


class _Walk:
    """One way through a file; `filled_up` counts the rows so far that were too short and got empty cells."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._width = len(plan.columns)
        self._line = 0  # lines before the present place
        self.filled_up = 0
        self._alone = replace(plan.further(), encoding=replace(plan.encoding, broken=True))

    def portions(self) -> Iterator[Portion]:
        """Every row once, in order."""
        with Text(self._plan.file, self._plan.encoding.name) as text, ThreadPoolExecutor(1) as pool:
            if self._plan.skip or self._plan.header_rows:
                yield self._row_by_row(text, 0, is_start=True)
            size, slow = LARGE, _SMALL
            tried = self._try(text, size, pool)
            while text.ahead(1):
                read = tried.read.result() if tried else None
                if tried and read is not None:
                    text.move(tried.stretch.size)
                    size, slow = min(LARGE, size * _STEP), _SMALL
                    passed, tried = tried.stretch, self._try(text, size, pool)
                    yield from self._portions(read, text)
                    self._line += passed.lines()
                    continue
                if size > _SMALL:
                    size = max(_SMALL, size // _STEP)
                else:
                    yield self._row_by_row(text, slow)
                    slow = min(_SLOWEST, slow * 2)
                tried = self._try(text, size, pool)

    def _portions(self, read: Read, text: Text) -> Iterator[Portion]:
        """The rows of a stretch; those of another number of cells are set aside, or kept where only empty cells are
        missing or too many."""
        done = 0
        rejected: list[Rejected] = []
        for odd in read.odd:
            raw = text.decoded(odd.raw)
            for found in self._alone.records(iter([raw])):
                if isinstance(found, Rejected):
                    rejected.append(found._replace(line=self._line + odd.line + 1))
                else:
                    self._count(next(placed(iter([raw]), self._plan.dialect, width=self._plan.width)))
                    yield Portion(self._wide(read.rows.slice(done, odd.before - done)), rejected)
                    yield Portion([_padded(found, self._width)])
                    done, rejected = odd.before, []
        yield Portion(self._wide(read.rows.slice(done)), rejected)

    def _try(self, text: Text, size: int, pool: ThreadPoolExecutor) -> _Tried | None:
        """Begin to read a stretch of about `size` bytes the fast way; None where that is known to fail."""
        if self._plan.width > _MOST_COLUMNS:
            return None
        while True:
            stretch = Stretch.ahead(text.ahead(size), self._plan.dialect, is_last=text.is_last(size))
            if stretch is not None and stretch.holds(self._plan.footer):
                return None
            if stretch is not None:
                return _Tried(stretch, pool.submit(stretch.read, self._plan.width))
            if size >= _LARGEST:
                return None
            size *= _STEP  # no row ends so soon

    def _row_by_row(self, text: Text, size: int, *, is_start: bool = False) -> Portion:
        """The rows of the next `size` bytes and of as many more as it takes to end where a row ends."""
        plan, read = self._plan, _Read(text)
        skip, header = (plan.skip, plan.header_rows) if is_start else (0, 0)
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for row in placed(read.lines(), plan.dialect, width=plan.width, skip=skip):
            done = row.line - 1 + len(row.raw)
            is_ruled = plan.footer.get(row.text) == RULED
            if header and row.reason != ABOVE and (row.cells or row.reason) and not is_ruled:
                header -= 1
            else:
                for found in self._kept_or_not(row):
                    if isinstance(found, Rejected):
                        rejected.append(found._replace(line=self._line + row.line))
                    else:
                        self._count(row)
                        kept.append(_padded(found, self._width))
            if read.ends[done - 1] >= size and not header and row.reason != ABOVE:
                break
        else:
            done = len(read.ends)
        text.move(read.ends[done - 1] if done else 0)
        self._line += done
        return Portion(kept, rejected)

    def _kept_or_not(self, row: Placed) -> Iterable[list[str] | Rejected]:
        """What records.py makes of a row; it is asked where this is not plain to see."""
        footer = self._plan.footer
        if row.reason == ABOVE:
            return [Rejected(row.line, row.reason, row.text)]
        if not row.cells and not row.reason:
            return []
        if footer and row.text in footer:
            return [Rejected(row.line, footer[row.text], row.text)]
        if row.reason:
            return [Rejected(row.line, row.reason, row.text)]
        if len(row.cells) == self._plan.width and is_whole(row.raw):
            return [row.cells]
        return self._alone.records(iter(row.raw))

    def _count(self, kept: Placed) -> None:
        self.filled_up += len(kept.cells) < self._plan.width

    def _wide(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with empty columns for names that no row fills."""
        import pyarrow as pa

        missing = self._width - batch.num_columns
        if not missing:
            return batch
        empty = text_array([""] * batch.num_rows)
        names = [str(place) for place in range(self._width)]
        return pa.RecordBatch.from_arrays([*batch.columns, *[empty] * missing], names)


class _Read:
    """Lines that are handed out, and how many bytes there are to the end of each."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self.ends: list[int] = []

    def lines(self) -> Iterator[str]:
        """The lines ahead."""
        for end, line in self._text.lines():
            self.ends.append(end)
            yield line


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
