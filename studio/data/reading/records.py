"""Lines of text to rows of cells, and the lines that make no row.

In: lines as they stand in a file, with their ends, and a Dialect. Out: each row's cells, or a Rejected with its line
number, a reason in words and the raw text; every line is in one of them, empty lines aside. Parsing is Python's csv
module in its strict mode; this only remembers lines, so that a broken row costs itself alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from studio.data.reading.source import Rejected

_UNREADABLE = re.compile("[\ud800-\udfff]")
LONGEST_ROW = 4_000_000  # characters; what is longer is an opening quote that was never closed
_LONGEST_CELL = 2**31 - 1  # the largest limit that the csv module takes on every system
_NEVER_CLOSED = "A quote is opened and never closed."
_ONE_COLUMN = "\U0010fffe"  # no character at all: where nothing separates cells, it never occurs


@dataclass(frozen=True)
class Dialect:
    """How cells are set apart: `delimiter` ("" = one column), `quote` ("" = none), and whether blanks after a
    delimiter belong to it (as in `a, "b, c"`)."""

    delimiter: str = ","
    quote: str = '"'
    skip_blanks: bool = False


class _Unclosed(Exception):
    """A quoted cell goes on for longer than any cell does."""


class _Lines:
    """Hands out lines, remembers those of the present row, and takes back what did not belong to it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._returned: list[str] = []
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
        return line

    def next_row(self) -> None:
        """Forget the present row's lines."""
        self.first += len(self.taken)
        self.taken.clear()
        self._length = 0

    def keep_first(self) -> None:
        """Give all lines but the first back, to be read again as rows of their own."""
        self._returned.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def records(
    lines: Iterable[str],
    dialect: Dialect,
    *,
    width: int | None = None,
    header: bool = False,
    broken: bool = False,
) -> Iterator[list[str] | Rejected]:
    """The rows in order, a `header` left out. With a `width`, rows of another number of cells are rejected; empty
    cells at the end of a row do not count. `broken` says that some bytes could not be decoded (they stand as lone
    surrogates), and rejects the rows that hold them."""
    csv.field_size_limit(_LONGEST_CELL)
    source = _Lines(lines)
    reader = _reader(source, dialect)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unclosed) as error:
            reason = _in_words(error, source)
            yield Rejected(source.first, reason, _visible(source.taken))
        else:
            if not cells:
                pass
            elif header and not is_title(cells, width):
                header = False
            elif broken and not _is_whole(source.taken):
                yield Rejected(source.first, "Some of its characters cannot be read.", _visible(source.taken))
            elif width is None or len(cells) == width:
                yield cells
            elif len(cells) > width and not any(cells[width:]):  # delimiters at the end of the line
                yield cells[:width]
            else:
                yield Rejected(source.first, _counted(len(cells), width), _visible(source.taken))
        source.next_row()


def until_cut(found: Iterable[list[str] | Rejected], *, is_all: bool) -> Iterator[list[str] | Rejected]:
    """The rows of a file's head: unless it `is_all`, they end where the head ends inside a quoted cell."""
    return takewhile(lambda row: is_all or not is_unclosed(row), found)


def is_unclosed(row: list[str] | Rejected) -> bool:
    """Whether a row was set aside because a quoted cell in it has no end."""
    return isinstance(row, Rejected) and row.reason == _NEVER_CLOSED


def is_title(cells: list[str], width: int | None) -> bool:
    """Whether a first row is a title or a remark above the table: one cell where others have several."""
    return len(cells) == 1 and width is not None and width > 1


def _reader(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter or _ONE_COLUMN,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=dialect.skip_blanks,
        strict=True,
    )


def _in_words(error: Exception, source: _Lines) -> str:
    if isinstance(error, _Unclosed) or "unexpected end" in str(error):
        source.keep_first()
        return _NEVER_CLOSED
    return "A quote inside a quoted cell is not doubled."


def _counted(found: int, width: int) -> str:
    cells = "1 cell" if found == 1 else f"{found:,} cells"
    return f"It has {cells}, the table has {width:,} column{'s' if width != 1 else ''}."


def _is_whole(lines: list[str]) -> bool:
    return all(line.isascii() or not _UNREADABLE.search(line) for line in lines)


def _visible(lines: list[str]) -> str:
    return readable("".join(lines).rstrip("\r\n"))


def readable(text: str) -> str:
    """The text with � for each byte that could not be decoded."""
    return _UNREADABLE.sub("�", text)
