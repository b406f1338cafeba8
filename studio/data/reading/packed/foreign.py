"""Kinds of files that hold no table that could be read, told by their first bytes.

In: the head of a file. Out: what it is in words and what to do with it, or None for what may be text.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple


class Foreign(NamedTuple):
    """A kind of file: its `title` ("a PDF document"), `why` it is not read, and what to do (`fix`)."""

    title: str
    why: str
    fix: str


BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, IndexError)
_NO_TABLE = "Only a table of rows and columns can be read."
_COPY = "If there is a table in it, copy it into Excel and save it as a workbook or as CSV."
_SAVE = "Open it in the program that made it and save it as CSV."
_STATISTICS = "Files of statistics programs are not read."
_SCIENCE = "Its numbers are kept in a way that is not read here."
_MAY_RUN = "Opening such a file can run a program that is hidden in it, so it is never opened here."
_UNPACK = "Unpack it yourself and choose the table."

_DOCUMENT = (_NO_TABLE, _COPY)
_PICTURE = ("A picture holds no text.", "Choose the table itself, saved as CSV.")
_SOUND = ("A recording holds no text.", "Choose the table itself, saved as CSV.")
_PROGRAM = ("A program holds no table.", "Choose the table itself, saved as CSV.")
_DATABASE = ("Databases are not read.", "Open it in the program that made it and save the table as CSV.")
_ARCHIVE = ("Archives of this kind are not unpacked here.", _UNPACK)

_BEGINNINGS: tuple[tuple[bytes, str, tuple[str, str]], ...] = (
    (b"%PDF-", "a PDF document", _DOCUMENT),
    (b"{\\rtf", "a word processor's document (RTF)", _DOCUMENT),
    (b"%!PS", "a PostScript document", _DOCUMENT),
    (b"\x89PNG", "a picture", _PICTURE),
    (b"\xff\xd8\xff", "a picture", _PICTURE),
    (b"GIF8", "a picture", _PICTURE),
    (b"II*\x00", "a picture", _PICTURE),
    (b"MM\x00*", "a picture", _PICTURE),
    (b"\x00\x00\x01\x00", "a picture", _PICTURE),
    (b"8BPS", "a picture", _PICTURE),
    (b"ID3", "a recording", _SOUND),
    (b"OggS", "a recording", _SOUND),
    (b"fLaC", "a recording", _SOUND),
    (b"\x1aE\xdf\xa3", "a film", ("A film holds no text.", "Choose the table itself, saved as CSV.")),
    (b"\x7fELF", "a program", _PROGRAM),
    (b"MZ\x90", "a program", _PROGRAM),
    (b"SQLite format 3\x00", "a database (SQLite)", _DATABASE),
    (b"\x00\x01\x00\x00Standard Jet DB", "a database (Access)", _DATABASE),
    (b"\x00\x01\x00\x00Standard ACE DB", "a database (Access)", _DATABASE),
    (b"Obj\x01", "an Avro file", ("Avro files are not read.", "Save the table as CSV or Parquet.")),
    (b"ORC", "an ORC file", ("ORC files are not read.", "Save the table as CSV or Parquet.")),
    (b"SEQ\x06", "a Hadoop sequence file", ("Such files are not read.", "Save the table as CSV or Parquet.")),
    (b"<stata_dta>", "a Stata file", (_STATISTICS, "In Stata, save it with “export delimited”.")),
    (b"$FL2", "an SPSS file", (_STATISTICS, "In SPSS, save it as CSV.")),
    (b"$FL3", "an SPSS file", (_STATISTICS, "In SPSS, save it as CSV.")),
    (b"HEADER RECORD*******LIBRARY HEADER", "a SAS file", (_STATISTICS, "In SAS, save it with “proc export” as CSV.")),
    (bytes(12) + b"\xc2\xea\x81\x60", "a SAS file", (_STATISTICS, "In SAS, save it with “proc export” as CSV.")),
    (b"RDX2\n", "an R file", (_STATISTICS, "In R, save the table with write.csv.")),
    (b"RDX3\n", "an R file", (_STATISTICS, "In R, save the table with write.csv.")),
    (b"RDA3\n", "an R file", (_STATISTICS, "In R, save the table with write.csv.")),
    (b"X\n\x00\x00\x00", "an R file", (_STATISTICS, "In R, save the table with write.csv.")),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", (_SCIENCE, _SAVE)),
    (b"CDF\x01", "a NetCDF file", (_SCIENCE, _SAVE)),
    (b"CDF\x02", "a NetCDF file", (_SCIENCE, _SAVE)),
    (b"\x93NUMPY", "a NumPy file", (_SCIENCE, "In Python, save the table as CSV or Parquet.")),
    (b"MATLAB 5.0", "a MATLAB file", (_SCIENCE, "In MATLAB, save the table with writetable.")),
    (b"GGUF", "a language model", ("A model is no table.", "Choose the table that holds your texts.")),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _ARCHIVE),
    (b"Rar!\x1a\x07", "a RAR archive", _ARCHIVE),
    (b"MSCF\x00\x00", "a cabinet archive", _ARCHIVE),
    (b"\x1f\x9d", "a compressed file", _ARCHIVE),
    (b"\x04\x22\x4d\x18", "a compressed file (LZ4)", _ARCHIVE),
    (b"\xff\x06\x00\x00sNaPpY", "a compressed file (Snappy)", _ARCHIVE),
    (b"\x09\x08\x10\x00\x00\x06", "a very old Excel file", ("Its format is no longer read.", _SAVE)),
    (b"\x09\x00\x04\x00", "a very old Excel file", ("Its format is no longer read.", _SAVE)),
    (b"\x09\x02\x06\x00", "a very old Excel file", ("Its format is no longer read.", _SAVE)),
    (b"\x09\x04\x06\x00", "a very old Excel file", ("Its format is no longer read.", _SAVE)),
)
_PATTERNS: tuple[tuple[re.Pattern[bytes], str, tuple[str, str]], ...] = (
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), "a picture", _PICTURE),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "a picture", _PICTURE),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )", re.DOTALL), "a recording", _SOUND),
    (re.compile(rb".{4}ftyp", re.DOTALL), "a picture, a film or a recording", _SOUND),
    (re.compile(rb".{8}DUCK", re.DOTALL), "a database (DuckDB)", _DATABASE),
    (re.compile(rb"[\x69\x6c\x6e-\x73][\x01\x02]\x01\x00"), "a Stata file",
     (_STATISTICS, "In Stata, save it with “export delimited”.")),
    (re.compile(rb"\x80[\x02-\x05][\x95(}\])c]"), "a Python pickle",
     (_MAY_RUN, "In Python, save the table as CSV or Parquet.")),
)  # fmt: skip
_MARKS = (b"\xef\xbb\xbf",)
_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|table|meta|script|style)\b", re.I | re.S
)
_XML = re.compile(rb"\s*<(?:\?xml|xml|svg)[\s>]", re.I)
_WEB = ("A web page is not read as a table.",
        "Open it in Excel, check the table, and save it as a workbook or as CSV.")  # fmt: skip
_ENDINGS = {
    ".html": ("a web page", _WEB),
    ".htm": ("a web page", _WEB),
    ".pkl": ("a Python pickle", (_MAY_RUN, "In Python, save the table as CSV or Parquet.")),
    ".pickle": ("a Python pickle", (_MAY_RUN, "In Python, save the table as CSV or Parquet.")),
}


def foreign_kind(head: bytes, file: Path) -> Foreign | None:
    """What a file is that begins with `head`, where it is known to hold nothing to read."""
    for beginning, title, words in _BEGINNINGS:
        if head.startswith(beginning):
            return Foreign(title, *words)
    for pattern, title, words in _PATTERNS:
        if pattern.match(head):
            return Foreign(title, *words)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file)
    return _marked_up(head) or _by_ending(head, file)


def _zipped(file: Path) -> Foreign:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            kind = mimetype(archive) if "mimetype" in names else b""
    except BROKEN_ZIP:
        return Foreign("a damaged archive", "Some of its bytes are missing or changed.", "Fetch or copy it again.")
    if "word/document.xml" in names or b"opendocument.text" in kind:
        return Foreign("a word processor's document", *_DOCUMENT)
    if "ppt/presentation.xml" in names or b"opendocument.presentation" in kind:
        return Foreign("a presentation", *_DOCUMENT)
    if "Index/Document.iwa" in names:
        return Foreign("a document of Numbers, Pages or Keynote", "Apple's documents are not read.",
                       "Open it there and export it as an Excel workbook or as CSV.")  # fmt: skip
    if b"epub" in kind:
        return Foreign("a book (EPUB)", *_DOCUMENT)
    if names and all(name.endswith(".npy") for name in names):
        return Foreign("a NumPy file", _SCIENCE, "In Python, save the table as CSV or Parquet.")
    return Foreign("an archive without a table", "None of the files in it is a table.", _UNPACK)


def mimetype(archive: zipfile.ZipFile) -> bytes:
    """What a document in a ZIP archive says that it is; no more of it is read than any such statement is long."""
    return opening(archive, "mimetype", 200)


def opening(archive: zipfile.ZipFile, name: str, most: int = 20_000) -> bytes:
    """The first bytes of a file in a ZIP archive."""
    with archive.open(name) as stream:
        return stream.read(most)


def _marked_up(head: bytes) -> Foreign | None:
    """HTML and XML, also where they call themselves a workbook or a CSV file, in two-byte units too."""
    begin = head[: 8 << 10].removeprefix(b"\xef\xbb\xbf")
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        begin = begin[2:].replace(b"\0", b"")
    if _HTML.match(begin):
        return Foreign("a web page", *_WEB)
    if not _XML.match(begin):
        return None
    if b"urn:schemas-microsoft-com:office:spreadsheet" in begin:
        return Foreign("a workbook in Excel's old XML format", "This format is not read.",
                       "Open it in Excel and save it as a workbook (.xlsx).")  # fmt: skip
    if re.search(rb"<html\b", begin, re.I):
        return Foreign("a web page", *_WEB)
    return Foreign("an XML document", "XML is not read as a table.",
                   "If it came from a program, have that program save the table as CSV.")  # fmt: skip


def _by_ending(head: bytes, file: Path) -> Foreign | None:
    ending = file.suffix.lower()
    if ending not in _ENDINGS or (ending in {".html", ".htm"} and not head.lstrip().startswith(b"<")):
        return None
    title, words = _ENDINGS[ending]
    return Foreign(title, *words)
