"""Where in a sheet its table is.

In: the first rows of a sheet, as text. Out: a Place: how many rows stand above the table, which columns it takes, and
their names; with it every row of the sheet becomes a row of the table or is set aside with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from studio.data.reading.apart import ABOVE, BELOW, OTHER_BELOW, OTHER_BESIDE
from studio.data.reading.delimited.header import has_header, unique_names
from studio.data.reading.delimited.looks import look_of
from studio.data.reading.options import ReadOptions
from studio.data.reading.sheets.titles import (
    Merged,
    Numbered,
    cell_at,
    is_form,
    joined,
    rows_merged,
    rows_of_names,
    titles,
)
from studio.data.reading.source import Rejected

BESIDE = "It has a cell beside the table’s columns."
UNSOLVED = "Its cells hold formulas whose results the file does not contain."
_MOST_ABOVE = 40  # filled rows above a table; more are a table themselves
_MOST_BELOW = 20
_LOOKED_AT = 200  # rows
_SURE = 0.8
_FEWEST_ABOVE = 3  # rows above a gap that show which columns a table has


@dataclass(frozen=True)
class Place:
    """The table begins with the sheet's row `skip` (counted from 0) and takes the cells from `left` up to `right`.
    `names` are its columns; `certain` (0..1) is how sure it is that the first row is or is no header. `above` counts
    the filled rows above it, `header` the rows that name the columns together. Another table may begin below, with the
    row `until`, or lie beside (`shares`); `doubts` say so."""

    skip: int
    left: int
    right: int
    has_header: bool
    certain: float
    names: tuple[str, ...]
    above: int = 0
    header: int = 1
    until: int | None = None
    shares: bool = False
    doubts: tuple[str, ...] = ()


def find_place(
    rows: Sequence[Sequence[str]],
    top: int,
    options: ReadOptions,
    *,
    merged: Sequence[Merged] = (),
    is_all: bool = True,
) -> Place | None:
    """Where the table is, of a sheet whose first `rows` begin with its row `top` (from 0); None where all are empty.
    `merged` are the ranges of cells that are one: titles over several names among them. Of several tables, the largest
    one."""
    every = [(number, row) for number, row in enumerate(rows, start=top) if any(row)]
    filled = every if options.skip is None else [(number, row) for number, row in every if number >= options.skip]
    if not filled:
        return None
    among, until, doubts = _largest(filled, is_all=is_all, is_told=options.skip is not None)
    inside, above = _titled(among, merged) if options.skip is None else (among, titles(among, merged))
    skip = inside[0][0] if options.skip is None else options.skip
    left, right = _span(inside, is_all=is_all and until is None)
    blocks = _beside(inside, left, right)
    if len(blocks) > 1:
        left, right = max(blocks, key=lambda block: _cells_within(inside, block))
        doubts += ("Another table stands beside this one; the larger one was taken.",)
    doubts += _wider_below(inside, left, right)
    table = [[cell_at(row, column) for column in range(left, right)] for _, row in inside]
    deep = rows_merged(inside, merged)
    count = max(above + 1, deep, rows_of_names(table[:_LOOKED_AT]))
    names = joined(inside[:count], left, right, merged)
    header, certain = has_header([names, *table[count:_LOOKED_AT]] if count > 1 else table[:_LOOKED_AT])
    if deep > 1:
        header, certain = True, max(certain, _SURE)
    if options.has_header is not None:
        header, certain = options.has_header, 1.0
    if header and count > 1:
        doubts += (f"The first {count} rows name the columns together.",)
    return Place(
        skip,
        left,
        right,
        header,
        certain,
        unique_names(names if header else (), right - left),
        sum(number < inside[0][0] for number, _ in every),
        count if header else 0,
        until,
        len(blocks) > 1,
        doubts,
    )


def _largest(
    filled: Sequence[Numbered], *, is_all: bool, is_told: bool
) -> tuple[Sequence[Numbered], int | None, tuple[str, ...]]:
    """The rows of the largest of the tables that stand below one another, the row with which the next one begins, and
    what is said of it. Where it `is_told` which row is the first, the first of them."""
    starts = [0, *(i for i in range(1, len(filled)) if filled[i][0] - filled[i - 1][0] > 1)]
    ends = [*starts[1:], len(filled)]
    begins = [a for a, b in zip(starts, ends, strict=True) if _is_table([row for _, row in filled[a:b]])]
    if len(begins) < 2:
        return filled, None, ()
    parts = list(zip([0, *begins[1:]], [*begins[1:], len(filled)], strict=True))  # what stands above the first, too
    sizes = [sum(sum(map(bool, row)) for _, row in filled[a:b]) for a, b in parts]
    if not is_all:
        sizes[-1] += sum(sizes)  # it goes on
    a, b = parts[0 if is_told else sizes.index(max(sizes))]
    told = f"There are {len(parts)} tables below one another; the largest was taken, and the others are set aside."
    return filled[a:b], filled[b][0] if b < len(filled) else None, (told,)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a block of rows surely is a table of its own: a full row of different words that name what is below."""
    used = sorted({column for row in rows for column, cell in enumerate(row) if cell})
    if len(rows) < 3 or len(used) < 2 or used[-1] - used[0] + 1 > len(used):
        return False
    table = [[cell_at(row, column).strip() for column in used] for row in rows[:_LOOKED_AT]]
    names = table[0]
    if len(set(names)) < len(names) or not all(look_of(name) in {"word", "text"} for name in names):
        return False
    found, certain = has_header(table)
    return found and certain >= _SURE


def _titled(filled: Sequence[Numbered], merged: Sequence[Merged]) -> tuple[Sequence[Numbered], int]:
    """The rows from the first that names columns, and how many rows of titles that are; one title over all stands
    above the table."""
    first = _first(filled)
    for above in range(first - 1, -1, -1):
        if above + titles(filled[above : first + 1], merged) < first:
            break
        first = above
    while first + 1 < len(filled) and is_form(filled[first], filled[first + 1], merged):
        first += 1
    inside, above = filled[first:], titles(filled[first:], merged)
    while above and sum(map(bool, inside[0][1])) < 2:
        inside, above = inside[1:], above - 1
    return inside, above


def _beside(inside: Sequence[Numbered], left: int, right: int) -> list[tuple[int, int]]:
    """The columns of each table where several surely stand beside one another: an empty column between them, the same
    names once more, or one that ends rows before another."""
    used = {column for _, row in inside for column in range(left, min(right, len(row))) if row[column]}
    blocks: list[tuple[int, int]] = []
    for column in sorted(used):
        if blocks and column == blocks[-1][1]:
            blocks[-1] = (blocks[-1][0], column + 1)
        else:
            blocks.append((column, column + 1))
    if len(blocks) < 2 or any(b - a < 2 for a, b in blocks):
        return [(left, right)]
    heads = [[cell_at(inside[0][1], column) for column in range(*block)] for block in blocks]
    if not all(look_of(name) in {"word", "text"} for head in heads for name in head):
        return [(left, right)]
    pairs = [(set(head), set(other)) for i, head in enumerate(heads) for other in heads[:i]]
    repeated = any(len(one & other) >= min(len(one), len(other)) / 2 for one, other in pairs)
    ends = [max(i for i, (_, row) in enumerate(inside) if any(row[a:b])) for a, b in blocks]
    return blocks if repeated or max(ends) - min(ends) > 1 else [(left, right)]


def _wider_below(inside: Sequence[Numbered], left: int, right: int) -> tuple[str, ...]:
    """What is said of cells below a gap in columns that the rows above it, their names among them, do not fill."""
    used = set[int]()
    for place, (number, row) in enumerate(inside):
        filled = {column for column in range(left, min(right, len(row))) if row[column]}
        if place and number - inside[place - 1][0] > 1 and place >= _FEWEST_ABOVE:
            block = _until_gap(inside, place, left, right)
            if block - used and len(used) > 1:
                return (f"What stands from row {number + 1:,} on has more columns; it may be another table.",)
        used |= filled
    return ()


def _until_gap(inside: Sequence[Numbered], place: int, left: int, right: int) -> set[int]:
    """The columns with cells in the rows from this one to the next gap."""
    used = set[int]()
    for at in range(place, len(inside)):
        if at > place and inside[at][0] - inside[at - 1][0] > 1:
            break
        used |= {column for column in range(left, min(right, len(inside[at][1]))) if inside[at][1][column]}
    return used


def _cells_within(inside: Sequence[Numbered], block: tuple[int, int]) -> int:
    return sum(sum(map(bool, row[block[0] : block[1]])) for _, row in inside)


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
    names, after_gap, number = place.header if place.has_header else 0, False, top - 1
    yield from (_unsolved(row) for row in sorted(unsolved) if row < top)
    held: list[tuple[int, Sequence[str]]] = []  # since a gap: few cells in few rows, which may be what stands below
    for number, row in enumerate(rows, start=top):
        if not any(row):
            if number in unsolved:
                yield _unsolved(number)
            else:
                after_gap = after_gap or not names
        elif number < place.skip:
            yield Rejected(number + 1, ABOVE, _line(row))
        elif place.until is not None and number >= place.until:
            yield from (Rejected(at + 1, BELOW, _line(each)) for at, each in held)
            held.clear()
            yield Rejected(number + 1, OTHER_BELOW, _line(row))
        elif names:
            names -= 1
            yield from _others(number, row, place)
        elif (after_gap or held) and _is_thin(row, place.right - place.left) and len(held) < _MOST_BELOW:
            held.append((number, row))
        else:
            for each in held:
                yield from _row(*each, place)
            held.clear()
            after_gap = False
            yield from _row(number, row, place)
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


def _is_thin(row: Sequence[str], width: int) -> bool:
    """Whether so few cells are filled that it need not be a row of a table."""
    return width > 1 and sum(map(bool, row)) <= max(1, width // 3)


def _row(number: int, row: Sequence[str], place: Place) -> Iterator[list[str] | Rejected]:
    if place.left == 0 and place.right == len(row):
        yield list(row)
    elif place.shares:
        if any(cells := [cell_at(row, column) for column in range(place.left, place.right)]):
            yield cells
        yield from _others(number, row, place)
    elif any(row[: place.left]) or any(row[place.right :]):
        yield Rejected(number + 1, BESIDE, _line(row))
    else:
        yield [cell_at(row, column) for column in range(place.left, place.right)]


def _others(number: int, row: Sequence[str], place: Place) -> Iterator[Rejected]:
    """The cells of the tables beside this one."""
    others = [*row[: place.left], *row[place.right :]]
    if place.shares and any(others):
        yield Rejected(number + 1, OTHER_BESIDE, _line(others))


def _line(row: Sequence[str]) -> str:
    return "\t".join(row).strip("\t")
