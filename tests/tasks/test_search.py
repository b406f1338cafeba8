"""Rows to search as Examples: pairs, candidates, numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Row
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.problems import Problem
from studio.tasks.example import Example
from studio.tasks.search import MOST_WRONG, Search
from studio.tasks.task import examples_of, task_for
from tests.data.tables import table_of


def said(example: Example) -> list[str]:
    return [one.turns[0].text for one in (example, *example.beside)]


def row(number: int, query: str, passage: str, score: str = "", negative: str = "") -> Row:
    return Row(number, query, passage, negative=negative, score=score)


def test_a_pair_is_the_query_with_its_passage_beside_it_and_the_wrong_one_behind() -> None:
    task = Search("passages", "query: ", "passage: ")
    assert said(task.example(row(3, "when", "at noon"))) == ["query: when", "passage: at noon"]
    assert said(task.example(row(3, "when", "at noon", negative="never")))[2] == "passage: never"
    assert said(task.asked(row(3, "when", "at noon"))) == said(task.prompt("when")) == ["query: when"]
    assert task.example(row(3, "when", "at noon")).row == 3


def test_a_scored_pair_has_its_number() -> None:
    assert Search("scores").example(row(0, "a", "b", score="3,5")).number == 3.5
    assert Search("passages").example(row(0, "a", "b", score="3,5")).number is None


def test_right_candidates_take_the_wrong_ones_of_their_query_along() -> None:
    rows = [
        row(0, "Who?", "wrong 0", "0"),
        row(1, "who?", "right 1", "1"),
        row(2, "who?", "right 2", "1"),
        *(row(3 + n, "who?", f"wrong {3 + n}", "0") for n in range(7)),
        row(20, "what?", "alone", "0"),
    ]
    task = Search("candidates")
    first, second = examples_of(task, rows)
    assert (first.row, second.row) == (1, 2)
    assert said(first)[:3] == ["who?", "right 1", "wrong 0"]
    assert len(first.beside) == len(second.beside) == 1 + MOST_WRONG
    assert {text for one in (first, second) for text in said(one)[2:]} == {f"wrong {n}" for n in (0, *range(3, 10))}
    assert [warned.what.split(":")[0] for warned in task.untaught(rows)] == ["1 row teaches nothing"]


def test_what_is_not_learned_is_told() -> None:
    rows = [row(0, "q", "right", "1"), *(row(1 + n, "q", f"wrong {n}", "0") for n in range(MOST_WRONG + 2))]
    (warned,) = Search("candidates").untaught(rows)
    assert warned.what.startswith("2 rows with wrong passages are not learned")
    assert not list(Search("passages").untaught(rows))


def test_the_settings_make_the_task() -> None:
    config = change(Config(), "task.kind", "search")
    assert task_for(config) == Search()
    config = change(change(config, "task.pairing", "scores"), "task.query_prefix", "query: ")
    assert task_for(config) == Search("scores", "query: ")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([(f"q{n}", "the same", "1") for n in range(12)], "the same passage"),
        ([(f"q{n}", f"p{n}", "4") for n in range(12)], "does not tell the pairs apart"),
    ],
)
def test_rows_that_cannot_teach_a_search_are_a_problem(
    tmp_path: Path, cells: list[tuple[str, str, str]], words: str
) -> None:
    table = table_of(tmp_path, ["query", "passage", "score"], cells)
    columns = Columns("query", "passage", score="score")
    data = split(table, columns, kind="search", watching_share=0.1, test_share=0.1, seed=0)
    assert data is not None
    with pytest.raises(Problem, match=words):
        Search().check(data)
