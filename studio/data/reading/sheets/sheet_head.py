"""The beginning of a large Excel workbook as a small one, so that a first look does not wait for all of it.

In: an .xlsx file and a number of rows. Out: a workbook in memory with the first rows of each sheet, and where the whole
sheets end. Runs in the process of sheet_script.py alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_LARGE = 2 << 20  # bytes; a smaller file is copied as it is
_MOST_SCANNED = 256 << 20  # bytes of a sheet, in which its end is looked for
_MOST_TAIL = 8 << 20  # bytes that follow a sheet's cells: merged cells and the like
_MOST_HEAD = 64 << 20  # bytes that the first rows may take
_BLOCK = 1 << 20
_OVERLAP = 256  # bytes; no tag that is looked for is longer
_SHEET = re.compile(r"(?:xl[/\\])?(?:worksheets[/\\])?[^/\\]*\.xml")
_STRINGS = re.compile(r"(?:xl[/\\])?sharedStrings\.xml")
_ROW_END = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^>]*/>")
_ROW = re.compile(rb"""<(?:\w+:)?row\b(?:[^>]*?\br=["']([0-9]{1,7})["'])?""")
_DATA_END = re.compile(rb"</((?:\w+:)?)sheetData\s*>")
_ROOT = re.compile(rb"<((?:\w+:)?)(worksheet|sst)\b")
_SIZE = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref=["'][A-Z]+[0-9]+:[A-Z]+([0-9]{1,7})["']""")
_TEXT_NUMBER = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_TEXT_MARKS = (b't="s"', b"t='s'")
_STRING_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


@dataclass(frozen=True)
class Beginning:
    """A workbook that holds the first rows; `last` is the number (from 1) of the last row that a sheet has in truth, by
    the name of the sheet's file, of those that are cut."""

    book: IO[bytes]
    last: dict[str, int]


def beginning(file: str, rows: int) -> Beginning | None:
    """The first `rows` rows of each sheet; None where the workbook is no .xlsx file, or small anyway. Raises what
    zipfile raises for a damaged file."""
    if not zipfile.is_zipfile(file):
        return None
    copied, last = io.BytesIO(), dict[str, int]()
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(copied, "w") as copy:
        entries = archive.infolist()
        large = [entry for entry in entries if entry.file_size > _LARGE and _SHEET.fullmatch(entry.filename)]
        if not large or not any(entry.filename.endswith("workbook.xml") for entry in entries):
            return None
        highest = -1
        for entry in entries:
            if _is_needless(entry.filename) or _STRINGS.fullmatch(entry.filename):
                continue
            if entry in large:
                with archive.open(entry) as stream:
                    data, last[entry.filename] = _cut_sheet(stream, rows)
            else:
                data = archive.read(entry)
            copy.writestr(entry.filename, data)
            if _SHEET.fullmatch(entry.filename) and any(mark in data for mark in _TEXT_MARKS):
                highest = max([highest, *map(int, _TEXT_NUMBER.findall(data))])
        for entry in entries:
            if _STRINGS.fullmatch(entry.filename):
                with archive.open(entry) as stream:
                    copy.writestr(entry.filename, b"".join(_cut_strings(stream, highest + 1)))
    copied.seek(0)
    return Beginning(copied, last)


def _is_needless(name: str) -> bool:
    return name.replace("\\", "/").removeprefix("xl/").startswith(("media/", "drawings/", "theme/", "printerSettings/"))


def _cut_sheet(stream: IO[bytes], rows: int) -> tuple[bytes, int]:
    """The sheet with its first rows and what follows its cells; the number of its last row."""
    head, found, at = bytearray(), 0, 0  # rows that end before the place `at`
    while len(head) < _MOST_HEAD and (block := stream.read(_BLOCK)):
        head += block
        for end in _ROW_END.finditer(head, at):
            found, at = found + 1, end.end()
            if found == rows:
                return _without_rows(head, at, stream)
        if b"sheetData" in head[-_BLOCK - _OVERLAP :] and _DATA_END.search(head, at):
            break
        at = max(at, len(head) - _OVERLAP)
    data = bytes(head) + stream.read()
    return data, _last_row(data, 0)


def _without_rows(head: bytearray, cut: int, stream: IO[bytes]) -> tuple[bytes, int]:
    """The sheet without the rows from `cut` on."""
    kept = bytes(head[:cut])
    tail, last = _skipped(bytes(head[cut:]), stream, _last_row(kept, 0))
    if tail:
        return kept + tail, last
    prefix, size = _prefix(kept), _SIZE.search(kept[:_BLOCK])
    return kept + b"</%ssheetData></%sworksheet>" % (prefix, prefix), max(last, int(size[1]) if size else 0)


def _skipped(begun: bytes, stream: IO[bytes], last: int) -> tuple[bytes, int]:
    """What stands behind the cells (b"" where that is too far away), and the number of the last row before it."""
    data, scanned = begun, len(begun)
    while b"sheetData" not in data or not (end := _DATA_END.search(data)):
        last = _last_row(data[:-_OVERLAP], last)
        block = stream.read(_BLOCK)
        scanned += len(block)
        if not block or scanned > _MOST_SCANNED:
            return b"", last
        data = data[-_OVERLAP:] + block
    last = _last_row(data[: end.start()], last)
    tail = data[end.start() :] + stream.read(_MOST_TAIL)
    return (b"", last) if stream.read(1) else (tail, last)


def _last_row(data: bytes, before: int) -> int:
    """The number of the last row that begins in the data; rows without numbers are counted."""
    at = max(data.rfind(b"<row"), data.rfind(b":row"))
    found = _ROW.match(data, data.rfind(b"<", 0, at + 1)) if at >= 0 else None
    if found is None:
        return before
    return int(found[1]) if found[1] else before + data.count(b"<row")


def _cut_strings(stream: IO[bytes], most: int) -> Iterator[bytes]:
    """The first `most` shared texts."""
    kept, found, prefix = b"", 0, b""
    while block := stream.read(_BLOCK):
        data = kept + block
        prefix = prefix or _prefix(data)
        ends = [end.end() for end in _STRING_END.finditer(data)]
        if found + len(ends) >= most > 0:
            yield data[: ends[most - found - 1]] + b"</%ssst>" % prefix
            return
        found += len(ends)
        cut = ends[-1] if ends else 0
        yield data[:cut]
        kept = data[cut:]
    yield kept


def _prefix(data: bytes | bytearray) -> bytes:
    found = _ROOT.search(bytes(data[:_BLOCK]))
    return found[1] if found else b""
