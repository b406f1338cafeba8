"""Rows without a label are counted and read, but for texts that watch or are tested."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from studio.data.parts import unlabelled as unlabelled_rows
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import split
from studio.data.parts.unlabelled import count_unlabelled, unlabelled
from studio.data.roles.columns import Columns
from studio.data.table.table import open_table
from studio.flow import import_table

COLUMNS = Columns(input="text", target="label", part="part")


def dataset(folder: Path, rows: list[tuple[str, str, str]]) -> Dataset:
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label", "part"), *rows])
    list(import_table(folder / "rows.csv", folder / "table"))
    table = open_table(folder / "table")
    return split(table, COLUMNS, kind="classify", watching_share=0, test_share=0, seed=0)


def rows(others: list[str]) -> list[tuple[str, str, str]]:
    known = [(f"text number {n} about {label}", label, "train") for n in range(6) for label in ("tea", "rain")]
    apart = [("watched text", "tea", "validation"), ("tested text", "rain", "test")]
    return [*known, *apart, *((text, "", "train") for text in others)]


def test_texts_without_a_label_are_read_but_for_those_that_watch_or_are_tested(tmp_path: Path) -> None:
    found = dataset(tmp_path, rows(["one more", "Watched  text", "tested text", "another"]))
    assert count_unlabelled(found) == 4
    read = list(unlabelled(found))
    assert [row.input for row in read] == ["one more", "another"]
    assert all(row.target == "" for row in read)


def test_of_very_many_some_are_taken_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlabelled_rows, "MOST_UNLABELLED", 4)
    found = dataset(tmp_path, rows([f"other {n}" for n in range(10)]))
    assert [row.input for row in unlabelled(found)] == ["other 0", "other 3", "other 6", "other 9"]


def test_a_table_where_all_rows_have_a_label_has_none(tmp_path: Path) -> None:
    found = dataset(tmp_path, rows([]))
    assert count_unlabelled(found) == 0
    assert list(unlabelled(found)) == []
