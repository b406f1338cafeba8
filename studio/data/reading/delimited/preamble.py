"""Where the table begins and ends in its file: titles and remarks above, totals and sources below.

In: the first rows of a file as they stand, and the last ones. Out: how many lines stand above the table, how many
rows name its columns, what a row looks like, and which texts stand below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from studio.data.reading.delimited.header import has_header, header_rows
from studio.data.reading.delimited.looks import look_of, typed
from studio.data.reading.delimited.records import NEVER_CLOSED, NOT_DOUBLED, REMARK, Placed, Shape
from studio.data.reading.delimited.signs import Dialect

_MOST_ABOVE = 60  # rows
_MOST_BELOW = 30
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
    and which columns are `empty` in all rows. `certain` is for the header alone."""

    skip: int
    header: Sequence[Sequence[str]]
    certain: float
    shape: Shape
    empty: frozenset[int]


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
    count = header_rows(_cells(table)) if found and header is None else int(found)
    above = skip if skip is not None else (table[0].line - 1 if table else 0)
    names = _cells(table[:count])
    below = _cells(table[count:])
    regular = [row for row in below if len(row) == width]
    empty = frozenset(i for i in range(width) if regular and not any(row[i].strip() for row in regular))
    return Frame(above, names, certain, shape_of(below, width), empty)


def shape_of(rows: Sequence[Sequence[str]], width: int) -> Shape:
    """What these rows have in common, from those that are `width` wide; nothing where they are few."""
    regular = [row for row in rows if len(row) == width]
    if len(regular) < 3 or width > 2_000:
        return Shape(width)
    columns = list(zip(*regular, strict=True))
    full = frozenset(i for i, column in enumerate(columns) if all(column))
    numbers = frozenset(i for i, column in enumerate(columns) if typed(column[:100], 1.0) == "number")
    return Shape(width, full, numbers)


def footer(rows: Sequence[Placed], shape: Shape, dialect: Dialect) -> list[str]:
    """The texts of those last rows of a file that stand below its table: remarks in one cell, and totals. A program
    that quotes every cell, empty ones too, wrote a row."""
    filled = [row for row in rows if row.cells or row.reason]
    if shape.width < 2 or len(filled) < 3:
        return []
    usual = median(_full(row.cells) for row in filled) if filled else 0
    last = len(filled)
    for place in range(len(filled) - 1, max(0, len(filled) - _MOST_BELOW) - 1, -1):
        row = filled[place]
        if _is_quoted(row, shape.width, dialect):
            break
        if _is_below(row, shape, usual, is_apart=_is_apart(rows, row)):
            last = place
        elif any(row.cells) or row.reason:
            break
    return [row.text for row in filled[last:]]


def _is_quoted(row: Placed, width: int, dialect: Dialect) -> bool:
    """Whether a row has `width` cells, each of them in quotes."""
    mark = dialect.quote
    if not mark or len(row.cells) != width:
        return False
    whole = dialect.delimiter.join(f"{mark}{cell.replace(mark, 2 * mark)}{mark}" for cell in row.cells)
    return "".join(row.raw).rstrip("\r\n") == whole


def _is_apart(rows: Sequence[Placed], row: Placed) -> bool:
    """Whether a blank line stands above this row."""
    place = next(i for i, other in enumerate(rows) if other.line == row.line)
    return place > 0 and not any(rows[place - 1].cells) and not rows[place - 1].reason


def _is_below(row: Placed, shape: Shape, usual: float, *, is_apart: bool) -> bool:
    cells = [cell.strip() for cell in row.cells]
    full = [cell for cell in cells if cell]
    if not full or len(cells) > shape.width:
        return False
    if TOTAL.fullmatch(full[0]) and all(look_of(cell) == "number" for cell in full[1:]):
        return len(full) < usual or len(full) > 1
    if len(full) > 1 and len(cells) == shape.width:
        return False
    if len(full) == 1 and len(cells) <= shape.width:
        holes = 0 not in shape.filled or any(i in shape.filled and not cell for i, cell in enumerate(cells))
        return len(cells) < shape.width or is_apart or bool(_SOURCE.fullmatch(full[0])) or (holes and usual >= 3)
    return is_apart or bool(_SOURCE.match(full[0]))


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
