"""Rows of a sheet that name its columns together: titles over several names, and the names below them.

In: the first rows of a table in a sheet, and which of its cells are one. Out: how many rows name the columns, and their
joined names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.data.reading.delimited.header import header_rows
from studio.data.reading.delimited.looks import look_of

JOINT = " · "  # between the names that stand above one another
_DEEPEST = 8  # rows of a header
_IS_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d-\d\d)?$")

Merged = tuple[int, int, int, int]  # first row and column, last row and column, from 0
Numbered = tuple[int, Sequence[str]]  # a row and its number


def titles(inside: Sequence[Numbered], merged: Sequence[Merged]) -> int:
    """How many rows of titles, each over several names, stand right above the row of names."""
    count = 0
    while count + 1 < len(inside) and inside[count + 1][0] == inside[count][0] + 1:
        spans = {left for top, left, _, right in merged if top == inside[count][0] and right > left}
        if not spans or not _are_titles(inside[count][1], inside[count + 1][1], spans):
            break
        count += 1
    return count


def rows_merged(inside: Sequence[Numbered], merged: Sequence[Merged]) -> int:
    """How many rows name the columns by cells of the first one that go on downwards: several of them, and nothing but
    words as far as the deepest one reaches. A single one may be a group of rows of the table."""
    first = inside[0][0]
    ends = [bottom for top, _, bottom, _ in merged if top == first and bottom > top]
    if len(ends) < 2 or max(ends) - first >= _DEEPEST:
        return 1
    head = [row for number, row in inside if number <= max(ends)]
    below = any(number > max(ends) for number, _ in inside)
    are_words = all(look_of(cell) in {"word", "text"} for row in head for cell in row if cell)
    widest = max(sum(map(bool, row)) for _, row in inside)
    is_row = any(sum(map(bool, row)) >= widest for row in head[1:])  # as full as the rows of the table
    return len(head) if below and are_words and not is_row else 1


def _are_titles(row: Sequence[str], below: Sequence[str], spans: set[int]) -> bool:
    """Whether a row, in which the cells of the columns `spans` go over several, holds titles over the names `below`:
    no fields of a form (“Date: …”), most titles with names below them alone, and no row of the table below."""
    if sum(map(bool, below)) <= sum(map(bool, row)) or _has_fields(row):
        return False
    narrow = sum(bool(cell and cell_at(below, column)) for column, cell in enumerate(row) if column not in spans)
    words = sum(look_of(cell) in {"word", "text"} for cell in below if cell)
    others = [cell for cell in below if cell and look_of(cell) not in {"word", "text"}]
    return narrow <= len(spans) and (not others or (words <= 2 and all(map(_IS_YEAR.match, others))))


def is_form(row: Numbered, following: Numbered, merged: Sequence[Merged]) -> bool:
    """Whether a row of wide cells with fields of a form (“Date: …”) stands right above a row with more cells."""
    is_wide = any(top == row[0] and right > left for top, left, _, right in merged)
    is_above = following[0] == row[0] + 1 and sum(map(bool, following[1])) > sum(map(bool, row[1]))
    return is_wide and is_above and _has_fields(row[1])


def _has_fields(row: Sequence[str]) -> bool:
    return any(sign in cell for cell in row for sign in ":：")


def rows_of_names(table: Sequence[Sequence[str]]) -> int:
    """How many rows name the columns: more than one only where the first leaves out some that the others name. A row of
    words above numbers may as well be a row of the table."""
    count = header_rows(table)
    gaps = [column for column, name in enumerate(table[0]) if not name.strip()]
    is_filled = any(row[column].strip() for row in table[1:count] for column in gaps)
    return count if is_filled and any(table[0]) else 1


def joined(rows: Sequence[Numbered], left: int, right: int, merged: Sequence[Merged]) -> list[str]:
    """One name a column from the rows that name them, from above to below, each part once. A part goes on over the
    cells that are one with it, or, where no cells of its row are, over the empty ones, but for those that belong to a
    name above them."""
    parts: list[list[str]] = [[] for _ in range(right - left)]
    for place, (number, row) in enumerate(rows):
        spans = {a: b for top, a, _, b in merged if top == number and b > a}
        above = {column for top, a, bottom, b in merged if top < number <= bottom for column in range(a, b + 1)}
        last, ends = "", -1
        for column in range(right):
            cell = cell_at(row, column).strip()
            if column in above:
                last, ends = "", -1
            if cell:
                last, ends = cell, spans.get(column, column if spans else right)
            shown = cell or (last if column <= ends and place < len(rows) - 1 else "")
            if column >= left and shown and shown not in parts[column - left]:
                parts[column - left].append(shown)
    return [JOINT.join(part) for part in parts]


def cell_at(row: Sequence[str], column: int) -> str:
    """A cell, "" where the row ends before it."""
    return row[column] if column < len(row) else ""
