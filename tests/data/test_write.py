from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from studio.data.write import write_rows
from studio.problems import Problem

ROWS = [('two\r\nlines, "quoted"', "007"), ("", "NA"), (" ;\t|", "ü")]


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t"), ("A.CSV", ",")])
def test_text_reads_back_with_any_reader(tmp_path: Path, name: str, delimiter: str) -> None:
    write_rows(tmp_path / name, ("text", "label"), iter(ROWS))
    with (tmp_path / name).open(encoding="utf-8", newline="") as lines:
        assert [tuple(row) for row in csv.reader(lines, delimiter=delimiter)] == [("text", "label"), *ROWS]


def test_parquet_reads_back(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.parquet", ("text", "label"), iter(ROWS))
    table = pq.read_table(tmp_path / "a.parquet")
    assert [tuple(row.values()) for row in table.to_pylist()] == ROWS


def test_no_rows_leave_the_columns(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.parquet", ("text",), [])
    assert pq.read_table(tmp_path / "a.parquet").column_names == ["text"]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be written"):
        write_rows(tmp_path / "a.xlsx", ("text",), [])


def test_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    def rows() -> object:
        yield ("a",)
        raise OSError("gone")

    file = tmp_path / "a.csv"
    file.write_text("old")
    with pytest.raises(OSError, match="gone"):
        write_rows(file, ("text",), rows())  # type: ignore[arg-type]
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["a.csv"]
