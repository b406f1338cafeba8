"""Cells of a workbook that hold an error such as #N/A or #DIV/0!, and those with a formula but no result.

In: a workbook and the place of a sheet in it. Out: the errors by row and column, the formulas' number by row. The
library that reads workbooks leaves such cells empty, so they are looked up here in the file itself; runs in the process
of sheet_script.py alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from studio.data.reading.sheets.sheet_parts import binary_records, old_records, ole_stream, sheet_file

_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).){0,20000}?<(?:\w+:)?v>(\#[^<]{1,20})<""",
    re.DOTALL,
)
# A cell with a formula and then nothing or an empty value (ECMA-376, part 1, 18.3.1.4 and 18.3.1.40).
_UNSOLVED = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:</(?:\w+:)?c>|(<(?:\w+:)?v\b[^>]*/>|<(?:\w+:)?v\b[^>]*>\s*</))"""
)
_NUMBER = re.compile(rb"""\br=["'][A-Z]{1,3}([0-9]{1,7})["']""")
_TEXT_TYPES = (b't="str"', b"t='str'")  # the result of such a formula is a text, which may be empty
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_LONGEST_CELL = 1 << 25  # bytes
_MARKS = (b't="e"', b"t='e'")
_CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def error_cells(file: str | IO[bytes], place: int) -> dict[int, dict[int, str]]:
    """Cells that hold an error such as #N/A, by row and column, both from 0: calamine leaves them empty, so they are
    read here from the sheet itself. OpenDocument keeps them as text."""
    found: dict[int, dict[int, str]] = {}
    if isinstance(file, str) and not zipfile.is_zipfile(file):
        with open(file, "rb") as stream:
            _old_errors(ole_stream(stream.read()), place, found)
        return found
    with zipfile.ZipFile(file) as archive:
        name = sheet_file(archive, place)
        if name is None:
            return found
        with archive.open(name) as sheet:
            if name.endswith(".bin"):
                _binary_errors(sheet.read(), found)
            else:
                _text_errors(sheet, found)
    return found


def unsolved_cells(file: str | IO[bytes], place: int) -> dict[int, int]:
    """How many cells of each row, from 0, hold a formula whose result the file does not contain, as programs write
    them that do not calculate. Of .xlsx files; what writes the others calculates."""
    found: dict[int, int] = {}
    if isinstance(file, str) and not zipfile.is_zipfile(file):
        return found
    with zipfile.ZipFile(file) as archive:
        name = sheet_file(archive, place)
        if name is None or name.endswith(".bin"):
            return found
        with archive.open(name) as sheet:
            for data in _whole_cells(sheet):
                if (b"<f" not in data and b":f" not in data) or not _FORMULA.search(data):
                    continue
                for cell in _UNSOLVED.finditer(data):
                    number = _NUMBER.search(cell[1])
                    if number and not (cell[2] and any(kind in cell[1] for kind in _TEXT_TYPES)):
                        row = int(number[1]) - 1
                        found[row] = found.get(row, 0) + 1
    return found


def _text_errors(sheet: IO[bytes], found: dict[int, dict[int, str]]) -> None:
    """Of an .xlsx file: cells of type "e"."""
    for data in _whole_cells(sheet):
        if any(mark in data for mark in _MARKS):
            _note_errors(data, found)


def _whole_cells(sheet: IO[bytes]) -> Iterator[bytes]:
    """All bytes of an .xlsx file's sheet, in pieces that do not end inside a cell."""
    waiting, size = list[bytes](), 0  # blocks of a cell that goes on; each is searched once
    while block := sheet.read(1 << 20):
        joined = waiting[-1][-8:] + block if waiting else block
        end = max(joined.rfind(b"row>"), joined.rfind(b"c r="))
        waiting.append(block)
        size += len(block)
        if end < 0 and size <= _LONGEST_CELL:
            continue
        data = b"".join(waiting)
        cut = data.rfind(b"<", 0, len(data) - len(joined) + end) if end >= 0 else len(data)
        cut = len(data) if cut <= 0 and size > _LONGEST_CELL else max(cut, 0)
        yield data[:cut]
        waiting, size = [data[cut:]], len(data) - cut
    yield b"".join(waiting)


def _note_errors(data: bytes, found: dict[int, dict[int, str]]) -> None:
    for letters, number, text in _ERROR.findall(data):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        found.setdefault(int(number) - 1, {})[column - 1] = text.decode("utf-8", "replace")


def _binary_errors(data: bytes, found: dict[int, dict[int, str]]) -> None:
    """Of an .xlsb file: BrtCellError and BrtFmlaError records ([MS-XLSB] 2.4.307 and 2.4.686)."""
    row = 0
    for kind, body in binary_records(data):
        if kind == 0:
            row = int.from_bytes(body[:4], "little")
        elif kind in {3, 11} and len(body) > 8:
            found.setdefault(row, {})[int.from_bytes(body[:4], "little")] = _CODES.get(body[8], "#ERROR!")


def _old_errors(data: bytes, place: int, found: dict[int, dict[int, str]]) -> None:
    """Of an .xls file: BoolErr records and results of Formula records ([MS-XLS] 2.4.24 and 2.4.127)."""
    begins = [int.from_bytes(body[:4], "little") for kind, body in old_records(data, 0) if kind == 0x0085]
    if place >= len(begins):
        return
    for kind, body in old_records(data, begins[place]):
        is_result = kind == 0x0006 and body[12:14] == b"\xff\xff" and body[6:7] == b"\x02"
        if not is_result and not (kind == 0x0205 and body[7:8] == b"\x01"):
            continue
        row, column = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
        found.setdefault(row, {})[column] = _CODES.get(body[8] if is_result else body[6], "#ERROR!")
