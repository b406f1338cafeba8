"""Columns with what points to a person that do not reach the model are named, without a cell of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.data.checkup import unused
from studio.data.checkup.check_up import check_up
from studio.data.checkup.finding import Finding, ordered
from studio.data.roles.columns import Columns
from tests.data.checkup.checked import rows_of, told

NAMES = ("text", "label", "Agent e-mail", "Telephone", "Order", "Date")
CELLS = [
    (f"hello {n}", "a", f"agent{n}@example.org", f"+49 170 12345{n:02}", str(48_100_200 + 37 * n), f"2024-03-{n % 28}")
    for n in range(60)
]  # fmt: skip
SAID = (
    "“Agent e-mail” holds e-mail addresses, “Telephone” holds phone numbers; "
    "they are not used and do not reach the model"
)


def test_columns_that_the_model_does_not_read_are_named(tmp_path: Path) -> None:
    found = told(unused.check, rows_of(tmp_path, CELLS, names=NAMES))["privacy_unused"]
    assert (found.title, found.severity, found.count, found.column) == (SAID, "good", 0, "Agent e-mail")
    assert "agent1" not in str(found)


def test_one_column_and_one_that_keeps_rows_together(tmp_path: Path) -> None:
    one = rows_of(tmp_path, [(*row[:3],) for row in CELLS], names=NAMES[:3])
    said = "“Agent e-mail” holds e-mail addresses; it is not used and does not reach the model"
    assert told(unused.check, one)["privacy_unused"].title == said
    group = replace(one, columns=Columns("text", "label", group="Agent e-mail"))
    said = "“Agent e-mail” holds e-mail addresses; the model does not read this"
    assert told(unused.check, group)["privacy_unused"].title == said


def test_many_columns_are_told_in_one_line(tmp_path: Path) -> None:
    rows = [("hello", "a", *["kim@example.org"] * 5)]
    title = told(unused.check, rows_of(tmp_path, rows, names=("text", "label", *"vwxyz")))["privacy_unused"].title
    assert ", and so on in 2 more; they are not used" in title


def test_nothing_is_said_of_what_the_model_reads_or_of_plain_numbers(tmp_path: Path) -> None:
    rows = [(f"{row[2]} wrote", "a", row[4], row[5]) for row in CELLS]
    assert told(unused.check, rows_of(tmp_path, rows, names=("text", "label", "Order", "Date"))) == {}


def test_a_long_table_is_sampled_up_to_its_end(tmp_path: Path) -> None:
    rows = [(f"hello {n}", "a", "kim@example.org" if n == 1_999 else "") for n in range(2_000)]
    assert (
        told(unused.check, rows_of(tmp_path, rows, names=("text", "label", "note")))["privacy_unused"].column == "note"
    )


def test_it_is_told_with_the_all_clear_before_other_good_news(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, CELLS, names=NAMES)
    [*_, last] = check_up(rows.table, rows.columns, kind="classify")
    titles = [one.title for one in last.findings if one.severity == "good"]
    assert titles[0] == SAID
    assert any(title.startswith("No e-mail addresses") and "in what the model reads" in title for title in titles)
    plain, named = Finding("a", 0, (), "good", "x"), Finding("b", 0, (), "good", "y", column="c")
    assert ordered([plain, named]) == (named, plain)


def test_a_stop_ends_it(tmp_path: Path) -> None:
    assert list(unused.check(rows_of(tmp_path, CELLS, names=NAMES), lambda: True)) == []


def test_a_worse_answer_is_read_where_answers_are_compared(tmp_path: Path) -> None:
    cells = [(f"question {n}", f"answer {n}", f"write to person{n}@example.org") for n in range(20)]
    columns, names = Columns("text", "better", rejected="worse"), ("text", "better", "worse")
    compared = rows_of(tmp_path, cells, names=names, columns=columns, kind="prefer")
    assert "privacy_unused" not in told(unused.check, compared)
    answers = rows_of(tmp_path, cells, names=names, columns=columns, kind="answer")
    assert "privacy_unused" in told(unused.check, answers)
