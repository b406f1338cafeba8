from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from studio.data.table.edits import DeleteRows, SetCells
from studio.data.table.table import REJECTED_FILE
from studio.data.table.write import write_rejected, write_rows, write_table
from studio.problems import Problem
from tests.data.snapshots import snapshot

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


def test_json_lines_hold_one_object_a_row(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.jsonl", ("text", "label"), [*ROWS, ("a\u2028b", "\0")])
    raw = (tmp_path / "a.jsonl").read_bytes()
    assert "ü".encode() in raw
    lines = raw.decode("utf-8").removesuffix("\n").split("\n")
    assert [tuple(json.loads(line).items()) for line in lines] == [
        (("text", text), ("label", label)) for text, label in [*ROWS, ("a\u2028b", "\0")]
    ]


def test_a_table_is_written_with_its_edits_and_without_deleted_rows(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "table", ("x", "y"), [["a", "1"], ["b", "2"], ["c", "3"], ["d", "4"]])
    edited = table.with_edits([DeleteRows((1,)), SetCells("y", ((3, "four"),))])
    assert write_table(edited, tmp_path / "b.parquet") == 3
    written = pq.read_table(tmp_path / "b.parquet").to_pylist()
    assert [tuple(row.values()) for row in written] == [("a", "1"), ("c", "3"), ("d", "four")]


def test_the_rows_set_aside_are_written_with_line_and_reason(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "table", ("x",), [["a"]], rejected=2)
    assert write_rejected(table, tmp_path / "aside.csv") == 2
    with (tmp_path / "aside.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["line", "reason", "text"], ["0", "It is short.", "a;“b”\nc"], ["1", "It is short.", "a;“b”\nc"],
        ]  # fmt: skip
    (table.folder / REJECTED_FILE).unlink()
    assert write_rejected(table, tmp_path / "aside.csv") == 0


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
