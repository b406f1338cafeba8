"""Lines of text to rows of cells, and the lines that make no row.

In: lines as they stand in a file, with their ends, and a Dialect. Out: each row's cells, or a Rejected with its line
number, a reason in words and the raw text; every line is in one of them, empty lines aside. Parsing is Python's csv
module in its strict mode; this only remembers lines, so that a broken row costs itself alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import NamedTuple

from studio.data.reading.apart import ABOVE, REMARK, RULED
from studio.data.reading.delimited.signs import LONE_BYTE, Dialect, Signs, is_whole
from studio.data.reading.source import Rejected

LONGEST_ROW = 4_000_000  # characters; what is longer is an opening quote that was never closed
_LONGEST_CELL = 2**31 - 1  # the largest limit that the csv module takes on every system
NEVER_CLOSED = "A quote is opened and never closed."
NOT_DOUBLED = "A quote inside a quoted cell is not doubled."
_UNREADABLE = "Some of its characters cannot be read."


class Shape(NamedTuple):
    """What a row of the table looks like: it has `width` cells, those of the columns `filled` are never empty, and
    those of `numbers` are numbers. Only consulted for rows of another number of cells."""

    width: int
    filled: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()

    def fitted(self, cells: list[str]) -> list[str] | None:
        """The row with only empty cells taken off its end or added there, if it then looks like a row; else None. A
        row that lost or gained a delimiter in its middle must not pass with its cells in the wrong columns."""
        if len(cells) > self.width:
            whole = cells[: self.width]
            if any(cell.strip() for cell in cells[self.width :]):
                return None
        else:
            if not self.filled or not cells[-1]:  # programs that leave off empty cells leave off all of them
                return None
            whole = cells + [""] * (self.width - len(cells))
        holes = any(not whole[i] for i in self.filled)
        words = any(whole[i] and not any(map(str.isdecimal, whole[i])) for i in self.numbers)
        return None if holes or words else whole


class Placed(NamedTuple):
    """A row where it stands: the 1-based `line` where it begins, its `raw` lines, and its `cells`, or else why there
    are none. A blank line has no cells and no reason."""

    line: int
    raw: Sequence[str]
    cells: list[str]
    reason: str = ""

    @property
    def text(self) -> str:
        """The raw text without its last line end, � for each byte that could not be decoded."""
        return readable("".join(self.raw).rstrip("\r\n"))


class _Unclosed(Exception):
    """A quoted cell goes on for longer than any cell does."""


class _Lines:
    """Hands out lines, remembers those of the present row, and takes back what did not belong to it."""

    def __init__(self, lines: Iterable[str], signs: Signs) -> None:
        self._source = iter(lines)
        self._returned: list[str] = []
        self._marked = None if signs.are_plain else signs.marked
        self.taken: list[str] = []
        self.first = 1  # number of the first taken line
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._source)
        self.taken.append(line)
        if len(self.taken) > 1:
            self._length += len(line)
            if self._length > LONGEST_ROW:
                raise _Unclosed
        return self._marked(line) if self._marked else line

    def next_row(self) -> None:
        """Forget the present row's lines."""
        self.first += len(self.taken)
        self.taken.clear()
        self._length = 0

    def keep(self, count: int) -> None:
        """Give all lines but the first `count` back, to be read again as rows of their own."""
        self._returned.extend(reversed(self.taken[count:]))
        del self.taken[count:]


def records(
    lines: Iterable[str],
    dialect: Dialect,
    *,
    width: int | None = None,
    shape: Shape | None = None,
    header: int = 0,
    skip: int = 0,
    footer: Mapping[str, str] = MappingProxyType({}),
    broken: bool = False,
) -> Iterator[list[str] | Rejected]:
    """The rows in order, without the `skip` lines above the table, the `header` rows that name the columns, and the
    rows whose raw text is in `footer`, which says why. With a `width`, or a `shape` that says more than it, rows of
    another number of cells are rejected, unless only empty cells at the end are missing or too many. `broken` says
    that some bytes could not be decoded (they stand as lone surrogates), and rejects the rows that hold them."""
    shape = shape or (Shape(width) if width is not None else None)
    for row in placed(lines, dialect, width=shape.width if shape else None, skip=skip):
        if row.reason == ABOVE:
            yield Rejected(row.line, row.reason, row.text)
        elif not row.cells and not row.reason:
            pass
        elif header and footer.get(row.text) != RULED:
            header -= 1
        elif footer and row.text in footer:
            yield Rejected(row.line, footer[row.text], row.text)
        elif row.reason:
            yield Rejected(row.line, row.reason, row.text)
        elif broken and not is_whole(row.raw):
            yield Rejected(row.line, _UNREADABLE, row.text)
        elif shape is None or len(row.cells) == shape.width:
            yield row.cells
        elif fitted := shape.fitted(row.cells):
            yield fitted
        else:
            yield Rejected(row.line, _counted(len(row.cells), shape.width), row.text)


def placed(lines: Iterable[str], dialect: Dialect, *, width: int | None = None, skip: int = 0) -> Iterator[Placed]:
    """Every row where it stands, whatever its number of cells; `width` helps to find where rows go on after a broken
    one. The first `skip` lines are given one by one."""
    csv.field_size_limit(_LONGEST_CELL)
    signs = Signs(dialect)
    source = _Lines(lines, signs)
    for _ in range(skip):
        if next(source, None) is None:
            return
        if not source.taken[0].isspace():
            yield Placed(source.first, (source.taken[0],), [], ABOVE)
        source.next_row()
    reader = signs.reader(source)
    while True:
        reason = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unclosed) as error:
            reason = _reason(error, source, signs, width)
            if dialect.loose and width is not None and reason == NOT_DOUBLED and len(source.taken) == 1:
                cells = signs.loose(signs.marked(source.taken[0]))
                cells, reason = (cells, "") if len(cells) == width else ([], reason)
        else:
            swallowed = width is not None and len(source.taken) > 1 and len(cells) != width
            if swallowed and width and (good := _first_good(source.taken, signs, width)):
                source.keep(good)  # a lone quote swallowed the rows below
                reason, cells = NEVER_CLOSED, []
        if dialect.comment and source.taken[0].startswith(dialect.comment):
            source.keep(1)
            reason, cells = REMARK, []
        elif not signs.are_plain and not reason:
            reason, cells = signs.plain(cells, source.taken)
        yield Placed(source.first, tuple(source.taken), cells, reason)
        source.next_row()


def until_cut(found: Iterable[list[str] | Rejected], *, is_all: bool) -> Iterator[list[str] | Rejected]:
    """The rows of a file's head: unless it `is_all`, they end where the head ends inside a quoted cell."""
    return takewhile(lambda row: is_all or not is_unclosed(row), found)


def is_unclosed(row: list[str] | Rejected | Placed) -> bool:
    """Whether a row was set aside because a quoted cell in it has no end."""
    return not isinstance(row, list) and row.reason == NEVER_CLOSED


def readable(text: str) -> str:
    """The text with � for each byte that could not be decoded."""
    return LONE_BYTE.sub("�", text)


def _reason(error: Exception, source: _Lines, signs: Signs, width: int | None) -> str:
    """Why there is no row, in words; lines below a broken one that are rows by themselves are given back."""
    if isinstance(error, _Unclosed) or "unexpected end" in str(error):
        source.keep(1)
        return NEVER_CLOSED
    if width is not None and (good := _first_good(source.taken, signs, width)):
        source.keep(good)
    return NOT_DOUBLED


def _first_good(taken: Sequence[str], signs: Signs, width: int) -> int:
    """Which of these lines, the first one aside, is a row of `width` cells by itself; 0 if none is. In one column
    every line is a row, which tells nothing."""
    if width < 2:
        return 0
    for number, line in enumerate(taken[1:200], start=1):
        try:
            cells = next(signs.reader(iter([signs.marked(line)])), [])
        except csv.Error:
            continue
        if len(cells) == width:
            return number
    return 0


def _counted(found: int, width: int) -> str:
    cells = "1 cell" if found == 1 else f"{found:,} cells"
    return f"It has {cells}, the table has {width:,} column{'s' if width != 1 else ''}."
