"""A search from the command line: trained, typed into, and a file of queries answered."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from studio.cli.main import main
from tests.cli.training import train
from tests.test_flow import write_csv

THINGS = ("lamp", "bill", "card", "key", "door", "bike", "soup", "bell")


def table(folder: Path) -> Path:
    rows = [(f"where is the {THINGS[n % 8]} {n}", f"the {THINGS[n // 2 % 8]} lies in box {n // 2}") for n in range(80)]
    return write_csv(folder / "things.csv", ["question", "passage"], rows)


def test_a_run_is_searched_in_its_own_passages_and_in_those_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert train(table(tmp_path), run, "--task", "search", "--input", "question", "--target", "passage") == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("where is the key\n\n"))
    assert main(["chat", str(run), "--compare", "--set", "generation.passages=2"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line]
    assert any(line.startswith("40 passages") for line in told)
    assert [line[:11] for line in told if "> " in line] == ["before> 1. ", "before> 2. ", "model> 1. 0", "model> 2. 0"]

    other = write_csv(tmp_path / "other.csv", ["passage"], [("the moon",), ("the sun",), ("The Sun!",)])
    asked = write_csv(tmp_path / "asked.csv", ["question", "note"], [("where is the key", "a"), ("", "b")])
    out = tmp_path / "found.csv"
    assert main(["predict", str(run), str(asked), "--out", str(out), "--passages", str(other)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0])[:4] == ["question", "note", "passage 1", "passage 1 (closeness)"]
    assert {rows[0]["passage 1"], rows[0]["passage 2"]} == {"the moon", "the sun"}
    assert rows[0]["passage 3"] == rows[1]["passage 1"] == ""
    assert float(rows[0]["passage 1 (closeness)"]) >= float(rows[0]["passage 2 (closeness)"])
