"""Judging answers from a text: F1 and exact match, the questions without an answer by themselves."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from studio.data.parts.dataset import Row
from studio.evaluation import judge_read as judging
from studio.evaluation.intervals import Interval
from studio.evaluation.judge import judge
from studio.evaluation.questions import Question
from studio.evaluation.report import READABLE_FILE, Report
from studio.evaluation.subject import Subject
from studio.evaluation.writing import Written
from studio.events import Event, Judged, Progressed
from tests.evaluation.parts import no, read_dataset, tiny


def test_a_tiny_model_is_judged_for_real(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "m", "read", "lora")
    data = read_dataset(tmp_path)
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=no, most_answers=8))
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    assert [way.key for way in report.ways] == ["sentence", "untouched", "tuned"]
    assert report.kind == "read"
    assert {figure.key for figure in report.figures} >= {"exact", "loss", "perplexity"}
    assert report.counts.judged == 8
    assert any("passages nearest to the question were read" in limit for limit in report.limits)
    assert "Copying the sentence nearest to the question" in report.sentence
    assert "The shelf holds" in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "m", "read", "lora")
    data = read_dataset(tmp_path)
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=lambda: True))
    assert not any(isinstance(event, Judged) for event in events)
    assert not (tmp_path / "run").exists()


def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]]) -> Report:
    """The report on given answers to three questions, the last of which the text does not answer."""
    model, tokenizer, task, config = tiny(tmp_path / "m", "read", "lora")
    data = read_dataset(tmp_path)
    text = "The pool opens at nine. Lockers take a coin."
    rows = [Row(50, "when", "at nine", context=text), Row(51, "lockers", "a coin", context=text),
            Row(52, "price", "", context=text)]  # fmt: skip
    asked = [Question(row, (row.target,), (row.number,)) for row in rows]

    def written(_: Subject) -> Generator[Event, None, Written]:
        yield Progressed("Asking")
        even = Interval(1.0, 0.9, 1.1)
        return Written(rows[:1], rows, asked, answers, (even, even), 20, ["Told."])

    monkeypatch.setattr(judging, "write_answers", written)
    subject = Subject(model, tokenizer, task, data, config, no)
    going = judging.judge_read(subject)
    while True:
        try:
            next(going)
        except StopIteration as ended:
            report: Report = ended.value
            return report


def test_figures_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tuned = ["At nine.", "the text does not say", "The text does not say."]
    report = scored(tmp_path, monkeypatch, {"untouched": ["nine", "a coin", "free"], "tuned": tuned})
    figures = {figure.key: figure for figure in report.figures}
    assert report.tuned.score == pytest.approx(2 / 3)
    assert {way.key: way.score for way in report.ways}["untouched"] == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert figures["exact"].value == pytest.approx(200 / 3)
    assert figures["no_answer"].value == 100
    assert figures["answered"].value == 50
    assert figures["refused"].value == 50
    assert (figures["refused"].better, figures["refused"].untouched) == ("lower", 0)
    by_row = {sample.rows[0]: sample for sample in report.samples}
    assert by_row[52].references == ("The text does not say.",)
    assert by_row[50].prompt.startswith("when\n\nThe pool opens")
    assert report.samples[0].rows == (51,)
    assert "Told." in report.limits
    assert any("questions are about a text that other training questions" in limit for limit in report.limits)
