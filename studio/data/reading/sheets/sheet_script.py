"""A program of its own that opens a workbook and writes its cells as text, so that no workbook can do harm to more than
it: `python -m studio.data.reading.sheets.sheet_script FILE SHEET ROWS MEMORY`.

In: a workbook, the sheet to write ("" for each), the most rows of it (-1: all) and the most bytes of memory. Out: lines
of JSON: the sheets, then for each sheet that is written what it is, and lists of rows.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import IO, Any
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from studio.data.reading.sheets.sheet_errors import error_cells, unsolved_cells
from studio.data.reading.sheets.sheet_head import beginning
from studio.data.reading.sheets.sheet_parts import is_locked, sheet_file
from studio.data.reading.sheets.sheet_rows import rows_said

ROWS = 1_000  # in one line
MOST_SHEETS = 50  # that are looked at where none is named
_BROKEN = (ValueError, OverflowError, EOFError, OSError, NotImplementedError)
_WHOLE = 1e15  # from here on a number has more digits than a workbook keeps
_BLOCK = 1 << 20  # bytes that are read at once
_LONGEST_TAG = 1 << 16  # bytes; of these tags
_SIGN = re.compile(rb"<(/?)text:(tab|line-break)(?:\s[^<>]*)?/?>")  # [ODF 1.3, part 3] 6.1.4 and 6.1.5
_SIGNS = {b"tab": b"&#9;", b"line-break": b"&#10;"}


def main(arguments: list[str]) -> int:
    """Write the sheets to standard output; a failure is one more line: {"failed": "locked" | "damaged" | "large"}."""
    file, asked, rows, memory = arguments
    _limit(int(memory))
    try:
        head = beginning(file, ROWS) if int(rows) >= 0 else None
        if head is None:
            _check_sums(file)
        with head.book if head else _opened(file) as stream, CalamineWorkbook.from_object(stream) as book:
            _write_book(head.book if head else file, book, asked, int(rows), head.last if head else {})
    except PasswordError:
        _say({"failed": "locked"})
    except MemoryError:
        _say({"failed": "large"})
    except (
        CalamineError,
        ValueError,
        OverflowError,
        EOFError,
        OSError,
        zlib.error,
        zipfile.BadZipFile,
        ElementTree.ParseError,
    ):
        _say({"failed": "locked" if _seems_locked(file) else "damaged"})
    return 0


def _seems_locked(file: str) -> bool:
    try:
        return is_locked(file)
    except (*_BROKEN, zipfile.BadZipFile, zlib.error, IndexError):
        return False


def _limit(memory: int) -> None:
    """Ask the system to hold this program to so much memory, where it can."""
    try:
        import resource
    except ImportError:  # Windows: who started this program watches it
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # macOS keeps no such limit
        return


def _check_sums(file: str) -> None:
    """Read the texts of a zipped workbook to their end, where a changed byte is noticed; the sheets themselves are read
    so for their errors. Calamine stops at the last cell."""
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not re.fullmatch(r"(?:xl[/\\])?sharedStrings\.(?:xml|bin)|content\.xml", name):
                continue
            with archive.open(name) as stream:
                while stream.read(_BLOCK):
                    pass


def _opened(file: str) -> IO[bytes]:
    """The workbook's bytes. Tabs and line breaks in the texts of an OpenDocument file are elements, which calamine
    leaves out; where there are any, these are a copy in which they are characters. Some programs leave out the file
    that says what it is, without which calamine does not read it."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if {"META-INF/manifest.xml", "content.xml"} <= names and ("mimetype" not in names or _has_signs(archive)):
                return _with_signs(archive)
    return open(file, "rb")


def _has_signs(archive: zipfile.ZipFile) -> bool:
    with archive.open("content.xml") as stream:
        return any(_SIGN.search(piece) for piece in _whole_tags(stream))


def _with_signs(archive: zipfile.ZipFile) -> IO[bytes]:
    """What calamine reads of an OpenDocument file, packed as small as before, so that it takes no more memory than the
    file's bytes do."""
    copied = io.BytesIO()
    with zipfile.ZipFile(copied, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        copy.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        copy.writestr("META-INF/manifest.xml", archive.read("META-INF/manifest.xml"))
        with archive.open("content.xml") as stream, copy.open("content.xml", "w", force_zip64=True) as content:
            for piece in _whole_tags(stream):
                content.write(_SIGN.sub(lambda tag: b"" if tag[1] else _SIGNS[tag[2]], piece))
    copied.seek(0)
    return copied


def _whole_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """All bytes, in pieces that do not end inside a tag."""
    rest = b""
    while block := stream.read(_BLOCK):
        data = rest + block
        cut = data.rfind(b"<")
        if cut < 0 or data.find(b">", cut) >= 0 or len(data) - cut > _LONGEST_TAG:
            cut = len(data)
        yield data[:cut]
        rest = data[cut:]
    yield rest


def _write_book(file: str | IO[bytes], book: CalamineWorkbook, asked: str, rows: int, last: Mapping[str, int]) -> None:
    """The sheet called `asked`, or every one for "". All rows are written only where there is one sheet to write.
    `last` are the true ends of the sheets that are cut in this file."""
    known = [(sheet.name, sheet.typ == SheetTypeEnum.WorkSheet, sheet.visible == SheetVisibleEnum.Visible)
             for sheet in book.sheets_metadata]  # fmt: skip
    _say({"sheets": known})
    wanted = [place for place, (name, is_sheet, _) in enumerate(known) if is_sheet and asked in {"", name}]
    limit = rows if len(wanted) == 1 else ROWS
    for place in wanted[:MOST_SHEETS]:
        sheet = book.get_sheet_by_index(place)
        merged = [(*begin, *end) for begin, end in sheet.merged_cell_ranges or ()]
        top, left = sheet.start or (0, 0)
        height = max(sheet.height, _last_row(file, place, last) - top)
        said = rows_said(file, place)
        _say({"sheet": known[place][0], "top": top, "height": height, "merged": merged[:ROWS],
              "unsolved": list(unsolved_cells(file, place).items()), "twice": said.twice[:ROWS],
              "hidden": said.hidden})  # fmt: skip
        errors = error_cells(file, place)
        for chunk in _chunks(sheet, errors, top, left, limit):
            _say(chunk)


def _last_row(file: str | IO[bytes], place: int, last: Mapping[str, int]) -> int:
    if not last:
        return 0
    with zipfile.ZipFile(file) as archive:
        return last.get(sheet_file(archive, place) or "", 0)


def _chunks(
    sheet: CalamineSheet, errors: dict[int, dict[int, str]], top: int, left: int, limit: int
) -> Iterator[list[list[str]]]:
    """The rows from the first one with a cell; calamine gives them from the sheet's first row, but from the first
    column with a cell."""
    chunk: list[list[str]] = []
    rows = islice(sheet.iter_rows(), top, None) if sheet.start is not None else ()
    for number, row in enumerate(rows):
        if number == limit:
            break
        cells = [_TEXT[type(value)](value) for value in row]
        for column, text in errors.get(top + number, {}).items():
            if 0 <= column - left < len(cells):
                cells[column - left] = cells[column - left] or text
        chunk.append(cells)
        if len(chunk) == ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _say(value: object) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _number(value: float) -> str:
    """A number in the fewest digits that tell it apart, whole ones without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)


def _duration(value: datetime.timedelta) -> str:
    """Hours may go beyond a day: 30:00:00."""
    sign = "-" if value < datetime.timedelta() else ""
    value = abs(value)
    hours, rest = divmod(value.days * 86_400 + value.seconds, 3_600)
    parts = f"{sign}{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return f"{parts}.{value.microseconds:06}".rstrip("0") if value.microseconds else parts


def _moment(value: datetime.datetime) -> str:
    return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()


_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime.date: datetime.date.isoformat,
    datetime.datetime: _moment,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: _duration,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
