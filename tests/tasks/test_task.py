"""Rows become Examples as the goal wants, and rows that cannot teach are refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset, Row
from studio.data.roles.columns import Columns
from studio.data.table.table import Reading, Table
from studio.problems import Problem
from studio.tasks.example import Example, Turn
from studio.tasks.task import task_for


def dataset(folder: Path, pairs: Sequence[tuple[str, str]]) -> Dataset:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"message": [text for text, _ in pairs], "reply": [target for _, target in pairs]}
    schema = pa.schema([("message", pa.string()), ("reply", pa.string())])
    pq.write_table(pa.table(columns, schema=schema), folder / "table.parquet")
    table = Table(folder, ("message", "reply"), len(pairs), Reading("letters.csv"))
    parts = {"training": tuple(range(len(pairs))), "watching": (), "test": ()}
    return Dataset(table, Columns("message", "reply"), parts, labels=tuple(sorted(set(columns["reply"]))))


def config(**task: str) -> Config:
    found = Config()
    for name, value in task.items():
        found = change(found, f"task.{name}", value)
    return found


def test_sorting_reads_one_text_and_learns_its_label() -> None:
    task = task_for(config(kind="classify"))
    assert task.example(Row(7, "Where is my card?", "card")) == Example(7, (Turn("text", "Where is my card?"),), "card")
    assert task.prompt("Hello") == Example(-1, (Turn("text", "Hello"),))
    assert task.kind == "classify"


def test_answering_learns_the_answer_alone() -> None:
    task = task_for(config(kind="answer"))
    found = task.example(Row(3, "Hello", "Good day"))
    assert found == Example(3, (Turn("user", "Hello"), Turn("assistant", "Good day", learned=True)))
    assert task.prompt("Hello").turns == found.turns[:-1]


def test_the_instruction_stands_before_every_message() -> None:
    task = task_for(config(kind="answer", instruction="Be brief."))
    assert task.prompt("Hello").turns == (Turn("system", "Be brief."), Turn("user", "Hello"))
    assert task.example(Row(0, "Hello", "Hi")).turns[0] == Turn("system", "Be brief.")
    assert task_for(config(kind="answer", instruction="  ")).prompt("Hello").turns == (Turn("user", "Hello"),)


def test_good_rows_pass(tmp_path: Path) -> None:
    rows = dataset(tmp_path, [("a", "x"), ("b", "y"), ("c", "y")])
    task_for(config(kind="classify")).check(rows)
    task_for(config(kind="answer")).check(rows)


@pytest.mark.parametrize("kind", ["classify", "answer"])
def test_no_rows_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(Problem, match="no row to learn from") as problem:
        task_for(config(kind=kind)).check(dataset(tmp_path, []))
    assert problem.value.fix
    assert str(problem.value.where) == "letters.csv, column “reply”"


def test_one_label_only_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="same label, “x”"):
        task_for(config(kind="classify")).check(dataset(tmp_path, [("a", "x"), ("b", "x")]))


def test_more_than_a_thousand_labels_look_like_text(tmp_path: Path) -> None:
    task = task_for(config(kind="classify"))
    pairs = [(f"text {number}", f"label {number}") for number in range(1001)]
    task.check(dataset(tmp_path, pairs[:1000]))
    with pytest.raises(Problem, match="1,001 different labels") as problem:
        task.check(dataset(tmp_path, pairs))
    assert "looks like text" in problem.value.why


def test_answers_that_repeat_their_messages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="same as its message"):
        task_for(config(kind="answer")).check(dataset(tmp_path, [("a", "a"), ("b", "b")]))


def test_a_conversation_is_learned_in_all_its_answers() -> None:
    row = Row(
        3, "Bye", "See you", "Be kind", (("user", "Hi"), ("assistant", "Hello"), ("tool", "42"), ("system", "Now"))
    )
    task = task_for(config(kind="answer", instruction="Be short"))
    said = (
        Turn("system", "Be kind"), Turn("user", "Hi"), Turn("assistant", "Hello", learned=True), Turn("user", "42"),
        Turn("system", "Now"), Turn("user", "Bye"),
    )  # fmt: skip
    assert task.asked(row) == Example(3, said)
    assert task.example(row) == Example(3, (*said, Turn("assistant", "See you", learned=True)))
