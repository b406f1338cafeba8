"""What kind of file this is: by what is in it first, by its name only where that leaves a choice.

In: Given bytes, unpacked. Out: the Kind that says which reader to use; for "none" a Problem that names the file's kind
and what to do with it.
"""

from __future__ import annotations

import io
import json
import mmap
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from studio.data.reading.delimited.dialect import Found, find_dialect
from studio.data.reading.delimited.drawn import drawing_of
from studio.data.reading.delimited.looks import typed
from studio.data.reading.delimited.records import placed
from studio.data.reading.packed.foreign import BROKEN_ZIP, foreign_kind, mimetype, opening
from studio.data.reading.source import Given
from studio.data.reading.text.encoding import HEAD, are_few_controls, check_is_text, find_encoding, is_wide
from studio.problems import Problem, Where

Kind = Literal["delimited", "workbook", "json", "lines", "parquet", "arrow", "text", "folder", "none"]

_TABLES = frozenset({".csv", ".tsv", ".tab", ".psv", ".ssv", ".dsv", ".dat"})
_PROSE = frozenset({".txt", ".text", ".log", ".yaml", ".yml", ""})
MARKUP = frozenset({".md", ".markdown", ".rst", ".tex", ".py", ".js", ".css", ".sql", ".r", ".toml", ".ini"})
_LINES = frozenset({".jsonl", ".ndjson", ".jsonlines"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARROW = (b"ARROW1\x00\x00", b"FEA1", b"\xff\xff\xff\xff")
_SURE = 0.9  # from where on a .txt is a table
_FEWEST = 3  # rows that show columns
_SMALL = 4 << 10  # bytes; in so few, fewer signs tell that this is no text
_SIGNIFICANT = re.compile(rb"[A-Za-z\"',;{\[]")  # that no blank in any encoding without zero bytes holds
_JUDGED = 300  # lines
_CUT = 64  # characters before the end of a head in which JSON breaks only because it is cut


def kind_of(given: Given) -> Kind:
    """The reader for this file; "none" where there is none (see `refuse`)."""
    if given.path.is_dir():
        return "folder"
    head = _head(given.path)
    if binary := _binary_kind(given.path, head):
        return binary
    return "none" if _no_text(given, head) else _text_kind(given, head)


def refuse(given: Given) -> Problem:
    """Why a file of kind "none" cannot be read: what it is, and what to do."""
    head = _head(given.path)
    found = _no_text(given, head) or Problem(
        f"“{given.name}” is not a table of text.",
        "Nothing in it tells what it holds.",
        "Open it in the program that made it and save it as CSV.",
    )
    return Problem(found.what, found.why, found.fix, Where(str(given.original)))


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(HEAD)


def _binary_kind(file: Path, head: bytes) -> Kind | None:
    if head.startswith((b"PAR1", b"PARE")):
        return "parquet"
    if head.startswith(_ARROW):
        return "arrow"
    if head.startswith(b"PK\x03\x04") and _is_zipped_workbook(file):
        return "workbook"
    if head.startswith(_OLE) and "Workbook" in ole_streams(file, head):
        return "workbook"
    return None


def _is_zipped_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                return b"opendocument.spreadsheet" in mimetype(archive)
            if "content.xml" in names and "META-INF/manifest.xml" in names:
                return b"opendocument.spreadsheet" in opening(archive, "META-INF/manifest.xml")
            return is_excel(names)
    except BROKEN_ZIP:
        return False


def is_excel(names: Collection[str]) -> bool:
    """Whether these are the files in an Excel workbook. Few programs put them into no folder, or write “\\”."""
    plain = [name.replace("\\", "/") for name in names]
    return any(re.match(r"xl/(workbook|worksheets/)", name) for name in plain) or {
        "workbook.xml",
        "_rels/workbook.xml.rels",
        "[Content_Types].xml",
    } <= set(plain)


def ole_streams(file: Path, head: bytes) -> frozenset[str]:
    """Which of the known streams an old Office document (an OLE2 file) holds: its first directory sector says so, and
    where that one is elsewhere their names are looked for in all bytes."""
    known = {
        "Workbook": "Workbook",
        "WORKBOOK": "Workbook",
        "WorkBook": "Workbook",
        "BOOK": "Workbook",
        "Book": "Workbook",
        "WordDocument": "WordDocument",
        "PowerPoint Document": "PowerPoint",
        "EncryptedPackage": "EncryptedPackage",
        "__nameid_version1.0": "Message",
    }
    size = 1 << min(head[30], 12) if len(head) > 52 else 512
    start = (int.from_bytes(head[48:52], "little") + 1) * size
    with file.open("rb") as stream:
        stream.seek(start)
        sector = stream.read(size)
    entries = [sector[at : at + 128] for at in range(0, len(sector), 128)]
    names = {e[: max(0, int.from_bytes(e[64:66], "little") - 2)].decode("utf-16-le", "replace") for e in entries}
    if found := frozenset(known[name] for name in names if name in known):
        return found
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return frozenset(title for name, title in known.items() if data.find(f"{name}\0".encode("utf-16-le")) >= 0)


def _no_text(given: Given, head: bytes) -> Problem | None:
    """Why this is no text that a reader takes; None if it is."""
    if head.startswith(_OLE):
        return _office(given, ole_streams(given.path, head))
    if foreign := foreign_kind(head, given.path):
        return Problem(f"“{given.name}” is {foreign.title}.", foreign.why, foreign.fix, Where(str(given.original)))
    try:
        check_is_text(head, Path(given.name))
    except Problem as problem:
        return problem
    few = max(2, len(head) // 20)  # one or two in a small file are a slip, and stay in their cells
    if len(head) < _SMALL and not is_wide(head) and not are_few_controls(head, few):
        return Problem(
            f"“{given.name}” is not a table of text.",
            "It holds bytes that stand for no characters, as programs and pictures do.",
            "Choose the table itself, saved as CSV.",
            Where(str(given.original)),
        )
    return None


def _office(given: Given, streams: frozenset[str]) -> Problem:
    where = Where(str(given.original))
    if "EncryptedPackage" in streams:
        return Problem(
            f"“{given.name}” is locked with a password.",
            "A workbook that is locked cannot be read.",
            "Open it in Excel, save it without the password, and choose it again.",
            where,
        )
    title = next(
        (
            words
            for name, words in (
                ("WordDocument", "a Word document"),
                ("PowerPoint", "a PowerPoint presentation"),
                ("Message", "a mail from Outlook"),
            )
            if name in streams
        ),
        "an old Office document without a table",
    )
    return Problem(
        f"“{given.name}” is {title}.",
        "Only a table of rows and columns can be read.",
        "If there is a table in it, copy it into Excel and save it as a workbook or as CSV.",
        where,
    )


def _text_kind(given: Given, head: bytes) -> Kind:
    ending = given.path.suffix.lower()
    if ending in _TABLES and _is_no_json(head):
        return "delimited"  # to find the encoding takes longer than all else, and the reader does it anyway
    text, is_all = _decoded(given, head)
    if found := _json_kind(text, ending, is_all=is_all):
        return found
    if ending in _TABLES:
        return "delimited"
    lines = list(io.StringIO(text, newline=""))
    if not is_all and len(lines) > 1:
        lines = lines[:-1]
    if ending in MARKUP:
        return "delimited" if _is_framed(lines) else "text"
    return "delimited" if _is_table(lines[:_JUDGED], ending, is_all=is_all and len(lines) <= _JUDGED) else "text"


def _is_no_json(head: bytes) -> bool:
    """Whether it is plain, whatever the encoding, that text begins otherwise than JSON does."""
    first = _SIGNIFICANT.search(head)
    return first is not None and first[0] not in b"{[" and b"\0" not in head


def _decoded(given: Given, head: bytes) -> tuple[str, bool]:
    """The head as text, and whether this is all there is."""
    is_all = len(head) < HEAD
    try:
        encoding = find_encoding(given.path, only_head=True).name
    except Problem:
        encoding = "latin_1"
    text = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    return text.removeprefix("\ufeff"), is_all


def _json_kind(text: str, ending: str, *, is_all: bool) -> Kind | None:
    """ "json" for one document, "lines" for one a line; None where it is neither."""
    begin = text.lstrip()
    if ending in _LINES:
        return "lines" if not begin or begin[0] in "{[" else None
    if not begin or (begin[0] not in "{[" and ending != ".json"):
        return None
    whole = _parses(begin, is_all=is_all)
    lines = [line for line in begin.splitlines()[:3] if line.strip()]
    if not is_all and len(lines) < 3:  # the last one is cut off
        lines = lines[:-1]
    if not whole and len(lines) > 1 and all(_parses(line, is_all=True) for line in lines[:2]):
        return "lines"
    if whole:
        return "json"
    return "json" if ending == ".json" and begin[0] in "{[" else None


def _parses(text: str, *, is_all: bool) -> bool:
    """Whether this is JSON, or (not `is_all`) the beginning of it."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) - _CUT or error.msg.startswith(("Unterminated", "Invalid \\"))
        return not is_all and cut
    except (RecursionError, ValueError):  # nested deeper than anybody nests; numbers longer than Python takes
        return True
    return True


def _is_framed(lines: list[str]) -> bool:
    """Whether a text is nothing but a table with ruled lines and bars."""
    filled = [line.rstrip("\r\n") for line in lines if line.strip()]
    drawing = drawing_of(filled)
    drawn = sum(line in drawing.ruled or drawing.bar in line for line in filled)
    return bool(drawing.ruled and drawing.bar) and drawn == len(filled)


def _are_columns(lines: list[str], found: Found) -> bool:
    """Whether words set apart by blanks stand in columns: at fixed places, or numbers below one another."""
    rows = [row.cells for row in placed(lines, found.dialect, width=found.width) if len(row.cells) == found.width]
    if len(rows) < _FEWEST:
        return False
    columns = list(zip(*rows[1:], strict=True))
    numbers = sum(typed(column, 1.0) is not None for column in columns)
    if found.dialect.gaps:
        return numbers > 0 or len(columns) > 2
    return numbers > 0 and numbers >= 0.5 * len(columns)


def _is_table(lines: list[str], ending: str, *, is_all: bool) -> bool:
    """Whether rows under one another have cells; a paragraph with as many commas as the next one is no table."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2:
        return False
    found = find_dialect(lines, is_all=is_all)
    if found.width < 2 or found.certain < _SURE:
        return False
    if ending not in _PROSE or found.dialect.delimiter in {"\t", "|", "\x01", "\x1e", "\x1f"}:
        return True
    sign = found.dialect.delimiter.strip()
    if not sign:  # words, set apart by blanks
        return _are_columns(lines, found)
    return sum(f"{sign} " in line for line in filled) < 0.5 * len(filled)
