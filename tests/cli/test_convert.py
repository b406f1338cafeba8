"""What `convert` writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import datasets
import pytest

from studio.cli.main import main
from tests.test_flow import messages


def test_convert_gives_the_same_cells(table: Path, tmp_path: Path) -> None:
    assert main(["convert", str(table), "--out", str(tmp_path / "a.parquet")]) == 0
    assert main(["convert", str(table), "--out", str(tmp_path / "b.csv")]) == 0
    for name in ("b.csv", "messages.csv"):
        with (tmp_path / name).open(newline="", encoding="utf-8") as file:
            assert list(csv.reader(file)) == [["text", "topic"], *messages(60)]


def test_what_the_user_knows_better_about_a_file_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes("'größer; als'|a,b\n'hübsch'|c,d\n".encode("cp850"))
    how = ["--encoding", "cp850", "--delimiter", "|", "--quote", "'", "--no-header"]
    assert main(["inspect", str(file), "--json", *how]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["encoding"], values["delimiter"], values["quote"], values["has_header"]) == (
        "cp850",
        "|",
        "'",
        False,
    )
    assert main(["convert", str(file), "--out", str(tmp_path / "out.csv"), *how]) == 0
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as lines:
        assert list(csv.reader(lines))[1:] == [["größer; als", "a,b"], ["hübsch", "c,d"]]


def test_files_named_after_their_parts_become_a_data_set_with_splits(tmp_path: Path) -> None:
    for name, first in (("train.csv", "learn"), ("test.csv", "judge")):
        rows = "".join(f'"{first} this message, number {number}","{"ab"[number % 2]}"\n' for number in range(20))
        (tmp_path / name).write_text(f"text,label\n{rows}", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("train.csv", "test.csv")]
    assert main(["convert", *files, "--out", str(tmp_path / "set")]) == 0
    read = datasets.load_from_disk(str(tmp_path / "set"))
    assert {name: rows["text"][0] for name, rows in read.items()} == {
        "train": "learn this message, number 0",
        "test": "judge this message, number 0",
    }


@pytest.mark.parametrize("bad", [["--out", "a.xlsx"], ["--out", "a.csv", "--rejected", "b"]])
def test_an_ending_that_cannot_be_written_is_refused_before_anything_is_read(
    bad: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "nothing-here.csv", *bad]) == 1
    said = capsys.readouterr()
    assert "cannot be written" in said.err
    assert said.out == ""


def test_a_folder_that_is_there_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "nothing-here.csv", "--out", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_where_the_rows_set_aside_can_be_seen_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "a.csv", str(tmp_path / "b.csv")
    file.write_text("Report of May\n\nid;text;sum\n1;one;3\n2;two;4\n3;three;5\n", encoding="utf-8")
    assert main(["convert", str(file), "--out", out]) == 0
    assert "--rejected ASIDE.csv" in capsys.readouterr().out
    assert main(["convert", str(file), "--out", out, "--rejected", str(tmp_path / "c.csv")]) == 0
    assert "ASIDE" not in capsys.readouterr().out
