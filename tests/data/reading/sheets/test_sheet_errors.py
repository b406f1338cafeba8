from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from studio.data.reading.sheets import sheet_errors


def old(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(stream: bytes) -> bytes:
    """An OLE2 file of 512-byte sectors: its table, its folder, then the stream “Workbook”."""
    sectors = (len(stream) + 511) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    name = "Workbook\0".encode("utf-16-le").ljust(64, b"\0")
    entry = name + struct.pack("<H", 18) + bytes(50) + struct.pack("<II", 2, len(stream)) + bytes(4)
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30] = 9
    header[44:76] = struct.pack("<8I", 1, 1, 0, 0, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header[56:60] = struct.pack("<I", 4096)
    header[76:512] = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + struct.pack("<128I", *table) + entry.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def test_the_older_excel_format(tmp_path: Path) -> None:
    formula = struct.pack("<HHH", 4, 1, 0) + b"\x02\0\x07\0\0\0\xff\xff" + bytes(8)
    number = struct.pack("<HHH", 5, 1, 0) + struct.pack("<d", 7.0) + bytes(8)
    sheet = old(0x0809) + old(0x0205, struct.pack("<HHHBB", 3, 2, 0, 0x2A, 1)) + old(0x0006, formula)
    sheet += old(0x0205, struct.pack("<HHHBB", 6, 2, 0, 1, 0)) + old(0x0006, number) + old(0x000A)
    start = len(old(0x0809) + old(0x0085, bytes(8)) + old(0x000A))
    stream = old(0x0809) + old(0x0085, struct.pack("<I", start) + bytes(4)) + old(0x000A) + sheet
    file = tmp_path / "a.xls"
    file.write_bytes(old_workbook(stream.ljust(5_000, b"\0")))
    assert sheet_errors.error_cells(str(file), 0) == {3: {2: "#N/A"}, 4: {1: "#DIV/0!"}}
    assert sheet_errors.error_cells(str(file), 1) == {}
    file.write_bytes(old_workbook(stream.ljust(5_000, b"\0"))[:900])
    assert sheet_errors.error_cells(str(file), 0) == {}


def test_the_binary_format() -> None:
    found: dict[int, dict[int, str]] = {}
    row = bytes([0, 4]) + struct.pack("<I", 9)
    error = bytes([3, 9]) + struct.pack("<II", 2, 0) + b"\x17"
    wide = bytes([0x80 | 0x1E, 0x01, 0x80 | 0x02, 0x01]) + bytes(130)  # kind and size in two bytes each
    sheet_errors._binary_errors(wide + row + error + bytes([11, 9]) + struct.pack("<II", 3, 0) + b"\x24", found)
    assert found == {9: {2: "#REF!", 3: "#NUM!"}}


def test_formulas_without_results_by_row_of_any_length(tmp_path: Path) -> None:
    cells = {
        1: '<c r="A1"><f>B1</f><v></v></c><c r="B1" t="str"><f>C1</f><v></v></c><c r="C1"><f>D1</f><v>2</v></c>',
        2: '<c r="A2" s="1"/><c r="B2"><f t="shared" si="0"/></c><c r="C2"><v/></c><c r="D2"><f>E2</f><v/></c>',
        3: "".join('<c r="AA3"><f>B1</f></c>' for _ in range(100_000)),
    }
    rows = "".join(f'<row r="{number}">{text}</row>' for number, text in cells.items())
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<w xmlns="m" xmlns:r="{relation}"><sheet r:id="a"/></w>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<r><a Id="a" Target="s.xml"/></r>')
        archive.writestr("xl/s.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    assert sheet_errors.unsolved_cells(str(tmp_path / "a.xlsx"), 0) == {0: 1, 1: 2, 2: 100_000}
