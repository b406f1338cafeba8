from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from studio.data.reading.sheets.sheet_parts import is_locked, sheet_file
from tests.data.reading.sheets.test_sheet_errors import old, old_workbook

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_a_locked_workbook_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a"
    for records, expected in ((old(0x002F, bytes(6)), True), (b"", False)):
        file.write_bytes(old_workbook((old(0x0809) + records + old(0x000A)).ljust(5_000, b"\0")))
        assert is_locked(str(file)) is expected
    for words, expected in (("<m:encryption-data/>", True), ("", False)):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("META-INF/manifest.xml", f"<m:manifest>{words}</m:manifest>")
        assert is_locked(str(file)) is expected


@pytest.mark.parametrize(
    ("workbook", "relations", "sheet", "target"),
    [
        ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/one.xml", "worksheets/one.xml"),
        ("workbook.xml", "_rels/workbook.xml.rels", "one.xml", "one.xml"),
        ("xl\\workbook.xml", "xl\\_rels\\workbook.xml.rels", "xl\\one.xml", "/xl/one.xml"),
    ],
)
def test_where_a_sheet_is_kept(tmp_path: Path, workbook: str, relations: str, sheet: str, target: str) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr(workbook, f'<w xmlns="x" xmlns:r="{RELATIONS}"><sheet r:id="q"/></w>')
        archive.writestr(relations, f'<r><Relationship Id="q" Target="{target}"/></r>')
        archive.writestr(sheet, "")
        assert sheet_file(archive, 0) == sheet
        assert sheet_file(archive, 1) is None
