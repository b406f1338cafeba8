"""A text, a question and its answer as the model meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Row
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tasks.read import Read
from studio.tasks.task import task_for
from tests.data.tables import table_of

ROW = Row(3, "When?", "at nine", context="It opens at nine.")
READ = Read(layout="Text: {text}\n\nQuestion: {question}", no_answer="It does not say.")


def test_text_and_question_are_read_and_the_answer_is_learned() -> None:
    example = READ.example(ROW)
    assert example.row == 3
    assert example.turns == (
        Turn("user", "Text: It opens at nine.\n\nQuestion: When?"),
        Turn("assistant", "at nine", learned=True),
    )
    assert READ.asked(ROW).turns == example.turns[:1]


def test_what_may_be_shortened_is_the_text() -> None:
    source = READ.example(ROW).source
    assert source is not None
    assert READ.example(ROW).turns[source.turn].text[source.start : source.end] == ROW.context
    assert source.question == "When?"
    other = Read("Be brief.", "{question} ({text})")
    source = other.asked(ROW).source
    assert source is not None
    assert (source.turn, other.asked(ROW).turns[1].text) == (1, "When? (It opens at nine.)")
    assert other.asked(ROW).turns[1].text[source.start : source.end] == ROW.context


def test_a_question_without_an_answer_learns_the_sentence_for_it() -> None:
    assert READ.example(ROW._replace(target=" ")).turns[-1].text == "It does not say."


def test_braces_in_a_text_stay_as_they_are() -> None:
    row = ROW._replace(context="a {question} and {0.__class__}", input="{text}?")
    assert READ.asked(row).turns[0].text == "Text: a {question} and {0.__class__}\n\nQuestion: {text}?"


def test_a_prompt_is_a_question_and_the_text_below_it() -> None:
    assert READ.prompt("When?\nIt opens at nine.").turns == READ.asked(ROW).turns
    about = Read(READ.instruction, READ.layout, READ.no_answer, "It opens at nine.")
    assert about.prompt("When?").turns == READ.asked(ROW).turns


def test_the_settings_make_it() -> None:
    config = change(change(Config(), "task.kind", "read"), "task.reading", "{text}|{question}")
    made = task_for(config)
    assert made.asked(ROW).turns == (Turn("user", "It opens at nine.|When?"),)
    assert made.example(ROW._replace(target="")).turns[-1].text == "The text does not say."


def test_what_cannot_teach_is_told(tmp_path: Path) -> None:
    rows = [(f"text {n}", f"question {n}", "" if n % 2 else f"answer {n}") for n in range(60)]
    made = table_of(tmp_path, ["text", "question", "answer"], rows)
    columns = Columns("question", "answer", context="text")
    dataset = split(made, columns, kind="read", watching_share=0.1, test_share=0.1, seed=0)
    assert sum(len(part) for part in dataset.parts.values()) == 60  # those without an answer teach, too
    READ.check(dataset)
    with pytest.raises(Problem, match="not both read"):
        Read(layout="{question}").check(dataset)
    empty = table_of(tmp_path, ["text", "question", "answer"], [(a, b, "") for a, b, _ in rows], "empty.csv")
    with pytest.raises(Problem, match="No question has an answer"):
        READ.check(split(empty, columns, kind="read", watching_share=0.1, test_share=0.1, seed=0))
