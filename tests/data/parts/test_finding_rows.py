"""Which rows can be used to find answers, and that what is asked about one text stays in one part."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from studio.data.parts import notices
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import split
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.roles.roles import guess_roles
from studio.data.table.table import Table, open_table
from studio.problems import Problem

COLUMNS = Columns("question", "answer", context="text", start="start")


def table(folder: Path, rows: list[tuple[str, str, str, str]]) -> Table:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("text", "question", "answer", "start"), *rows])
    list(read_table(folder / "in.csv", folder / "table", should_stop=lambda: False))
    return open_table(folder / "table")


def parted(rows: Table, columns: Columns = COLUMNS, test: Table | None = None) -> Dataset:
    return split(rows, columns, kind="find", watching_share=0.2, test_share=0.2, seed=1, test_table=test)


def many(count: int = 20) -> list[tuple[str, str, str, str]]:
    rows = []
    for n in range(count):
        text = f"House {n} was built in {1900 + n} by firm {chr(97 + n)}."
        rows += [(text, f"Who built house {n}?", f"firm {chr(97 + n)}", ""), (text, "Who lives there?", "", "")]
    return rows


def test_rows_without_an_answer_are_used_and_those_whose_answer_is_elsewhere_are_told(tmp_path: Path) -> None:
    text = "The 😀 house was built in 1912."
    bad = [
        (text, "When?", "1913", ""),
        ("", "When?", "1912", ""),
        (text, "", "1912", ""),
        (text, "When?", "1912", "99"),
    ]
    data = parted(table(tmp_path, [*many(), *bad]))
    assert {reason: list(rows) for reason, rows in data.left_out.items()} == {
        "the answer does not stand in its text": [40],
        "no text in which to look for the answer": [41],
        "no text": [42],
    }
    assert sum(map(len, data.parts.values())) == 41
    told = [event for event in notices.left_out(data) if "does not stand" in event.what]
    assert told[0].what == "1 row is left out: the answer does not stand in its text."
    assert "letter for letter" in told[0].fix


def test_what_is_asked_about_one_text_stays_in_one_part(tmp_path: Path) -> None:
    data = parted(table(tmp_path, many()))
    texts = {part: {row.context for row in data.rows(part)} for part in ("training", "watching", "test")}
    assert all(texts.values())
    assert sum(map(len, texts.values())) == len(set.union(*texts.values())) == 20


def test_the_same_question_about_another_text_is_another_row(tmp_path: Path) -> None:
    known, other = many(20)[:30], many(20)[28:]
    data = parted(table(tmp_path / "a", known), test=table(tmp_path / "b", other))
    assert {reason: len(rows) for reason, rows in data.left_out.items()} == {"also in the test file": 2}


@pytest.mark.parametrize("context", ["", "answer", "question"])
def test_the_text_has_a_column_of_its_own(tmp_path: Path, context: str) -> None:
    with pytest.raises(Problem, match="text in which the answer is looked for"):
        parted(table(tmp_path, many()), Columns("question", "answer", context=context))


def test_the_columns_are_found(tmp_path: Path) -> None:
    guess = guess_roles(table(tmp_path, many()))
    assert guess.kind == "find"
    assert (guess.columns.input, guess.columns.target, guess.columns.context) == ("question", "answer", "text")


def test_squad_files_unfold_with_every_right_answer(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    questions = [
        {
            "id": str(n),
            "question": f"Where does number {n} live?",
            "answers": [{"text": f"in town {n}", "answer_start": 10}, {"text": f"town {n}", "answer_start": 13}][
                : 2 * (n % 4)
            ],
        }
        for n in range(12)
    ]
    paragraphs = [{"context": f"Ada lives in town {n}, far away from here.", "qas": [questions[n]]} for n in range(12)]
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    list(read_table(file, tmp_path / "table", should_stop=lambda: False))
    guess = guess_roles(open_table(tmp_path / "table"))
    assert guess.kind == "find"
    assert (guess.columns.context, guess.columns.start, guess.columns.answers) == ("context", "answer_start", "answers")
