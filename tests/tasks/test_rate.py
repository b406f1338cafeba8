"""Rating: a text or a pair is read, a number is learned, and what cannot teach is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import rows_at
from studio.data.roles.columns import Columns
from studio.data.roles.target import settled
from studio.problems import Problem
from studio.tasks.task import task_for
from tests.data.tables import table_of
from tests.evaluation.heads import rows_for


def test_a_pair_is_two_turns_also_where_it_is_typed(tmp_path: Path) -> None:
    config = change(change(Config(), "task.kind", "rate"), "data.template", "{a}\n\n{b}")
    task = task_for(config)
    table = table_of(tmp_path, ["a", "b", "score"], [("one", "two", "4.5"), ("three", " ", "1")])
    columns = settled(table, Columns("a", "score", "{a}\n\n{b}"), "rate")
    first, second = map(task.example, rows_at(table, columns, [0, 1]))
    assert ([turn.text for turn in first.turns], first.number) == (["one", "two"], 4.5)
    assert [turn.text for turn in second.turns] == ["three"]
    assert [turn.text for turn in task.prompt("one\n\ntwo").turns] == ["one", "two"]
    assert [turn.text for turn in task.prompt("alone").turns] == ["alone"]


def test_a_template_with_more_than_two_bare_columns_is_no_pair() -> None:
    assert Columns("a", template="{a}\n\n{b}").pair == ("a", "b")
    assert Columns("a", template="Title: {a}\n{b}").pair == ()
    assert Columns("a", template="{a} {b} {c}").pair == ()
    assert Columns("a").pair == ()


def test_always_the_same_number_teaches_nothing(tmp_path: Path) -> None:
    data = rows_for(tmp_path, "rate", [(f"text {n}", "3") for n in range(40)])
    with pytest.raises(Problem, match="the same number, 3"):
        task_for(change(Config(), "task.kind", "rate")).check(data)
