"""What a workbook says of the rows of a sheet, and what of it is lost in their cells: numbers that come twice, and rows
that are hidden.

In: a workbook and the place of a sheet in it. Out: how many there are. The library that reads workbooks keeps the last
of the rows with the same number; runs in the process of sheet_script.py alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, NamedTuple

from studio.data.reading.sheets.sheet_parts import sheet_file

_BLOCK = 1 << 20  # bytes
_LONGEST_TAG = 1 << 12  # bytes; of a row's
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_NUMBER = re.compile(rb"""\br=["']([0-9]{1,7})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")


class RowsSaid(NamedTuple):
    """The numbers that stand at more than one row, in order, and how many rows are `hidden`."""

    twice: tuple[int, ...] = ()
    hidden: int = 0


def rows_said(file: str | IO[bytes], place: int) -> RowsSaid:
    """What an .xlsx file says of its rows (ECMA-376, part 1, 18.3.1.73); nothing of other kinds."""
    if isinstance(file, str) and not zipfile.is_zipfile(file):
        return RowsSaid()
    with zipfile.ZipFile(file) as archive:
        name = sheet_file(archive, place)
        if name is None or name.endswith(".bin"):
            return RowsSaid()
        with archive.open(name) as sheet:
            return _said(sheet)


def _said(sheet: IO[bytes]) -> RowsSaid:
    seen, twice, last, hidden = set[int](), set[int](), 0, 0
    for row in _rows(sheet):
        number = _NUMBER.search(row)
        this = int(number[1]) if number else last + 1
        if this in seen:
            twice.add(this)
        seen.add(this)
        last = this
        hidden += b"hidden" in row and _HIDDEN.search(row) is not None
    return RowsSaid(tuple(sorted(twice)), hidden)


def _rows(sheet: IO[bytes]) -> Iterator[bytes]:
    """What stands in the tag of each row."""
    rest = b""
    while block := sheet.read(_BLOCK):
        data, at = rest + block, 0
        for tag in _ROW.finditer(data):
            yield tag[1]
            at = tag.end()
        rest = data[max(at, len(data) - _LONGEST_TAG) :]
