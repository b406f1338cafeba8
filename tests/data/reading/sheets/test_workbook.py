from __future__ import annotations

import datetime
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from studio.data.reading.apart import ABOVE
from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.container import unpack
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.sheets import sheet_script
from studio.data.reading.sheets import sheets as sheets_module
from studio.data.reading.sheets.grid import UNSOLVED
from studio.data.reading.sheets.workbook import Workbook, open_workbook
from studio.data.reading.source import Given, Rejected
from studio.problems import Problem
from tests.data import tables

ROWS = [["question", "answer"], *[[f"what is {i}", f"it is {i}"] for i in range(20)]]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def fill(sheet: Worksheet, rows: Sequence[Sequence[object]]) -> Worksheet:
    for row in rows:
        sheet.append(list(row))
    return sheet


def book(file: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        fill(workbook.create_sheet(name), rows)
    workbook.save(file)
    return file


def zipped(file: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file


def ods(file: Path, table: str) -> Path:
    names = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    return zipped(
        file,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        },
    )


def xlsx(file: Path, sheet: str, before: str = "", size: str = "A1") -> Path:
    """A workbook of one sheet, whose rows are written as they stand."""
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
    return zipped(
        file,
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'{relations}"{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{relations}"{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">'
            f'<dimension ref="{size}"/><sheetData>{sheet}</sheetData></worksheet>',
        },
    )


def open_it(file: Path, options: ReadOptions = ReadOptions(), *, only_head: bool = False) -> Workbook:
    return open_workbook(Given(file, file, file.name), options, only_head=only_head)


def rows_of(source: Workbook) -> list[list[str]]:
    return [list(row) for portion in source.portions() for row in portion.rows]


def aside_of(source: Workbook) -> list[Rejected]:
    return [row for portion in source.portions() for row in portion.rejected]


def test_a_sheet_becomes_a_table(tmp_path: Path) -> None:
    source = open_it(book(tmp_path / "a.xlsx", Answers=[["Survey of 2024"], *ROWS]))
    assert source.columns == ("question", "answer")
    assert rows_of(source) == ROWS[1:]
    assert list(source.head(5).rows) == ROWS[1:6]
    assert aside_of(source) == [Rejected(1, ABOVE, "Survey of 2024")]
    reading = source.reading(1)
    assert reading.sentence == "sheet “Answers” of an Excel workbook, with a header, 1 line above the table"
    assert (reading.kind, reading.member, reading.members, reading.skip) == ("workbook", "Answers", ("Answers",), 1)
    assert reading.doubts == ()


def test_cells_are_text_as_a_person_sees_them(tmp_path: Path) -> None:
    moment = datetime.datetime(2024, 2, 29, 13, 5, 7)
    values = {
        "007": "007",
        "  padded ": "  padded ",
        "NA": "NA",
        "1E5": "1E5",
        "two\nlines": "two\nlines",
        "=": "=",
        7.0: "7",
        -0.5: "-0.5",
        0.1: "0.1",
        1e15: "1000000000000000.0",
        123456789012345: "123456789012345",
        1e300: "1e+300",
        True: "TRUE",
        datetime.date(2024, 2, 29): "2024-02-29",
        moment: "2024-02-29T13:05:07",
        datetime.time(13, 5): "13:05:00",
        datetime.timedelta(hours=30, seconds=5): "30:00:05",
    }
    rows = [["value"], *[[value] for value in values]]
    source = open_it(book(tmp_path / "a.xlsx", S=rows), ReadOptions(has_header=True))
    assert [row[0] for row in rows_of(source)] == list(values.values())


def test_errors_are_kept(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    fill(workbook.active, [["text", "score"], ["a", 1], ["b", "#N/A"], ["c", "#DIV/0!"], ["d", None]])
    for cell in ("B3", "B4"):
        workbook.active[cell].data_type = "e"
    workbook.save(tmp_path / "a.xlsx")
    assert rows_of(open_it(tmp_path / "a.xlsx")) == [["a", "1"], ["b", "#N/A"], ["c", "#DIV/0!"], ["d", ""]]


def test_the_first_large_sheet_is_taken_and_another_can_be_chosen(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", Notes=[["Read this first"]], June=ROWS[:18], July=ROWS)
    source = open_it(file)
    reading = source.reading(0)
    assert (reading.member, reading.members) == ("June", ("Notes", "June", "July"))
    assert reading.doubts == ("The sheet “June” was taken; “July” might be meant as well.",)
    assert reading.certain <= 0.7
    assert rows_of(source) == ROWS[1:18]
    chosen = open_it(file, ReadOptions(member="July"))
    assert rows_of(chosen) == ROWS[1:]
    assert chosen.reading(0).doubts == ()
    with pytest.raises(Problem, match=r"There is no sheet “May” in “a.xlsx”. Its sheets are “Notes”, “June”, “July”."):
        open_it(file, ReadOptions(member="May"))


def test_a_sheet_of_names_alone_is_not_taken(tmp_path: Path) -> None:
    source = open_it(book(tmp_path / "a.xlsx", Form=[list("abcdefgh")], Rows=ROWS[:3]))
    assert source.reading(0).member == "Rows"


def test_the_head_agrees_with_the_whole(tmp_path: Path) -> None:
    rows = [*ROWS, *[[f"more {i}", "yes"] for i in range(2_000)], ["", ""], ["the end"]]
    file = book(tmp_path / "a.xlsx", A=rows, B=ROWS)
    head, whole = open_it(file, only_head=True), open_it(file)
    assert (head.columns, head.reading(0).sentence) == (whole.columns, whole.reading(0).sentence)
    assert list(head.head(200).rows) == rows_of(whole)[:200] == list(whole.head(200).rows)
    assert len(rows_of(whole)) == 2_020
    assert [row.text for row in aside_of(whole)] == ["the end"]


def test_hidden_sheets_come_last(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    fill(workbook.active, ROWS * 3).sheet_state = "hidden"
    fill(workbook.create_sheet("Seen"), ROWS)
    workbook.save(tmp_path / "a.xlsx")
    reading = open_it(tmp_path / "a.xlsx").reading(0)
    assert (reading.member, reading.members) == ("Seen", ("Seen", "Sheet"))


def test_a_header_that_is_merged_downwards_is_no_row(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    rows = [["Region", "Share", "Change", None], [None] * 4, [None, None, "last quarter", "start (%)"]]
    sheet = fill(workbook.active, [*rows, [None, "(%)", None, None], *[["A", "B", "C", "D"]] * 3])
    for cells in ("A1:A4", "B1:B3", "C1:D2", "C3:C4", "D3:D4"):
        sheet.merge_cells(cells)
    workbook.save(tmp_path / "a.xlsx")
    table, _ = tables.imported(tmp_path / "a.xlsx")
    assert table.columns == ("Region", "Share · (%)", "Change · last quarter", "Change · start (%)")
    assert tables.rows_of(table) == [("A", "B", "C", "D")] * 3
    assert not any("span" in doubt for doubt in table.reading.doubts)


def test_merged_cells_are_told(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    fill(workbook.active, [["ward", "text"], ["3", "a"], [None, "b"], ["4", "c"]]).merge_cells("A2:A3")
    workbook.save(tmp_path / "a.xlsx")
    source = open_it(tmp_path / "a.xlsx")
    assert rows_of(source) == [["3", "a"], ["", "b"], ["4", "c"]]
    assert source.reading(0).doubts[0].startswith("1 cell spans several rows")


def test_a_workbook_in_an_archive(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A=ROWS, B=ROWS[:5])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(file, "a.xlsx")
        archive.writestr("b.csv", "x,y\n1,2\n")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for member, expected in ((None, "a.xlsx › A"), ("a.xlsx", "a.xlsx › A"), ("a.xlsx › B", "a.xlsx › B")):
        options = ReadOptions(member=member)
        reading = open_workbook(unpack(tmp_path / "a.zip", options, scratch), options).reading(0)
        assert (reading.member, reading.members) == (expected, ("a.xlsx › A", "a.xlsx › B", "b.csv"))
        assert reading.file == str(tmp_path / "a.zip")


def test_an_opendocument_sheet(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    rows = [cell.format("text") + cell.format("n"), cell.format("a &amp; b") + number.format("3"), cell.format("c")]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    empty = (
        '<t:table-row t:number-rows-repeated="1048573"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
    )
    source = open_it(ods(tmp_path / "a.ods", table + empty))
    assert rows_of(source) == [["a & b", "3"], ["c", ""]]
    assert source.reading(0).sentence == "sheet “S” of an OpenDocument workbook, with a header"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>a<text:tab/>b</text:p>", "a\tb"),
        ('<text:p>a<text:span>b<text:tab text:tab-ref="2"/></text:span><text:tab></text:tab >c</text:p>', "ab\t\tc"),
        ("<text:p>a<text:line-break/>b</text:p><text:p>c</text:p>", "a\nb\nc"),
        ('<text:p>a<text:s text:c="3"/><text:tab/><text:s/>b</text:p>', "a   \t b"),
        ("<text:p><text:tab-like/>&lt;text:tab/&gt;</text:p>", "<text:tab/>"),
    ],
)
def test_tabs_and_line_breaks_of_opendocument_texts_are_kept(tmp_path: Path, inside: str, text: str) -> None:
    cell = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    file = ods(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>")
    assert rows_of(open_it(file, ReadOptions(has_header=False))) == [[text]]


def test_tabs_are_found_wherever_a_piece_of_the_file_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"<text:p>a<text:tab/>b</text:p>" + b"x" * 40 + b"<text:p>" + b"y" * 40 + b"<text:line-break/></text:p>"
    for size in range(1, len(data)):
        monkeypatch.setattr(sheet_script, "_BLOCK", size)
        pieces = list(sheet_script._whole_tags(io.BytesIO(data)))
        assert b"".join(pieces) == data
        assert sum(len(sheet_script._SIGN.findall(piece)) for piece in pieces) == 2


def test_workbooks_without_rows(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"“a.xlsx” is empty. No cell of its sheets holds anything"):
        open_it(book(tmp_path / "a.xlsx", A=[], B=[]))
    with pytest.raises(Problem, match="The sheet “B” is empty"):
        open_it(book(tmp_path / "a.xlsx", A=ROWS, B=[]), ReadOptions(member="B"))
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("C").add_chart(BarChart())
    workbook.remove(workbook.active)
    workbook.save(tmp_path / "c.xlsx")
    with pytest.raises(Problem, match=r"“c.xlsx” holds charts alone"):
        open_it(tmp_path / "c.xlsx")


def test_damaged_workbooks_are_told_or_read(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A=ROWS)
    whole = file.read_bytes()
    luck = random.Random(7)
    told = []
    for _ in range(6):
        changed = bytearray(whole)
        for _ in range(20):
            changed[luck.randrange(len(changed))] = luck.randrange(256)
        file.write_bytes(changed)
        try:
            rows_of(open_it(file))
        except Problem as problem:
            told.append(problem.what)
    assert told
    assert {what.partition("”")[0] for what in told} == {"“a.xlsx"}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_changed_letter_is_noticed(tmp_path: Path, kind: str) -> None:
    if kind == "xlsx":
        file = xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>honest</t></is></c></row>')
    else:
        cell = '<table:table-cell office:value-type="string"><text:p>honest</text:p></table:table-cell>'
        file = ods(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>")
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:  # not compressed, so that every change is one of letters
        for name, data in parts.items():
            archive.writestr(name, data)
    assert open_it(file, ReadOptions(has_header=True)).columns == ("honest",)
    file.write_bytes(file.read_bytes().replace(b"honest", b"modest"))
    with pytest.raises(Problem, match="cannot be opened"):
        open_it(file)


@pytest.mark.parametrize(
    ("sheet", "before", "match"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>', "",
         "needs too much memory"),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>',
         '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>', "cannot be opened"),
        ('<row r="1"><c r="A1"><v>1', "", "cannot be opened"),
    ],
)  # fmt: skip
def test_workbooks_made_to_do_harm(tmp_path: Path, sheet: str, before: str, match: str) -> None:
    with pytest.raises(Problem, match=f"“a.xlsx” {match}"):
        open_it(xlsx(tmp_path / "a.xlsx", sheet, before))


def test_a_size_that_is_only_claimed_costs_nothing(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', size="A1:XFD1048576")
    assert rows_of(open_it(file, ReadOptions(has_header=False))) == [["1"]]


def test_a_workbook_that_unfolds_to_gigabytes_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "_BOMB_INSIDE", 1 << 20)
    file = xlsx(tmp_path / "a.xlsx", " " * (4 << 20))
    with pytest.raises(Problem, match=r"“a.xlsx” needs too much memory"):
        open_it(file)


def test_one_that_takes_for_ever_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "_SECONDS", 0.0)
    monkeypatch.setattr(sheets_module, "_SECONDS_PER_MB", 0.0)
    with pytest.raises(Problem, match="takes too long to open"):
        open_it(book(tmp_path / "a.xlsx", A=ROWS))


def test_stopping(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A=ROWS)
    with pytest.raises(Stopped):
        open_workbook(Given(file, file, file.name), ReadOptions(), should_stop=lambda: True)


def test_formulas_without_results_are_told_and_none_of_their_rows_is_lost(tmp_path: Path) -> None:
    rows = [["name", "amount", "total"], ["a", 1, "=B2+1"], ["=A2", "=B2", "=C2"], ["b", 2, "=B4+1"]]
    file = book(tmp_path / "a.xlsx", Sheet=[*rows, ["c", 3, 4], ["=A5", "=B5", None]])
    source = open_workbook(Given(file, file, file.name), ReadOptions())
    [portion] = source.portions()
    assert portion.rows == [["a", "1", ""], ["b", "2", ""], ["c", "3", "4"]]
    assert portion.rejected == [Rejected(3, UNSOLVED, ""), Rejected(6, UNSOLVED, "")]
    assert source.head(10) == portion
    [doubt] = source.reading(2).doubts
    assert doubt.startswith("7 cells hold formulas whose results the file does not contain:")


def test_a_workbook_of_nothing_but_formulas_says_so(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", Sheet=[["=1+1", "=2+2"]])
    with pytest.raises(Problem, match="is empty") as caught:
        open_workbook(Given(file, file, file.name), ReadOptions())
    assert "formulas alone" in caught.value.why


@pytest.mark.parametrize(
    ("others", "told"), [(["Notes"], "1 other sheet not read"), (["Notes", "More"], "2 other sheets not read")]
)
def test_sheets_that_were_left_out_are_counted(tmp_path: Path, others: list[str], told: str) -> None:
    source = open_it(book(tmp_path / "a.xlsx", Answers=ROWS, **{name: [["a remark"]] for name in others}))
    assert source.reading(0).sentence == f"sheet “Answers” of an Excel workbook, with a header, {told}"


def test_an_opendocument_file_that_does_not_say_what_it_is(tmp_path: Path) -> None:
    row = "".join(f"<table:table-cell office:value-type='string'><text:p>{c}</text:p></table:table-cell>" for c in "ab")
    whole = ods(tmp_path / "a.ods", f"<table:table-row>{row}</table:table-row>" * 3)
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(tmp_path / "b.ods", "w") as copy:
        for name in ("content.xml", "META-INF/manifest.xml"):
            copy.writestr(name, archive.read(name))
    assert rows_of(open_it(tmp_path / "b.ods")) == rows_of(open_it(whole)) != []


def test_one_that_keeps_a_processor_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "_BUSY_SECONDS", 0.0)
    monkeypatch.setattr(sheets_module, "_SECONDS_PER_MB", 0.0)
    with pytest.raises(Problem, match="takes too long to open"):
        open_it(book(tmp_path / "a.xlsx", A=ROWS))


def test_rows_with_the_same_number_are_told(tmp_path: Path) -> None:
    source = open_it(
        xlsx(
            tmp_path / "a.xlsx",
            "".join(
                f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{text}</t></is></c><c r="B{at}"><v>{at}</v></c></row>'
                for at, text in ((1, "t"), (4, "a"), (3, "b"), (3, "c"))
            ),
        )
    )
    assert rows_of(source) == [["t", "1"], ["c", "3"], ["a", "4"]]
    assert "same number (3)" in source.reading(0).doubts[-1]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = fill(workbook.active, ROWS)
    for row in (3, 5):
        sheet.row_dimensions[row].hidden = True
    workbook.save(tmp_path / "a.xlsx")
    source = open_it(tmp_path / "a.xlsx")
    assert rows_of(source) == ROWS[1:]
    assert source.reading(0).doubts == ("2 rows are hidden in the workbook, and read like the others.",)
