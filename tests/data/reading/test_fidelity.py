"""Every cell as it was: small files whose cells are known, and odd texts written and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.table.table import open_table
from studio.data.table.write import write_rows
from tests.data.tables import imported, rows_of

FILES: dict[str, tuple[bytes, tuple[str, ...], list[tuple[str, ...]]]] = {
    "commas in quotes": (
        b'name,street,town,code\nAda,12 Mill Lane,"Leeds, West Yorkshire",00123',
        ("name", "street", "town", "code"),
        [("Ada", "12 Mill Lane", "Leeds, West Yorkshire", "00123")],
    ),
    "empty cells": (b'x,y,z\n7,"",""\n8,9,10', ("x", "y", "z"), [("7", "", ""), ("8", "9", "10")]),
    "empty cells, CRLF": (b'x,y,z\r\n7,"",""\r\n8,9,10', ("x", "y", "z"), [("7", "", ""), ("8", "9", "10")]),
    "quotes in quotes": (
        b'x,y\n7,"she said ""now"", twice"\n8,9\n',
        ("x", "y"),
        [("7", 'she said "now", twice'), ("8", "9")],
    ),
    "JSON in a cell": (
        b'id,place\n7,"{""kind"": ""Spot"", ""at"": [12.5, -3.0]}"\n',
        ("id", "place"),
        [("7", '{"kind": "Spot", "at": [12.5, -3.0]}')],
    ),
    "degrees, minutes, seconds": (
        "Phone Number,Where It Is,Town\n0301234567,52°31'12.0\"N 13°24'18.0\"E,Berlin".encode(),
        ("Phone Number", "Where It Is", "Town"),
        [("0301234567", "52°31'12.0\"N 13°24'18.0\"E", "Berlin")],
    ),
    "lines in a cell": (
        b'x,y,z\n1,2,3\n"Dear team, \nthank you",5,6\n7,8,9\n',
        ("x", "y", "z"),
        [("1", "2", "3"), ("Dear team, \nthank you", "5", "6"), ("7", "8", "9")],
    ),
    "lines in a cell, CRLF": (
        b'x,y,z\r\n1,2,3\r\n"Dear team, \r\nthank you",5,6\r\n7,8,9\r\n',
        ("x", "y", "z"),
        [("1", "2", "3"), ("Dear team, \r\nthank you", "5", "6"), ("7", "8", "9")],
    ),
    "quotes and lines in a cell": (
        b'x,y\n7,"oh \n""well"" \nthen"\n8,9\n',
        ("x", "y"),
        [("7", 'oh \n"well" \nthen'), ("8", "9")],
    ),
    "simple": (b"x,y,z\n7,8,9\n", ("x", "y", "z"), [("7", "8", "9")]),
    "simple, CRLF": (b"x,y,z\r\n7,8,9\r\n", ("x", "y", "z"), [("7", "8", "9")]),
    "beyond ASCII": (
        "x,y,z\n7,8,9\n10,11,ʤ Ωμέγα 🙂\n".encode(),
        ("x", "y", "z"),
        [("7", "8", "9"), ("10", "11", "ʤ Ωμέγα 🙂")],
    ),
}
NAUGHTY = (
    "", " ", "  both ends  ", "\t", "NA", "N/A", "null", "NULL", "None", "nan", "NaN", "-", "007", "+1", "1E5", "1e-5",
    "0x1F", "1_000", "1,000.50", "1.000,50", "TRUE", "false", "2024-02-30", "12:30", "∞", "undefined", "nil",
    '"', '""', "'", "''", '"quoted"', 'five " inches', "a,b", "a;b|c\td", "=1+1", "@SUM(A1)", "-2+3",
    "\\", "\\n", "\\\"",
    "two\nlines", "two\r\nlines", "old\rline", "\n", "ends with a line\n", "{column}", "%s%n", "${HOME}", "$(true)",
    "`id`",
    "<script>alert(1)</script>", "'; DROP TABLE rows; --", "../../etc/passwd", "http://a.example/?q=1&r=%20",
    "é", "e\u0301", "ﷺ", "ß", "İi", "ŀŁ", "社會科學院語學研究所", "표준국어대사전", "مرحبا", "שלום", "ภาษาไทย", "हिन्दी",
    "👩‍👩‍👧‍👦", "🇩🇪", "\u202edesrever\u202c", "zero\u200bwidth", "\ufeffmark",
    "non\u00a0breaking", "line\u2028separator", "next\u0085line",
    "\u0001\u0002", "bell\a", "\x7f", "\ufffd", "\U0010ffff", "x" * 70_000,
)  # fmt: skip
# A file of many control characters is refused as none of text: they stand among the odd texts above.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r\x0b\x0c\x1c\x85"), max_size=20)


@pytest.mark.parametrize("name", FILES)
def test_a_small_file_gives_its_cells_without_any_setting(name: str, tmp_path: Path) -> None:
    content, columns, rows = FILES[name]
    (tmp_path / "rows.csv").write_bytes(content)
    table, _ = imported(tmp_path / "rows.csv")
    assert (tuple(table.columns), rows_of(table)) == (columns, rows)
    assert table.reading.rejected == 0


def back(folder: Path, rows: list[tuple[str, str]], suffix: str) -> list[tuple[str, ...]]:
    """The rows written and read again; how a CSV file is written is known, the other kinds say it themselves."""
    file = folder / f"rows{suffix}"
    write_rows(file, ("text", "label"), rows)
    delimiter = {".csv": ",", ".tsv": "\t"}.get(suffix)
    list(read_table(file, folder / "table", ReadOptions("utf-8", delimiter, '"', True) if delimiter else ReadOptions()))
    table = open_table(folder / "table")
    assert tuple(table.columns) == ("text", "label")
    return rows_of(table)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_odd_texts_come_back_as_they_were(suffix: str, tmp_path: Path) -> None:
    rows = [(text, f"label {number}") for number, text in enumerate(NAUGHTY)]
    rows += [(f"text {number}", text) for number, text in enumerate(NAUGHTY)]
    assert back(tmp_path, rows, suffix) == rows


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
@example(rows=[("\r", "\n"), ('"', "\r\n"), ("\x1c", "\u2029")])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(
    suffix: str, rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [row for row in rows if any(row)] or [("a", "b")]
    assert back(tmp_path_factory.mktemp("back"), rows, suffix) == rows


@pytest.mark.parametrize("text", NAUGHTY[:-1])
def test_an_odd_text_among_usual_ones_needs_no_setting(text: str, tmp_path: Path) -> None:
    rows = [("what is it", "one"), (text, "two"), ("and where", "three"), ("who knows", "four")]
    write_rows(tmp_path / "rows.csv", ("text", "label"), rows)
    assert rows_of(imported(tmp_path / "rows.csv")[0]) == rows
