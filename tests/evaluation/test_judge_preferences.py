"""A tiny model that learned to prefer is looked at and judged: pairs and verdicts, the untouched model, a stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import split
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.evaluation.asked import Asked
from studio.evaluation.judge_preferences import judge_preferences
from studio.evaluation.preferences import Ranking
from studio.evaluation.probe_preferences import probe_preferences
from studio.evaluation.report import Report, readable
from studio.evaluation.subject import Subject
from studio.models.load import Model, trained_weights
from studio.problems import Problem
from studio.tokens.collate import Batch, collate
from studio.training.objectives import preference, reference
from studio.training.objectives.preference import KtoLoss
from studio.training.objectives.reference import learned_tokens
from tests.data.tables import table_of
from tests.evaluation.parts import CPU, no, tiny


def judged(folder: Path, *, verdicts: bool = False, should_stop: Callable[[], bool] = no, rows: int = 60) -> Subject:
    model, tokenizer, task, config = tiny(folder / "model", "prefer", "lora")
    config = change(config, "task.beta", 0.1)
    if verdicts:
        cells = [
            (f"item {n}?", f"it is {'good' if n % 2 else 'bad'} {n}", "up" if n % 2 else "down") for n in range(rows)
        ]
        table, columns = table_of(folder, ("q", "a", "thumbs"), cells), Columns("q", "a", score="thumbs")
    else:
        cells = [(f"item {n}?", f"a box of size {n}", f"no idea {n}") for n in range(rows)]
        table, columns = table_of(folder, ("q", "a", "b"), cells), Columns("q", "a", rejected="b")
    dataset = split(table, columns, kind="prefer", watching_share=0.1, test_share=0.6, seed=0)
    model.config = config
    return Subject(model, tokenizer, task, dataset, config, should_stop, 3)


def report_of(subject: Subject) -> Report | None:
    work = judge_preferences(subject)
    try:
        while True:
            next(work)
    except StopIteration as end:
        found = end.value
        assert found is None or isinstance(found, Report)
        return found


@pytest.mark.parametrize("verdicts", [False, True])
def test_a_report_on_what_it_prefers(tmp_path: Path, verdicts: bool) -> None:
    subject = judged(tmp_path, verdicts=verdicts)
    report = report_of(subject)
    assert report is not None
    assert [way.key for way in report.ways] == ["chance", "untouched", "tuned"]
    assert report.ways[0].score == 0.5
    assert all(0 <= way.low <= way.score <= way.high <= 1 for way in report.ways)
    assert report.figures[0].key == "margin"
    assert len(report.samples) == 3
    assert report.counts.judged == len(subject.dataset.parts["test"])
    assert any(("longer one" if not verdicts else "good and") in limit for limit in report.limits)
    assert not any("longer than" in limit for limit in report.limits)
    text = readable(report)
    assert "Tossing a coin" in text
    assert report.sentence in text
    assert "tossing a coin gets 50" in report.sentence.casefold()


def test_answers_with_a_verdict_are_judged_by_the_rewards_that_are_learned(tmp_path: Path) -> None:
    subject = judged(tmp_path, verdicts=True)
    config = change(subject.config, "task.length_normalised", True)  # of pairs only: here it says nothing
    subject.model.config = config
    report = report_of(replace(subject, config=config))
    assert report is not None
    encoded = list(
        subject.tokenizer.encode_many(map(subject.task.example, subject.dataset.rows("test")), max_tokens=96)
    )
    with torch.no_grad():
        rewards = KtoLoss(subject.model, 0.1).seen(collate(encoded, pad_id=0, device=CPU)).rewards.tolist()
    good, bad = (
        tuple(reward for reward, row in zip(rewards, encoded, strict=True) if row.number == kind) for kind in (1.0, 0.0)
    )
    assert report.tuned.score == pytest.approx(Ranking(good, bad).auc)
    assert report.figures[0].value == pytest.approx(sum(good) / len(good) - sum(bad) / len(bad), abs=1e-5)


def test_only_good_answers_are_shown_as_right(tmp_path: Path) -> None:
    report = report_of(replace(judged(tmp_path, verdicts=True), most_answers=100))
    assert report is not None
    assert len(report.samples) == 8
    assert all("good" in answer for sample in report.samples for answer in sample.references)


# For each of three pairs what a token of the better and of the worse answer is worth to either model.
UNTOUCHED = ((-3.0, -1.0), (-2.0, -1.0), (-1.0, -2.0))
TUNED = ((-0.25, -0.5), (-1.0, -1.5), (-1.5, -1.75))


def test_the_figures_of_three_pairs_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "model", "prefer", "lora")
    model.config = config = change(change(config, "task.beta", 0.5), "task.length_normalised", True)
    # The worse answer of the first pair is long: as a whole it is the less likely one, and it moved further.
    cells = [("one?", "b", "w" * 20), ("two?", "bbbb", "wwww"), ("three?", "bbbb", "wwww")]
    table = table_of(tmp_path, ("q", "a", "b"), cells)
    parts: dict[Part, tuple[int, ...]] = {"training": (0, 1, 2), "watching": (0, 1, 2), "test": (0, 1, 2)}
    dataset = Dataset(table, Columns("q", "a", rejected="b"), parts, {})
    subject = Subject(model, tokenizer, task, dataset, config, no, 1)
    monkeypatch.setattr(preference, "log_probabilities", by_token(TUNED))
    monkeypatch.setattr(reference, "log_probabilities", by_token(UNTOUCHED))
    report = report_of(subject)
    assert report is not None
    # Moved by the token: 2.75 beside 0.5, 1 beside -0.5, -0.5 beside 0.25; half of that is the reward.
    assert [way.score for way in report.ways] == pytest.approx([0.5, 1 / 3, 2 / 3])
    margin, likelier = report.figures
    assert (margin.value, margin.untouched) == (pytest.approx((1.125 + 0.75 - 0.375) / 3), 0.0)
    assert (likelier.value, likelier.untouched) == (pytest.approx(100), pytest.approx(100 / 3))
    look = probe_preferences(asked(subject)).score(model)
    margins = torch.tensor([1.125, 0.75, -0.375])
    assert look == pytest.approx((float(torch.log1p(torch.exp(-margins)).mean()), 2 / 3))


def by_token(worth: tuple[tuple[float, float], ...]) -> Callable[[Model, Batch], Tensor]:
    """A model that finds every token of a pair's answers as likely as told."""

    def found(_: Model, batch: Batch) -> Tensor:
        return torch.tensor([each for row in batch.rows for each in worth[row.row]]) * learned_tokens(batch)

    return found


def test_an_untrained_model_wins_half(tmp_path: Path) -> None:
    subject = judged(tmp_path)
    _forget(subject.model)
    report = report_of(subject)
    assert report is not None
    assert report.tuned.score == 0.5
    assert report.figures[0].value == 0.0
    assert report.verdict.answer in {"no", "hard to tell"}


def test_one_kind_of_verdict_cannot_be_judged(tmp_path: Path) -> None:
    subject = judged(tmp_path, verdicts=True)
    rows = [row.number for row in subject.dataset.rows("test") if row.score == "up"]
    parts = {**subject.dataset.parts, "test": rows}
    with pytest.raises(Problem, match="All answers of the test rows are called good"):
        report_of(replace(subject, dataset=replace(subject.dataset, parts=parts)))


def test_rows_that_are_all_too_long_are_told(tmp_path: Path) -> None:
    subject = judged(tmp_path)
    short = change(subject.config, "task.max_tokens", 8)
    with pytest.raises(Problem, match="No test row can be compared"):
        report_of(replace(subject, config=short))


def test_a_stop_ends_without_a_report(tmp_path: Path) -> None:
    assert report_of(judged(tmp_path, should_stop=lambda: True)) is None


@pytest.mark.parametrize("verdicts", [False, True])
def test_a_look_tells_error_and_share(tmp_path: Path, verdicts: bool) -> None:
    subject = judged(tmp_path, verdicts=verdicts)
    probes = probe_preferences(asked(subject))
    measured = probes.score(subject.model)
    assert measured is not None
    again = probes.score(subject.model)
    assert again == pytest.approx(measured)
    assert 0 <= measured[1] <= 1
    _forget(subject.model)
    fresh = probe_preferences(asked(subject)).score(subject.model)
    assert fresh == pytest.approx((0.5 if verdicts else 0.6931472, 0.5))
    assert [prompt for prompt, _, _ in probes.sample(subject.model)] == ["Hello"]
    assert probe_preferences(asked(replace(subject, should_stop=lambda: True))).score(subject.model) is None


def asked(subject: Subject) -> Asked:
    examples = map(subject.task.example, subject.dataset.rows("watching"))
    watching = list(subject.tokenizer.encode_many(examples, max_tokens=96))
    return Asked(
        subject.task, subject.tokenizer, subject.dataset, watching, subject.config, ("Hello",), subject.should_stop
    )


def _forget(model: Model) -> None:
    """As before the first step: the adapter adds nothing."""
    for name, weight in trained_weights(model).items():
        if "lora_B" in name:
            weight.zero_()
