"""The columns that are looked for decide where looking at the file did not find them, and only there."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.table.table import Table, open_table

FACTS = [
    "name: Moss | type: rug | made of: wool, felt | price: 96 €",
    "name: Oak | type: desk | made of: oak | price: 96 €",
    "name: A | type: b | made of: c | price: 96 €",
]  # bars in few lines look like a drawn table


def written(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue()


def read(
    folder: Path, content: bytes, *expected: str, options: ReadOptions = ReadOptions(), name: str = "asked.csv"
) -> Table:
    (folder / name).write_bytes(content)
    list(read_table(folder / name, folder / "table", options, expected=expected))
    return open_table(folder / "table")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_one_column_of_cells_with_bars_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    content = written([["facts"], *([text] for text in FACTS)], delimiter).encode(encoding)
    assert read(tmp_path, content).columns != ("facts",)
    table = read(tmp_path, content, "facts")
    assert (table.columns, list(table.column("facts")), table.reading.rejected) == (("facts",), FACTS, 0)


@pytest.mark.parametrize("name", ["asked.txt", "asked.csv.gz"])
def test_whatever_the_file_is_called_or_packed_in(tmp_path: Path, name: str) -> None:
    content = written([["facts"], *([text] for text in FACTS)]).encode("cp1252")
    table = read(tmp_path, gzip.compress(content) if name.endswith(".gz") else content, "facts", name=name)
    assert list(table.column("facts")) == FACTS


def test_cells_set_apart_by_bars(tmp_path: Path) -> None:
    content = b"2023|2024\nroof|tree\ndoor|grass\n"
    assert read(tmp_path, content).columns == ("column 1", "column 2")
    table = read(tmp_path, content, "2024")
    assert (table.columns, list(table.column("2024"))) == (("2023", "2024"), ["tree", "grass"])


def test_a_sign_that_stands_in_the_cells_does_not_cut_them(tmp_path: Path) -> None:
    """A single name is the same whatever sets the cells apart."""
    texts = [text.replace("€", "euros; each") for text in FACTS]
    table = read(tmp_path, "\n".join(["facts", *texts]).encode(), "facts")
    assert (table.columns, list(table.column("facts"))) == (("facts",), texts)


@pytest.mark.parametrize("expected", [("text",), ("text", "label")])
def test_what_looking_finds_stays_as_it_is(tmp_path: Path, expected: tuple[str, ...]) -> None:
    content = 'Report of May\n\ntext;label\n"a, b";x\nc|d;y\ne;z\n'.encode("cp1252")
    plain, told = read(tmp_path, content), read(tmp_path, content, *expected)
    assert plain.columns == ("text", "label")
    assert (told.columns, list(told.column("text"))) == (plain.columns, list(plain.column("text")))
    assert told.reading == plain.reading


@pytest.mark.parametrize(
    ("expected", "options"),
    [("price", ReadOptions()), ("facts", ReadOptions(delimiter="|")), ("facts", ReadOptions(has_header=False))],
)
def test_nothing_changes_for_other_names_and_where_somebody_told_how(
    tmp_path: Path, expected: str, options: ReadOptions
) -> None:
    content = written([["facts"], *([text] for text in FACTS)]).encode()
    plain = read(tmp_path, content, options=options)
    assert read(tmp_path, content, expected, options=options).reading == plain.reading


def test_a_workbook_is_left_alone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["2023", "2024"], ["roof", "tree"], ["door", "grass"]):
        book.active.append(cells)
    book.save(tmp_path / "book.xlsx")
    content = (tmp_path / "book.xlsx").read_bytes()
    plain, told = (read(tmp_path, content, *names, name="asked.xlsx") for names in ((), ("price",)))
    assert (told.columns, told.reading) == (plain.columns, plain.reading)
