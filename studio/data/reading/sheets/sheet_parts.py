"""Where in a workbook's file its sheets are kept, and the records that the binary kinds are made of.

In: a workbook. Out: the name of a sheet's file in it, its bytes, the records in them; whether it is locked. Runs in the
process of sheet_script.py alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

_NO_SECTOR = 0xFFFFFFFA  # from here on a number stands for no sector
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MANIFEST = "META-INF/manifest.xml"
_MOST_MANIFEST = 1 << 20  # bytes


def sheet_file(archive: zipfile.ZipFile, place: int) -> str | None:
    """Where in an .xlsx or .xlsb file the sheet at this place is kept. Few programs put the files into no folder, or
    write “\\” between a folder and a name."""
    names = {name.replace("\\", "/"): name for name in archive.namelist()}
    folder = "xl/" if any(name.startswith("xl/") for name in names) else ""
    text, binary = (f"{folder}workbook{ending}" for ending in (".xml", ".bin"))
    relations = next((found for name in (text, binary) if (found := _beside(name)) in names and name in names), None)
    if relations is None:
        return None
    if text in names:
        sheets = [e for e in ElementTree.fromstring(archive.read(names[text])).iter() if e.tag.endswith("}sheet")]
        identities = [sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or "" for sheet in sheets]
    else:
        bundles = [body for kind, body in binary_records(archive.read(names[binary])) if kind == 156]
        identities = [body[12 : 12 + 2 * int.from_bytes(body[8:12], "little")].decode("utf-16-le") for body in bundles]
    if place >= len(identities):
        return None
    for relation in ElementTree.fromstring(archive.read(names[relations])):
        if relation.get("Id") == identities[place]:
            target = relation.get("Target", "").replace("\\", "/")
            return names.get(target.lstrip("/") if target.startswith("/") else f"{folder}{target}")
    return None


def _beside(name: str) -> str:
    """The file that tells where what is named in a file is kept."""
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels".lstrip("/")


def is_locked(file: str) -> bool:
    """Whether a workbook that could not be read says that it is encrypted: an .ods file in its list of files, an .xls
    file in a FilePass record ([MS-XLS] 2.4.117)."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            if _MANIFEST not in archive.namelist():
                return False
            with archive.open(_MANIFEST) as stream:
                return b"encryption-data" in stream.read(_MOST_MANIFEST)
    with open(file, "rb") as stream:
        return any(kind == 0x002F for kind, _ in old_records(ole_stream(stream.read()), 0))


def binary_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and contents of each record: both numbers before it take seven bits a byte ([MS-XLSB] 2.1.4)."""
    at = 0
    while at < len(data):
        kind, at = _seven_bits(data, at, 2)
        size, at = _seven_bits(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _seven_bits(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for number in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << 7 * number
        if byte < 0x80:
            break
    return value, at


def old_records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and contents of each record up to the end of this part of the stream; charts inside a sheet are skipped."""
    depth = 0
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        depth += (kind == 0x0809) - (kind == 0x000A)
        if depth <= 1:
            yield kind, data[at + 4 : at + 4 + size]
        if depth == 0:
            return
        at += 4 + size


def ole_stream(data: bytes) -> bytes:
    """The stream “Workbook” (“Book” before 1997) of an OLE2 file ([MS-CFB] 2.2 to 2.6); empty where there is none."""
    if len(data) < 512:
        return b""
    size = 1 << min(data[30], 12)
    word = [int.from_bytes(data[at : at + 4], "little") for at in range(0, 512, 4)]

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    lists, following = [number for number in word[19:128] if number < _NO_SECTOR], word[17]
    for _ in range(len(data) // size):
        if following >= _NO_SECTOR:
            break
        more = _words(sector(following))
        lists += [number for number in more[:-1] if number < _NO_SECTOR]
        following = more[-1] if more else _NO_SECTOR
    table = [number for place in lists[: len(data) // size] for number in _words(sector(place))]
    folder = b"".join(sector(number) for number in _chain(table, word[12]))
    entries = [folder[at : at + 128] for at in range(0, len(folder), 128)]
    for entry in entries:
        if entry[:64].decode("utf-16-le", "replace").partition("\0")[0].lower() in {"workbook", "book"}:
            start, length = _words(entry[116:124])
            if length >= word[14]:
                return b"".join(sector(number) for number in _chain(table, start))[:length]
            small = _words(b"".join(sector(number) for number in _chain(table, word[15])))
            inside = b"".join(sector(number) for number in _chain(table, _words(entries[0][116:120])[0]))
            return b"".join(inside[number * 64 : number * 64 + 64] for number in _chain(small, start))[:length]
    return b""


def _words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data) - 3, 4)]


def _chain(table: list[int], number: int) -> Iterator[int]:
    """The sectors from this one on, no more than there are."""
    for _ in range(len(table)):
        if number >= len(table):
            return
        yield number
        number = table[number]
