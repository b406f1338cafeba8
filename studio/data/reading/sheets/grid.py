"""Where in a sheet its table is.

In: the first rows of a sheet, as text. Out: a Place: how many rows stand above the table, which columns it takes, and
their names; with it every row of the sheet becomes a row of the table or is set aside with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from studio.data.reading.delimited.header import has_header, unique_names
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Rejected

ABOVE = "It stands above the table."
BELOW = "It stands below the table."
BESIDE = "It has a cell beside the table’s columns."
UNSOLVED = "Its cells hold formulas whose results the file does not contain."
_MOST_ABOVE = 40  # filled rows above a table; more are a table themselves
_MOST_BELOW = 20


@dataclass(frozen=True)
class Place:
    """The table begins with the sheet's row `skip` (counted from 0) and takes the cells from `left` up to `right`.
    `names` are its columns; `certain` (0..1) is how sure it is that the first row is or is no header. `above` counts
    the filled rows above it."""

    skip: int
    left: int
    right: int
    has_header: bool
    certain: float
    names: tuple[str, ...]
    above: int = 0


def find_place(
    rows: Sequence[Sequence[str]],
    top: int,
    options: ReadOptions,
    *,
    wide: frozenset[int] = frozenset(),
    is_all: bool = True,
) -> Place | None:
    """Where the table is, of a sheet whose first `rows` begin with its row `top` (from 0); None where all are empty.
    In the rows `wide` a cell spans several columns, as titles over several names do."""
    filled = [(number, row) for number, row in enumerate(rows, start=top) if any(row)]
    if options.skip is not None:
        inside = [(number, row) for number, row in filled if number >= options.skip]
    else:
        inside = filled[_below_titles(filled, _first(filled), wide) :]
    if not inside:
        return None
    skip = inside[0][0] if options.skip is None else options.skip
    left, right = _span(inside, is_all=is_all)
    table = [[_at(row, column) for column in range(left, right)] for _, row in inside]
    header, certain = has_header(table[:200]) if options.has_header is None else (options.has_header, 1.0)
    names = unique_names(table[0] if header else (), right - left)
    return Place(skip, left, right, header, certain, names, len(filled) - len(inside))


def _span(inside: Sequence[tuple[int, Sequence[str]]], *, is_all: bool) -> tuple[int, int]:
    """The columns in which the table has cells, what may stand below it left out."""
    last = len(inside)
    if is_all:
        gaps = [i for i in range(1, last) if inside[i][0] - inside[i - 1][0] > 1]
        width = max(len(row) for _, row in inside)
        thin = next(
            (i for i in range(last) if not _is_thin(inside[last - 1 - i][1], width)), last
        )  # so many at the end
        last = next((gap for gap in gaps if gap >= last - min(thin, _MOST_BELOW)), last)
    used = {column for _, row in inside[:last] for column, cell in enumerate(row) if cell}
    return min(used), max(used) + 1


def table_rows(
    rows: Iterable[Sequence[str]], top: int, place: Place, *, is_all: bool = True, unsolved: Collection[int] = ()
) -> Iterator[list[str] | Rejected]:
    """The table's rows below the header, and the filled rows that are none of it; wholly empty rows are left out. Where
    the rows are not all, nothing can be said of the last ones, and those that may stand below are left out. Of the rows
    `unsolved` (from 0), which hold formulas without results, those with nothing else are set aside."""
    header, after_gap, number = place.has_header, False, top - 1
    yield from (_unsolved(row) for row in sorted(unsolved) if row < top)
    held: list[tuple[int, Sequence[str]]] = []  # since a gap: few cells in few rows, which may be what stands below
    for number, row in enumerate(rows, start=top):
        if not any(row):
            if number in unsolved:
                yield _unsolved(number)
            else:
                after_gap = after_gap or not header
            continue
        if number < place.skip:
            yield Rejected(number + 1, ABOVE, _line(row))
        elif header:
            header = False
        elif (after_gap or held) and _is_thin(row, place.right - place.left) and len(held) < _MOST_BELOW:
            held.append((number, row))
        else:
            yield from (_row(*each, place) for each in held)
            held.clear()
            after_gap = False
            yield _row(number, row, place)
    if is_all:
        yield from (Rejected(at + 1, BELOW, _line(row)) for at, row in held)
        yield from (_unsolved(row) for row in sorted(unsolved) if row > number)


def _unsolved(number: int) -> Rejected:
    return Rejected(number + 1, UNSOLVED, "")


def filled_cells(rows: Sequence[Sequence[str]]) -> float:
    """How many cells of a row are filled, in the middle of the filled rows; 0 where there are none."""
    counts = [count for row in rows if (count := sum(map(bool, row)))]
    return float(median(counts)) if counts else 0.0


def _first(filled: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Which of the filled rows begins the table: the first one with as many cells as a row of it has, at least half of
    what is usual further down; lines before a gap that are narrower than what follows it stand above."""
    usual = filled_cells([row for _, row in filled])
    counts = [sum(map(bool, row)) for _, row in filled]
    first = next((i for i, count in enumerate(counts) if count >= max(min(2.0, usual), usual / 2)), 0)
    gaps = [i for i in range(1, len(filled)) if filled[i][0] - filled[i - 1][0] > 1]
    begin, _ = max(zip([0, *gaps], [*gaps, len(filled)], strict=True), key=lambda block: block[1] - block[0])
    if begin > first and max(counts[:begin]) < counts[begin]:
        first = begin
    return first if first <= _MOST_ABOVE else 0


def _below_titles(filled: Sequence[tuple[int, Sequence[str]]], first: int, wide: frozenset[int]) -> int:
    """A row of titles that each span several columns stands above the row of names, if that one has more of them."""
    while first + 1 < len(filled) and filled[first][0] in wide and filled[first + 1][0] == filled[first][0] + 1:
        if sum(map(bool, filled[first + 1][1])) <= sum(map(bool, filled[first][1])):
            break
        first += 1
    return first


def _is_thin(row: Sequence[str], width: int) -> bool:
    """Whether so few cells are filled that it need not be a row of a table."""
    return width > 1 and sum(map(bool, row)) <= max(1, width // 3)


def _row(number: int, row: Sequence[str], place: Place) -> list[str] | Rejected:
    if place.left == 0 and place.right == len(row):
        return list(row)
    if any(row[: place.left]) or any(row[place.right :]):
        return Rejected(number + 1, BESIDE, _line(row))
    return [_at(row, column) for column in range(place.left, place.right)]


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _line(row: Sequence[str]) -> str:
    return "\t".join(row).strip("\t")
