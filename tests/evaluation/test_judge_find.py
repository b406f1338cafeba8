"""A model that finds answers is judged beside simpler ways, and its bar for “no answer” is chosen on what watches."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.config.edit import change
from studio.data.parts.dataset import Dataset, Row
from studio.data.reading.given_parts import Part
from studio.evaluation import judge_find as judging
from studio.evaluation import probe_find as probing
from studio.evaluation.asked import Asked
from studio.evaluation.judge_find import judge_find
from studio.evaluation.marked import marked_questions, right_answers
from studio.evaluation.probe_find import BAR, probe_find
from studio.evaluation.report import Report, readable
from studio.evaluation.subject import Subject
from studio.generation.spans import Piece, Scored
from studio.models import suited
from studio.tokens.rows import encode_part
from tests.data.tables import table_of
from tests.evaluation.finding import COLUMNS, cells, finding_config, finding_data, finding_model


def no() -> bool:
    return False


def returned(steps: Generator[Any, None, Report | None]) -> Report | None:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_rows_that_ask_the_same_are_one_question_with_all_its_answers() -> None:
    rows = [
        Row(0, "Who?", "Ada", context="Ada and Bob."),
        Row(1, "who? ", "Bob", context="Ada and Bob.", answers='["Bob", "Ada and Bob"]'),
        Row(2, "Who?", "", context="Nobody."),
        Row(3, "Who?", "", context="Ada and Bob."),
    ]
    first, second = marked_questions(rows)
    assert first.answers == ("Ada", "Bob", "Ada and Bob")
    assert first.rows == (0, 1, 3)
    assert second.answers == ()


@pytest.mark.parametrize("cell", ["", "no list", "[", '{"a": 1}', '["x", 3, ""]'])
def test_a_list_of_answers_that_is_none_does_no_harm(cell: str) -> None:
    assert right_answers(Row(0, "Who?", "Ada", answers=cell))[0] == "Ada"


def test_the_report_holds_every_way_and_tells_both_kinds_of_question_apart(tmp_path: Path) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=0.0)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    report = returned(judge_find(Subject(model, tokenizer, task, data, config, no)))
    assert report is not None
    assert [way.key for way in report.ways] == ["none", "sentence", "untouched", "tuned"]
    always = report.ways[0]
    empty = sum(sample.references == ("(no answer)",) for sample in report.samples)
    assert always.score == pytest.approx(empty / len(report.samples))
    assert [figure.key for figure in report.figures] == ["exact", "held", "none", "missed"]
    assert report.counts.judged == len(report.samples)
    assert any("more than 0.00 points ahead" in limit for limit in report.limits)
    assert "F1" in readable(report)


def test_without_a_bar_a_place_is_always_marked_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=None)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    monkeypatch.setattr(suited, "limit", lambda *_, kind: f"Made for another language ({kind}).")
    report = returned(judge_find(Subject(model, tokenizer, task, data, config, no)))
    assert report is not None
    assert all(sample.tuned != "(no answer)" for sample in report.samples)
    assert any("can only be missed" in limit for limit in report.limits)
    assert "Made for another language (find)." in report.limits


def test_a_right_model_gets_full_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=0.0)
    model, tokenizer, task = finding_model(tmp_path / "model", config)

    def right(subject: Subject, asked: Any) -> Generator[Any, None, list[str | None]]:
        yield from ()
        return [one.answers[0].upper() if one.answers else "" for one in asked]

    monkeypatch.setattr(judging, "_tuned", right)
    report = returned(judge_find(Subject(model, tokenizer, task, data, config, no)))
    assert report is not None
    assert report.tuned.score == 1.0
    assert {figure.key: figure.value for figure in report.figures} == {
        "exact": 100.0, "held": 100.0, "none": 100.0, "missed": 0.0,
    }  # fmt: skip
    assert report.gain.value > 0.3


def test_the_untouched_model_s_none_is_counted_where_its_text_has_no_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=0.0)
    model, tokenizer, task = finding_model(tmp_path / "model", config)

    def nothing(subject: Subject, asked: Any) -> Generator[Any, None, list[str]]:
        yield from ()
        return [""] * len(asked)

    monkeypatch.setattr(judging, "_untouched", nothing)
    report = returned(judge_find(Subject(model, tokenizer, task, data, config, no)))
    assert report is not None
    _, held, none, missed = report.figures
    assert (held.untouched, none.untouched, missed.untouched) == (0.0, 100.0, 100.0)
    assert (none.better, missed.better) == ("higher", "lower")


def two_questions(folder: Path, first: str, second: str) -> Dataset:
    """Two questions with these answers, for watching and for the test; a third row without an answer is learned."""
    rows = [("ada lives in rome", "who?", first), ("bob and eve", "who else?", second), ("gus", "how old?", "")]
    parts: dict[Part, tuple[int, ...]] = {"training": (2,), "watching": (0, 1), "test": (0, 1)}
    return Dataset(table_of(folder, ("text", "question", "answer"), rows), COLUMNS, parts, {})


def scores_of_two(*found: Any, **_: Any) -> Iterator[Scored]:
    """“No answer” is 1 ahead of “ada” for the first question and 1 behind “bob and eve” for the second."""
    asked: Iterable[tuple[str, str]] = found[2]
    for question, _text in asked:
        yield Scored((Piece(0, 3, 0.0),), 1.0) if question == "who?" else Scored((Piece(0, 11, 0.0),), -1.0)


@pytest.mark.parametrize(("bar", "answers"), [(0.0, ("(no answer)", "bob and eve")), (None, ("ada", "bob and eve"))])
def test_the_judge_says_none_where_it_is_ahead_by_more_than_the_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bar: float | None, answers: tuple[str, str]
) -> None:
    config = finding_config(bar=bar)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    data = two_questions(tmp_path, "", "bob")
    monkeypatch.setattr(judging, "find_scores", scores_of_two)
    report = returned(judge_find(Subject(model, tokenizer, task, data, config, no)))
    assert report is not None
    assert tuple(one.tuned for one in sorted(report.samples, key=lambda one: one.rows)) == answers


# “bob and eve” for “bob” has an F1 of 0.5. Where only the second question has no answer, to say it for both is best.
@pytest.mark.parametrize(
    ("answers", "bar", "f1"), [(("", "bob"), 0.0, (1 + 0.5) / 2), (("ada lives", ""), -1.5, (0 + 1) / 2)]
)
def test_the_look_chooses_the_bar_with_the_best_f1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, str], bar: float, f1: float
) -> None:
    config = finding_config(bar=None)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    data = two_questions(tmp_path, *answers)
    watching = encode_part(task, tokenizer, data, "watching", config)
    monkeypatch.setattr(probing, "find_scores", scores_of_two)
    probe = probe_find(Asked(task, tokenizer, data, watching, config, (), no))
    found = probe.score(model)
    assert found is not None
    assert found[1] == pytest.approx(f1)
    assert probe.settled()[BAR].value == bar


def test_a_stop_writes_no_report(tmp_path: Path) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=0.0)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    assert returned(judge_find(Subject(model, tokenizer, task, data, config, lambda: True))) is None


@pytest.mark.parametrize("own", [None, 3.0])
def test_the_bar_is_chosen_at_each_look_unless_it_was_set(tmp_path: Path, own: float | None) -> None:
    data, config = finding_data(tmp_path / "data"), finding_config(bar=own)
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    watching = encode_part(task, tokenizer, data, "watching", config)
    probe = probe_find(Asked(task, tokenizer, data, watching, config, ("who?\nada lives in rome",), no))
    found = probe.score(model)
    assert found is not None
    assert found[0] > 0
    settled = probe.settled()
    if own is not None:
        assert settled == {}
    else:
        # No bar is better on these rows: one that was set elsewhere scores no more.
        other = probe_find(Asked(task, tokenizer, data, watching, change(config, BAR, 50.0), (), no)).score(model)
        assert list(settled) == [BAR]
        assert other is not None
        assert found[1] >= other[1]
    [(prompt, answer, share)] = probe.sample(model)
    assert prompt.startswith("who?")
    assert answer
    assert share is not None
    assert 0 <= share <= 1


def test_where_every_row_has_an_answer_none_is_never_said(tmp_path: Path) -> None:
    rows = [row for row in cells() if row[2]]
    data, config = finding_data(tmp_path / "data", rows), finding_config()
    model, tokenizer, task = finding_model(tmp_path / "model", config)
    watching = encode_part(task, tokenizer, data, "watching", config)
    probe = probe_find(Asked(task, tokenizer, data, watching, config, (), no))
    assert probe.score(model) is not None
    assert probe.settled() == {}
