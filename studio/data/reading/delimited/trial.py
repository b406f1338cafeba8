"""One way to read the first lines of a file, tried and judged.

In: the lines and a Dialect. Out: the number of cells that most rows have under it, and a score: how many rows have
them, what the cells look like, and how readily the sign is believed to be a delimiter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, takewhile

from studio.data.reading.delimited.drawn import Gap, gaps_of
from studio.data.reading.delimited.looks import WORTH, look_of
from studio.data.reading.delimited.records import NOT_DOUBLED, Placed, is_unclosed, placed
from studio.data.reading.delimited.signs import BLANKS, Dialect
from studio.data.reading.names import is_column_name

# How readily a sign is believed to be a delimiter, where rows are equally regular under several.
TRUST = {
    "\t": 1.0, ";": 0.99, ",": 0.98, "|": 0.97, "\x01": 1.0, "\x1f": 1.0, "\x1e": 1.0, "^": 0.85, "~": 0.85, "¦": 0.85,
    "§": 0.85, "¬": 0.85, "，": 0.8, "；": 0.8, BLANKS: 0.8, "@": 0.7, "#": 0.7, " ": 0.7, ":": 0.65, "&": 0.65,
    "*": 0.65, "!": 0.65, "=": 0.65, "$": 0.55, "%": 0.55, "+": 0.55,
}  # fmt: skip
ONE_COLUMN = 0.5  # the score of a table with one column of any text; another has to be better
_EDGE = 0.15  # how much a row above or below the regular ones counts
_MOST_CELLS = 40  # per row, whose looks are judged
_NEARLY_ALL = 0.9  # of the rows that are one quoted cell; the others are broken then
_IN_TEXTS = frozenset({",", " ", ":", "!"})  # signs that sentences, numbers and times hold
ENOUGH = 300  # rows that are judged


@dataclass(frozen=True)
class Head:
    """The first lines of a file, also as one `text`; whether there are no more, and which are only drawn."""

    lines: Sequence[str]
    text: str
    is_all: bool
    ruled: frozenset[str] = frozenset()

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Where no line has anything, if its cells stand at fixed places."""
        return gaps_of(self.lines, self.ruled)

    @cached_property
    def is_quoted_column(self) -> bool:
        """Whether nearly every row is one cell in quotes, so that a row whose quotes are wrong is broken and does not
        show that quotes are text."""
        rows = rows_of(self, Dialect("", '"')) if '"' in self.text else []
        whole = sum("".join(row.raw).rstrip("\r\n") == _quoted(row.cells[0]) for row in rows if row.cells)
        return whole > _NEARLY_ALL * len(rows)


@dataclass(frozen=True)
class Tried:
    """What came of a dialect: most rows have `width` cells."""

    dialect: Dialect
    width: int
    fit: float  # share of the rows that have `width` cells
    score: float
    rows: int
    is_torn: bool = False  # some rows are broken, or go over several lines
    undoubled: int = 0  # rows with a quote inside a quoted cell
    first: int = 0  # cells of the first row


def trust(sign: str) -> float:
    """How readily a sign is believed to be a delimiter, 0..1."""
    return TRUST.get(sign, 0.8 if len(sign) == 1 else 0.97)


def try_out(head: Head, dialect: Dialect, width: int | None = None) -> Tried:
    """Read the lines: score = share of regular rows × looks of the cells × trust in the sign. The `width` is for rows
    that are read loosely."""
    found = rows_of(head, dialect, width)
    rows = [row.cells for row in found]
    undoubled = sum(row.reason == NOT_DOUBLED for row in found)
    first = next((row for row in rows if row), [])
    widths = [len(row) for row in rows]
    torn = any(not row or any("\n" in cell for cell in row) for row in rows)
    least = 1 if dialect.delimiter else 0
    counted = Counter(width for width in widths if width > least)
    if not counted:
        alone = widths.count(1) / max(1, len(rows))
        return Tried(dialect, min(1, max(widths, default=0)), alone, 0.0, len(rows), torn, undoubled, len(first))
    width, count = max(counted.items(), key=lambda item: (item[1], item[0]))
    known = sum(map(is_column_name, first)) if len(first) > 1 else 0
    named = known > 0 and (trust(dialect.delimiter) >= 0.8 or (known > 2 and known > 0.4 * len(first)))
    if named and count < 0.6 * len(rows):  # rows disagree, but this row names the columns
        width = len(first)
    fit = _fit(rows, width)
    if width > 1 and sum(any(cell) for cell in islice(zip(*(r for r in rows if len(r) == width), strict=True), 9)) < 2:
        fit *= 0.4  # as good as one column
    score = fit * (0.4 + 0.6 * _looks(head, rows, width, dialect)) * trust(dialect.delimiter)
    if named and len(first) == width:
        score = max(score * 1.1, 1.05 * ONE_COLUMN)
    elif (
        len(first) == 1
        and (width == 2 or dialect.delimiter == " ")
        and dialect.delimiter in _IN_TEXTS
        and _names_one(first[0], rows[1:2])
    ):
        score *= 0.5  # the name of one column, above texts or numbers with one such sign in each
    return Tried(dialect, width, fit, score, len(rows), torn, undoubled, len(first))


def cells_of(head: Head, dialect: Dialect) -> list[list[str]]:
    """The rows' cells, none where a row is broken."""
    return [row.cells for row in rows_of(head, dialect)]


def _names_one(cell: str, below: Sequence[list[str]]) -> bool:
    """Whether a cell is the name of one column, with no names of several below it."""
    return look_of(cell) == "word" and not any(map(is_column_name, below[0] if below else ()))


def rows_of(head: Head, dialect: Dialect, width: int | None = None) -> list[Placed]:
    """The rows, blank lines aside."""
    whole = takewhile(lambda row: head.is_all or not is_unclosed(row), placed(head.lines, dialect, width=width))
    return [row for row in islice(whole, ENOUGH) if row.cells or row.reason]


def _fit(rows: Sequence[list[str]], width: int) -> float:
    """Which share of the rows has `width` cells; titles above and remarks below count little."""
    fits = [len(row) == width or (len(row) > width and not any(row[width:])) for row in rows]
    first = fits.index(True) if True in fits else 0
    last = len(fits) - 1 - fits[::-1].index(True) if True in fits else len(fits) - 1
    is_block = width > 3 and last - first > 0 and all(fits[first : last + 1])
    above = first if is_block else min(first, len(fits) // 2)
    below = min(len(fits) - 1 - last, len(fits) // 4)
    return sum(fits) / (len(fits) - (1 - _EDGE) * (above + below))


def _looks(head: Head, rows: Sequence[list[str]], width: int, dialect: Dialect) -> float:
    """How much the cells of regular rows look like something, 0..1."""
    regular = [row for row in rows if len(row) == width]
    step, part = max(1, len(regular) // 50), max(1, width // _MOST_CELLS)
    worth = [WORTH[look_of(cell)] for row in regular[::step] for cell in row[::part]]
    looks = sum(worth) / max(1, len(worth))
    is_quoted = f"{dialect.quote}{dialect.delimiter}" in head.text if dialect.quote else False
    if (
        dialect.delimiter in {",", " ", ":", "!"}
        and width > 1
        and not is_quoted
        and _is_prose(regular[::step], dialect)
    ):
        looks *= 0.4
    return looks


def _is_prose(rows: Sequence[list[str]], dialect: Dialect) -> bool:
    """Whether the pieces look like parts of sentences: they go on with a blank and a small letter."""
    pairs = [pair for row in rows for pair in pairwise(row) if pair[1]]
    pieces = [cell for _, cell in pairs]
    if dialect.delimiter == " ":
        alone = bool(rows) and len(rows[0]) == 2  # two words, as a name has
        words = [look_of(piece) in {"word", "text"} and (alone or piece.islower()) for piece in pieces]
        return sum(words) > 0.5 * len(pieces)
    going_on = sum(
        cell[:1] == " " and cell[1:2].islower() and " " in cell[1:] and " " in before.strip() for before, cell in pairs
    )
    return going_on > 0.3 * len(pieces)


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'
