from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from studio.data.reading.sheets import sheet_head
from studio.data.reading.sheets.sheet_head import beginning
from tests.data.reading.sheets.test_workbook import open_it, xlsx

ROWS = 30_000


def _numbered(row: int) -> str:
    cells = f'<c r="A{row}" t="inlineStr"><is><t>what is {row}?</t></is></c><c r="B{row}"><v>{row}</v></c>'
    return f'<row r="{row}">{cells}</row>'


def _bare(row: int) -> str:
    return f'<row><c t="inlineStr"><is><t>what is {row}?</t></is></c><c><v>{row}</v></c></row>'


def large(file: Path, write: Callable[[int], str], more: str = "") -> Path:
    rows = "".join(write(row) for row in range(1, ROWS + 1))
    return xlsx(file, f"{rows}</sheetData>{more}<sheetData>" if more else rows)


@pytest.mark.parametrize("write", [_numbered, _bare])
def test_the_first_rows_and_where_the_sheet_ends(tmp_path: Path, write: Callable[[int], str]) -> None:
    file = large(tmp_path / "a.xlsx", write)
    found = beginning(str(file), 100)
    assert found is not None
    assert found.last == {"xl/worksheets/sheet1.xml": ROWS}
    with zipfile.ZipFile(found.book) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size < 20_000
    found.book.seek(0)
    rows = CalamineWorkbook.from_object(found.book).get_sheet_by_index(0).to_python()
    assert rows == [[f"what is {row}?", row] for row in range(1, 101)]


def test_a_far_end_is_taken_from_what_the_sheet_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_head, "_MOST_SCANNED", 1 << 20)
    file = xlsx(tmp_path / "a.xlsx", "".join(map(_numbered, range(1, ROWS + 1))), size="A1:B30000")
    found = beginning(str(file), 100)
    assert found is not None
    assert found.last == {"xl/worksheets/sheet1.xml": ROWS}
    assert len(CalamineWorkbook.from_object(found.book).get_sheet_by_index(0).to_python()) == 100


def test_merged_cells_stand_behind_the_rows(tmp_path: Path) -> None:
    file = large(tmp_path / "a.xlsx", _numbered, '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    found = beginning(str(file), 100)
    assert found is not None
    assert CalamineWorkbook.from_object(found.book).get_sheet_by_index(0).merged_cell_ranges == [((0, 0), (0, 1))]


def test_shared_texts_are_cut_behind_the_last_that_is_used() -> None:
    texts = [b"<si><t>%d</t></si>" % number for number in range(200_000)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("s", b'<x:sst xmlns:x="m">' + b"".join(texts).replace(b"si>", b"x:si>") + b"</x:sst>")
    with zipfile.ZipFile(packed) as archive, archive.open("s") as stream:
        cut = b"".join(sheet_head._cut_strings(stream, 3))
    assert cut == b'<x:sst xmlns:x="m">' + b"".join(texts[:3]).replace(b"si>", b"x:si>") + b"</x:sst>"


def test_small_workbooks_are_opened_as_they_are(tmp_path: Path) -> None:
    assert beginning(str(xlsx(tmp_path / "a.xlsx", _numbered(1))), 100) is None
    (tmp_path / "b.xls").write_bytes(b"no archive")
    assert beginning(str(tmp_path / "b.xls"), 100) is None


def test_a_first_look_agrees_with_the_whole(tmp_path: Path) -> None:
    file = large(tmp_path / "a.xlsx", _numbered)
    first, whole = open_it(file, only_head=True), open_it(file)
    assert first.columns == whole.columns
    assert list(first.head(50).rows) == list(whole.head(50).rows)
    assert sum(len(portion.rows) for portion in whole.portions()) == ROWS
