"""Where the table begins and ends in its file: titles and remarks above, totals and sources below.

In: the first rows of a file as they stand, and the last ones. Out: how many lines stand above the table, how many
rows name its columns, what a row looks like, and which texts stand below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from studio.data.reading.apart import REMARK
from studio.data.reading.delimited.header import has_header, header_rows
from studio.data.reading.delimited.looks import look_of, typed
from studio.data.reading.delimited.records import NEVER_CLOSED, NOT_DOUBLED, Placed, Shape
from studio.data.reading.delimited.signs import Dialect
from studio.data.table.values import amounts

_MOST_ABOVE = 60  # rows
_MOST_BELOW = 30
_MOST_GAPS = 3  # blank lines; where there are more they set apart nothing
_ROUNDED = 0.005  # of a total, by which its parts may miss it
_BROKEN = frozenset({NEVER_CLOSED, NOT_DOUBLED})
_REMARKS = ("#", "//", "%", "--", "!")
TOTAL = re.compile(
    r"(?:grand |sub-?)?(?:total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|somme|totale|totales|suma|totaal|łącznie|"
    r"razem|итого|всего|toplam|jumlah|součet|celkem|összesen|yhteensä|i alt|sammanlagt|summa|σύνολο|tổng|المجموع|"
    r"合计|总计|合計|총계|합계)\b.{0,20}",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:source|sources|quelle|quellen|note|notes|fuente|fonte|bron|źródło|источник|anmerkung|hinweis|remark|remarks|"
    r"stand|footnote|nota|notas|©|copyright|last updated|generated|exported|\*)\b.*|\*.*|©.*|\(\d\).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Frame:
    """Where a table stands: `skip` lines above it, then the `header` rows that name its columns, what a row looks like,
    and which columns are `empty` in all rows. `certain` is for the header alone; `is_remark`: it stands in a remark."""

    skip: int
    header: Sequence[Sequence[str]]
    certain: float
    shape: Shape
    empty: frozenset[int]
    is_remark: bool = False


def frame(
    rows: Sequence[Placed], width: int, dialect: Dialect, *, skip: int | None = None, header: bool | None = None
) -> Frame:
    """Where the table begins among the first rows of a file; `skip` and `header` are kept where they are given."""
    filled = [_mended(row, width, dialect) for row in rows[:_MOST_ABOVE]] + list(rows[_MOST_ABOVE:])
    filled = [row for row in filled if row.cells or (row.reason and row.reason != REMARK)]
    if skip is not None:
        filled = [row for row in filled if row.line > skip]
    start = _start(filled, width) if skip is None and width > 1 else 0
    table = filled[start:]
    found, certain = (bool(header), 1.0) if header is not None else has_header(_cells(table))
    if skip is None and not found and start > 0 and header is not False and _may_name(filled[start - 1], width):
        start, found, certain = start - 1, True, 0.7
        table = filled[start:]
    if skip is None and not found and header is not False and (remark := _naming_remark(rows, table, width, dialect)):
        below = _cells(table)
        return Frame(
            remark.line - 1, [remark.cells], 0.75, shape_of(below, width), _empty(below, width), is_remark=True
        )
    count = header_rows(_cells(table)) if found and header is None else int(found)
    above = skip if skip is not None else (table[0].line - 1 if table else 0)
    names = _cells(table[:count])
    below = _cells(table[count:])
    return Frame(above, names, certain, shape_of(below, width), _empty(below, width))


def _empty(rows: Sequence[Sequence[str]], width: int) -> frozenset[int]:
    regular = [row for row in rows if len(row) == width]
    return frozenset(i for i in range(width) if regular and not any(row[i].strip() for row in regular))


def _naming_remark(rows: Sequence[Placed], table: Sequence[Placed], width: int, dialect: Dialect) -> Placed | None:
    """The remark right above the table, with its cells, where it names each column of a table without a header."""
    above = [row for row in rows if table and row.line < table[0].line and (row.cells or row.reason)]
    if not above or above[-1].reason != REMARK or width < 2:
        return None
    text = above[-1].text.lstrip(dialect.comment).strip()
    names = (
        text.split() if not dialect.delimiter.strip(" ") else [cell.strip() for cell in text.split(dialect.delimiter)]
    )
    if len(names) != width or len(set(names)) < width or not all(map(_is_name, names)):
        return None
    found, certain = has_header([names, *_cells(table)])
    return above[-1]._replace(cells=names) if found and certain > 0.6 else None


def _is_name(cell: str) -> bool:
    return 0 < len(cell) < 60 and look_of(cell) in {"word", "text"}


def shape_of(rows: Sequence[Sequence[str]], width: int) -> Shape:
    """What these rows have in common, from those that are `width` wide; nothing where they are few."""
    regular = [row for row in rows if len(row) == width and any(map(str.strip, row))]
    if len(regular) < 3 or width > 2_000:
        return Shape(width)
    columns = list(zip(*regular, strict=True))
    full = frozenset(i for i, column in enumerate(columns) if all(column))
    numbers = frozenset(i for i, column in enumerate(columns) if typed(column[:100], 1.0) == "number")
    return Shape(width, full, numbers)


class Below(NamedTuple):
    """The `texts` of rows below a table, and whether the row above them, which stays, may be a total
    (`keeps_total`)."""

    texts: list[str]
    keeps_total: bool = False


def footer(rows: Sequence[Placed], shape: Shape, dialect: Dialect, *, is_all: bool = True) -> Below:
    """Which of the last rows of a file (`is_all`: of all its rows) stand below its table: remarks in one cell, and
    totals that are seen to be some. A program that quotes every cell, empty ones too, wrote a row."""
    filled = [row for row in rows if row.cells or row.reason]
    if shape.width < 2 or len(filled) < 3:
        return Below([])
    usual = median(_full(row.cells) for row in filled)
    last, keeps_total = len(filled), False
    for place in range(len(filled) - 1, max(0, len(filled) - _MOST_BELOW) - 1, -1):
        row = filled[place]
        is_apart = _is_apart(rows, row)
        is_below = not _is_quoted(row, shape.width, dialect) and (
            _is_total_below(row, filled[:place], shape, is_apart=is_apart, is_all=is_all)
            if _is_total(row)
            else _is_remark_below(row, shape, usual, is_apart=is_apart)
        )
        if is_below:
            last = place
        elif any(row.cells) or row.reason:
            keeps_total = _is_total(row)
            break
    return Below([row.text for row in filled[last:]], keeps_total)


def _is_quoted(row: Placed, width: int, dialect: Dialect) -> bool:
    """Whether a row has `width` cells, each of them in quotes."""
    mark = dialect.quote
    if not mark or len(row.cells) != width:
        return False
    whole = dialect.delimiter.join(f"{mark}{cell.replace(mark, 2 * mark)}{mark}" for cell in row.cells)
    return "".join(row.raw).rstrip("\r\n") == whole


def _is_apart(rows: Sequence[Placed], row: Placed) -> bool:
    """Whether a blank line stands above this row, as it does not between the rows of the table."""
    blank = [not any(other.cells) and not other.reason for other in rows]
    place = next(i for i, other in enumerate(rows) if other.line == row.line)
    gaps = sum(here and not before for before, here in pairwise(blank))
    return place > 0 and blank[place - 1] and gaps <= _MOST_GAPS


def _is_total(row: Placed) -> bool:
    """Whether a row has a word for a total, and beside it nothing but numbers."""
    full = [cell.strip() for cell in row.cells if cell.strip()]
    return len(full) > 1 and bool(TOTAL.fullmatch(full[0])) and all(look_of(cell) == "number" for cell in full[1:])


def _is_total_below(row: Placed, above: Sequence[Placed], shape: Shape, *, is_apart: bool, is_all: bool) -> bool:
    """Whether it is no row of the table as well: it lacks cells that rows have, stands apart, or adds up."""
    if len(row.cells) > shape.width:
        return False
    lacks = any(not cell.strip() for place, cell in enumerate(_widened(row.cells, shape)) if place in shape.filled)
    return lacks or is_apart or (is_all and _adds_up(row, above))


def _adds_up(total: Placed, above: Sequence[Placed]) -> bool:
    """Whether a number in this row is the sum of the numbers above it."""
    for place, cell in enumerate(total.cells):
        wanted = amounts([cell])
        column = [row.cells[place] for row in above if len(row.cells) == len(total.cells)]
        found = amounts([cell for cell in column if look_of(cell) == "number"])
        if wanted and wanted[0] and len(found) > 1 and abs(sum(found) - wanted[0]) <= _ROUNDED * abs(wanted[0]):
            return True
    return False


def _is_remark_below(row: Placed, shape: Shape, usual: float, *, is_apart: bool) -> bool:
    """Whether a row is a remark: it cannot be a row of the table, or nothing speaks for its being one."""
    cells = _widened(row.cells, shape)
    full = [cell.strip() for cell in row.cells if cell.strip()]
    if not full or len(row.cells) > shape.width:
        return False
    names_source = bool(_SOURCE.match(full[0]))
    if len(row.cells) < shape.width and shape.fitted(row.cells) is None:
        return len(full) == 1 or is_apart or names_source
    lacks = any(not cell.strip() for place, cell in enumerate(cells) if place in shape.filled)
    if len(full) > 1 or not lacks:
        return len(full) == 1 and is_apart and row.cells[0].strip() == full[0] and names_source
    if shape.width == 2:
        return is_apart and bool(_SOURCE.fullmatch(full[0]))
    return is_apart or bool(_SOURCE.fullmatch(full[0])) or (bool(row.cells[0].strip()) and usual >= 3)


def _widened(cells: Sequence[str], shape: Shape) -> list[str]:
    return [*cells, *[""] * (shape.width - len(cells))]


def _start(rows: Sequence[Placed], width: int) -> int:
    """Which of the rows is the first of the table: it has the table's cells, and as good as none is empty."""
    head = rows[:_MOST_ABOVE]
    usual = median([_full(row.cells) for row in rows if len(row.cells) >= width] or [0])
    least = 1 if usual < 2 else max(2.0, 0.4 * usual)
    for place, row in enumerate(head):
        fits = len(row.cells) == width or (len(row.cells) > width and not any(row.cells[width:]))
        if fits and _full(row.cells) >= least and not row.raw[0].startswith(_REMARKS[:1]):
            return _with_names_above(head, place, width)
        if _names_other(row, rows[place + 1 :], width):
            return place
    return 0


def _with_names_above(rows: Sequence[Placed], place: int, width: int) -> int:
    """One or two sparse rows directly above, if they name groups of columns: two names and more, and empty cells."""
    while place > 0:
        above = rows[place - 1]
        names = [cell for cell in above.cells if cell]
        is_group = len(above.cells) == width and len(names) > 1 and not any(look_of(n) == "number" for n in names)
        if not is_group:
            break
        place -= 1
    return place


def _names_other(row: Placed, below: Sequence[Placed], width: int) -> bool:
    """Whether a row names some more or fewer columns than the rows have that follow at once."""
    near = 0 < abs(len(row.cells) - width) <= max(1, width // 4) and len(row.cells) > 1
    if not near or not below or len(below[0].cells) != width:
        return False
    names = [cell.strip() for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    are_words = all(look_of(name) in {"word", "text"} and len(name) < 60 for name in names)
    found, certain = has_header(_cells(below))
    if len(set(names)) < len(names) and (found or certain < 0.9):
        return False
    return are_words and not (found and certain > 0.7)


def _mended(row: Placed, width: int, dialect: Dialect) -> Placed:
    """A broken row that has as many delimiters as the table may still name its columns, quotes and all."""
    cells = row.raw[0].rstrip("\r\n").split(dialect.delimiter) if row.reason in _BROKEN and dialect.delimiter else []
    return row._replace(cells=cells, reason="") if len(cells) == width and len(row.raw) == 1 else row


def _may_name(row: Placed, width: int) -> bool:
    """Whether a sparse row right above rows without names may name some of the columns."""
    return (
        len(row.cells) == width
        and bool(_full(row.cells))
        and bool(row.cells[-1] if width == 2 else _full(row.cells) > 1)
    )


def _full(cells: Sequence[str]) -> int:
    return sum(map(bool, map(str.strip, cells)))


def _cells(rows: Sequence[Placed]) -> list[list[str]]:
    return [row.cells for row in rows if row.cells]
