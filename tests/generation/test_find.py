"""Answers found by a model: in windows as in one piece, in the questions' order, and as an exported copy finds them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from studio.events import Event, Warned
from studio.export import proof_script
from studio.generation.find import find_scores
from studio.generation.predict import predict
from studio.generation.spans import answered
from studio.models.load import Model
from studio.problems import Problem
from studio.tasks.task import Task, task_for
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import stride, windows
from tests.evaluation.finding import finding_config, finding_model

LONG = "zoe went to town. " * 12
ASKED = [("who?", "ada lives in rome"), ("q " * 60, "too long"), ("where?", LONG), ("who?", ""), ("when?", "\u2009")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Tokenizer, Task]:
    return finding_model(tmp_path_factory.mktemp("model"), finding_config())


def test_every_question_gets_its_own_answer(made: tuple[Model, Tokenizer, Task]) -> None:
    model, tokenizer, _ = made
    together = list(find_scores(model, tokenizer, ASKED, max_tokens=64))
    assert [scores is None for scores in together] == [False, True, False, False, False]
    for asked, scores in zip(ASKED, together, strict=True):
        [alone] = find_scores(model, tokenizer, [asked], max_tokens=64)
        if scores is None or alone is None:
            assert scores is alone
            continue
        assert [(one.start, one.end) for one in scores.pieces[:3]] == [(one.start, one.end) for one in alone.pieces[:3]]
        assert scores.none == pytest.approx(alone.none, abs=1e-3)
    assert [scores is not None and not scores.pieces for scores in together] == [False, False, False, True, True]


def test_a_piece_is_words_of_the_text(made: tuple[Model, Tokenizer, Task]) -> None:
    model, tokenizer, _ = made
    for text in (LONG, "Zoë 😀 naïve 北京大学 e\u0301té"):
        [scores] = find_scores(model, tokenizer, [("who?", text)], max_tokens=64)
        assert scores is not None
        said = answered(text, scores, bar=None)
        assert text[said.start : said.start + len(said.answer)] == said.answer
        assert said.answer == said.answer.strip()
        assert sum(one.share for one in said.candidates) <= 1 + 1e-6


@pytest.mark.parametrize("bar", [None, -1e6, 0.0, 1e6])
def test_the_proof_asks_for_the_same_piece(made: tuple[Model, Tokenizer, Task], bar: float | None) -> None:
    model, tokenizer, _ = made
    for question, text in (ASKED[0], ASKED[2]):
        [scores] = find_scores(model, tokenizer, [(question, text)], max_tokens=64)
        assert scores is not None
        pieces = [
            {
                "inputs": {"input_ids": list(one.ids), "token_type_ids": list(one.types)},
                "first": one.reach[0],
                "places": one.offsets,
            }
            for one in windows(tokenizer, question, text, max_tokens=64)
        ]
        plain = proof_script.find(model.net, text, pieces, longest=stride(64), bar=bar)
        assert plain["answer"] == answered(text, scores, bar=bar).answer
        assert plain["margin"] == pytest.approx(scores.margin, abs=1e-3)


def test_a_stop_ends_it(made: tuple[Model, Tokenizer, Task]) -> None:
    model, tokenizer, _ = made
    assert list(find_scores(model, tokenizer, ASKED, max_tokens=64, should_stop=lambda: True)) == []


def filled(
    made: tuple[Model, Tokenizer, Task], folder: Path, rows: list[list[str]]
) -> tuple[list[Event], list[list[str]]]:
    model, tokenizer, _ = made
    config = finding_config(bar=100)
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    events = list(
        predict(
            model, tokenizer, task_for(config), config, folder / "in.csv", folder / "out.csv",
            scratch=folder / "scratch", should_stop=lambda: False,
        )
    )  # fmt: skip
    with (folder / "out.csv").open(newline="", encoding="utf-8") as file:
        return events, list(csv.reader(file))


def test_a_file_gets_the_answer_its_place_and_how_sure_it_is(
    made: tuple[Model, Tokenizer, Task], tmp_path: Path
) -> None:
    rows = [["question", "text"], *map(list, ASKED[:3]), ["who?", " "], ["", "ada"]]
    events, found = filled(made, tmp_path, rows)
    assert found[0] == ["question", "text", "answer (found)", "answer (found at)", "answer (certainty)"]
    for row in (found[1], found[3]):
        answer, place, share = row[2:]
        assert row[1][int(place) : int(place) + len(answer)] == answer
        assert 0 < float(share) <= 1
    assert [row[2:] for row in (found[2], found[4], found[5])] == [["", "", ""]] * 3
    assert [event.what for event in events if isinstance(event, Warned)] == [
        "2 rows have no text and get no answer.",
        "1 question is too long to be read with a text, and left without an answer.",
    ]


def test_a_file_without_the_texts_is_refused(made: tuple[Model, Tokenizer, Task], tmp_path: Path) -> None:
    with pytest.raises(Problem, match="text"):
        filled(made, tmp_path, [["question"], ["who?"], ["where?"]])
