"""A file is answered row by row: what has no text stays blank, and what is too long is told."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import TaskKind
from studio.data.reading.options import ReadOptions
from studio.data.table.write import write_rows
from studio.events import Event, Predicted, Progressed, Warned
from studio.generation import ways
from studio.generation.predict import predict
from studio.models.load import load_model
from studio.problems import Problem
from studio.tasks.task import task_for
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import CONTEXT, tiny_causal_folder, tiny_encoder_folder

LONG = "a very long text " * 30


def answered(
    folder: Path, kind: TaskKind, texts: list[str], watch: Callable[[Event], None] = lambda _: None
) -> tuple[list[Event], list[list[str]]]:
    config = Config()
    for path, value in {
        "task.kind": kind, "task.max_tokens": 16, "data.input": "text", "data.target": "wanted", "model.method": "full",
        "generation.max_new_tokens": 4,
    }.items():  # fmt: skip
        config = change(config, path, value)
    base = tiny_encoder_folder(folder) if kind == "classify" else tiny_causal_folder(folder, tied=False)
    model_kind: Literal["encoder", "causal"] = "encoder" if kind == "classify" else "causal"
    labels = ("a", "b") if kind == "classify" else ()
    model = load_model(base, labels=labels, config=config, device=torch.device("cpu"))
    model.net.eval()
    write_rows(folder / "in.csv", ["id", "text"], [[f"row {n}", text] for n, text in enumerate(texts)])
    events = []
    for event in predict(
        model, Tokenizer.load(base, model_kind), task_for(config), config, folder / "in.csv", folder / "out.csv",
        scratch=folder / "scratch", should_stop=lambda: False,
    ):  # fmt: skip
        watch(event)
        events.append(event)
    with (folder / "out.csv").open(newline="", encoding="utf-8") as file:
        return events, list(csv.reader(file))[1:]


def told(events: list[Event]) -> list[str]:
    return [event.what for event in events if isinstance(event, Warned)]


def test_a_file_whose_head_names_the_text_is_read_by_its_head(tmp_path: Path) -> None:
    """Few lines with bars in them look like a table drawn with bars, of columns without names."""
    base = tiny_causal_folder(tmp_path)
    config = Config()
    for path, value in {
        "task.kind": "answer", "task.max_tokens": 128, "data.input": "facts", "data.target": "said",
        "model.method": "full", "generation.max_new_tokens": 2,
    }.items():  # fmt: skip
        config = change(config, path, value)
    model = load_model(base, config=config, device=torch.device("cpu"))
    asked, out = tmp_path / "in.csv", tmp_path / "out.csv"
    facts = "name: {} | type: {} | made of: {} | price: 96 €"
    texts = [facts.format(*cells) for cells in (("Moss", "rug", "wool, felt"), ("Oak", "desk", "oak"), ("A", "b", "c"))]
    with asked.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["facts"], *([text] for text in texts)])
    list(
        predict(
            model, Tokenizer.load(base, "causal"), task_for(config), config,
            asked, out, scratch=tmp_path / "scratch", should_stop=lambda: False,
        )
    )  # fmt: skip
    with out.open(newline="", encoding="utf-8") as file:
        assert [row[0] for row in csv.reader(file)] == ["facts", *texts]


def test_rows_without_a_text_get_no_label_and_cut_texts_are_counted(tmp_path: Path) -> None:
    events, rows = answered(tmp_path, "classify", ["", "hello", "  ", LONG, "card"])
    assert [bool(label) for _, _, label, _ in rows] == [False, True, False, True, True]
    assert [bool(certainty) for *_, certainty in rows] == [False, True, False, True, True]
    assert [row[0] for row in rows] == [f"row {n}" for n in range(5)]
    assert told(events) == [
        "2 rows have no text and get no answer.",
        "1 of 3 texts is longer than 16 tokens and cut there.",
    ]
    assert isinstance(events[-1], Predicted)
    assert events[-1].rows == 3


def test_rows_without_a_text_get_no_answer_and_overlong_ones_are_counted(tmp_path: Path) -> None:
    events, rows = answered(tmp_path, "answer", ["hello", "", LONG])
    assert [row[2] for row in rows][1:] == ["", ""]
    assert told(events) == [
        "1 row has no text and gets no answer.",
        f"1 of 2 texts is longer than {CONTEXT} tokens, too long for the model, and left without an answer.",
    ]


@pytest.mark.parametrize("kind", ["classify", "answer"])
def test_a_file_without_any_text_is_given_back_without_answers(tmp_path: Path, kind: TaskKind) -> None:
    _, rows = answered(tmp_path, kind, [" ", ""])
    assert [any(row[2:]) for row in rows] == [False, False]


def test_progress_is_told_as_the_answers_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after the last one: whoever waits for a thousand answers wants to see the bar move."""
    written: list[int] = []

    def one_by_one(*_: object, **__: object) -> Iterator[tuple[int, str]]:
        for number in range(3):
            written.append(number)
            yield number, "an answer"

    monkeypatch.setattr(ways, "complete_ids", one_by_one)
    seen: list[tuple[int, int]] = []

    def watch(event: Event) -> None:
        if isinstance(event, Progressed) and event.what == "Answering":
            seen.append((event.done, len(written)))

    answered(tmp_path, "answer", ["one", "two", "three"], watch)
    assert seen == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_file_is_read_as_told(tmp_path: Path) -> None:
    config = change(change(change(Config(), "data.input", "column 1"), "data.target", "wanted"), "task.max_tokens", 16)
    base = tiny_encoder_folder(tmp_path)
    model = load_model(
        base,
        labels=("a", "b"),
        config=change(config, "model.method", "full"),
        device=torch.device("cpu"),
    )
    file = tmp_path / "odd.csv"
    file.write_bytes("größer, als|x\nhübsch|y\n".encode("cp850"))
    list(
        predict(
            model, Tokenizer.load(base, "encoder"), task_for(config), config, file, tmp_path / "out.csv",
            options=ReadOptions("cp850", "|", "", False), scratch=tmp_path / "scratch", should_stop=lambda: False,
        )
    )  # fmt: skip
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as lines:
        assert [row[:2] for row in csv.reader(lines)][1:] == [["größer, als", "x"], ["hübsch", "y"]]


def test_a_question_is_answered_with_its_text_and_not_without(tmp_path: Path) -> None:
    config = Config()
    for path, value in {
        "task.kind": "read", "task.max_tokens": 120, "data.input": "text", "data.target": "wanted",
        "data.context": "leaflet", "model.method": "full", "generation.max_new_tokens": 4,
    }.items():  # fmt: skip
        config = change(config, path, value)
    base = tiny_causal_folder(tmp_path, tied=False)
    model = load_model(base, config=config, device=torch.device("cpu"))
    model.net.eval()
    texts = [["when", "It opens at nine."], ["why", " "], ["", "Dogs."], ["how", "A very long text. " * 30]]

    def answer(columns: list[str]) -> list[str]:
        write_rows(tmp_path / "in.csv", columns, texts)
        events = list(
            predict(
                model, Tokenizer.load(base, "causal"), task_for(config), config, tmp_path / "in.csv",
                tmp_path / "out.csv", scratch=tmp_path / "scratch", should_stop=lambda: False,
            )
        )  # fmt: skip
        return told(events)

    assert answer(["text", "leaflet"]) == [
        "2 rows have no text and get no answer.",
        "1 of 2 texts is longer than 120 tokens, question included: the passages nearest to the question are read.",
    ]
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["text", "leaflet", "wanted (written)"]
    assert [bool(row[2]) for row in rows[1:]] == [True, False, False, True]
    with pytest.raises(Problem, match="leaflet"):
        answer(["text", "other"])
