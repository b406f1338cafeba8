"""What is told of the rows before training: once each, with what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.config.goals import TaskKind
from studio.data.parts.notices import FEW_TESTED, before_training, few_tested
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.data.table.table import Table
from studio.evaluation.verdict import FEWEST_ROWS
from studio.events import Warned
from tests.data.tables import table_of

Rows = list[tuple[str, str]]
COLUMNS = ("text", "label")


def rows_of(label: str, count: int) -> Rows:
    return [(f"{label} number {i}", label) for i in range(count)]


GOOD = rows_of("a", 10) + rows_of("b", 10)


def told(folder: Path, rows: Rows, test: Rows | None = None, kind: TaskKind = "classify") -> list[Warned]:
    test_table: Table | None = table_of(folder, COLUMNS, test, "test.csv") if test is not None else None
    dataset = split(
        table_of(folder, COLUMNS, rows), Columns("text", "label"), kind=kind, watching_share=0.1, test_share=0.1,
        seed=0, test_table=test_table,
    )  # fmt: skip
    return list(before_training(dataset, kind=kind))


def test_good_rows_need_no_word(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []


def test_rows_that_are_left_out_are_counted_in_good_english_with_a_way_out(tmp_path: Path) -> None:
    found = told(tmp_path, [*GOOD, ("one", ""), ("", "a"), ("", "b")])
    assert [event.what for event in found] == ["1 row is left out: no label.", "2 rows are left out: no text."]
    assert all("Fill in the empty cells" in event.fix for event in found)


def test_rows_of_the_test_file_are_told_as_such(tmp_path: Path) -> None:
    found = told(tmp_path, GOOD, [("A number 1", "a"), ("odd", "new"), ("who knows", " ")])
    assert [event.what for event in found] == [
        "1 row is left out: also in the test file.",
        "1 row is left out: no label (test file).",
        "1 test row has a label that no training row has: “new”.",
    ]
    assert "Nothing to do" in found[0].fix
    assert "count as wrong" in found[2].fix


def test_a_label_with_one_example_is_told(tmp_path: Path) -> None:
    (found,) = told(tmp_path, [*GOOD, *rows_of("c", 4), ("alone", "d")])
    assert found.what == "2 labels have fewer than 5 rows: “c”, “d”. Only one row: “d”."
    assert "one alone is not tested" in found.fix


def test_each_thing_that_hinders_learning_is_told_once(tmp_path: Path) -> None:
    found = told(tmp_path, [*GOOD, *rows_of("A", 6), ("a number 3", "b"), ("B number 1!", "b"), ("no label", "")])
    assert [event.what for event in found] == [
        "1 row is left out: no label.",
        "6 rows have a label that differs from another only by capitals or spaces: “A”.",
        "13 rows have the same text as another row, but a different label.",
        "8 rows repeat a text that stands further up.",
    ]
    assert all(event.fix for event in found)


def test_answers_have_no_word_on_labels(tmp_path: Path) -> None:
    found = told(tmp_path, [*GOOD, ("A number 1", "another")], kind="answer")
    assert [event.what for event in found] == ["1 row repeats a text that stands further up."]


def test_too_few_test_rows_are_told_where_the_judge_would_give_no_verdict(tmp_path: Path) -> None:
    assert FEW_TESTED == FEWEST_ROWS
    table = table_of(tmp_path, ["text", "label"], [(f"text {n}", "ab"[n % 2]) for n in range(100)])
    data = split(table, Columns("text", "label"), kind="classify", watching_share=0.1, test_share=0.1, seed=0)
    told = few_tested(data)
    assert told is not None
    said = "Only 10 test rows, too few to say whether the model is better"
    assert told.what == f"{said}: a single row changes the result by 10 %."
    numbers = few_tested(replace(data, labels=()))
    assert numbers is not None
    assert numbers.what == f"{said}."  # a row changes a rating by as much as it is off
    assert few_tested(replace(data, parts={**data.parts, "test": tuple(range(30))})) is None
