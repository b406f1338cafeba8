"""Judging tiny models for real: every way is asked, the report is written, stopping leaves nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from studio.config.edit import change
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import judged_on
from studio.data.roles.columns import Columns
from studio.evaluation import writing
from studio.evaluation.judge import judge
from studio.evaluation.judge_labels import _figures, _of_none
from studio.evaluation.report import READABLE_FILE, Report
from studio.events import Event, Judged, Warned
from studio.problems import Problem
from studio.tasks.example import Turn
from tests.data.tables import table_of
from tests.evaluation.parts import LABELS, answer_cells, dataset, label_cells, no, tiny


def judged(folder: Path, kind: str, method: Method, data: Dataset, stop: Callable[[], bool] = no) -> list[Event]:
    model, tokenizer, task, config = tiny(folder / "model", kind, method)  # type: ignore[arg-type]
    run = folder / "run"
    return list(judge(model, tokenizer, task, data, config, run, should_stop=stop, most_answers=8))


def test_a_poor_labeller_is_told_so_with_all_evidence(tmp_path: Path) -> None:
    data = dataset(tmp_path, label_cells(120), labels=LABELS)
    events = judged(tmp_path, "classify", "full", data)
    last = events[-1]
    assert isinstance(last, Judged)
    report = Report.read(Path(last.file))
    assert [way.key for way in report.ways] == ["always", "keywords", "untouched", "tuned"]
    by_key = {way.key: way for way in report.ways}
    assert by_key["keywords"].score == 1.0
    assert by_key["always"].score == pytest.approx(1 / 3)
    assert report.tuned.score < 0.9
    assert last.headline == report.headline == "Is it better? No."
    assert "A keyword model made in one second does better" in report.sentence
    assert report.wrong == len(report.mistakes) == sum(not c for c in _right(report, data))
    assert [m.share for m in report.mistakes] == sorted((m.share for m in report.mistakes), reverse=True)
    assert report.confusion is not None
    assert sum(map(sum, report.confusion.counts)) == report.counts.judged == 36
    assert report.counts.left_out == {"no answer": 2}
    text = (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")
    assert report.sentence in text
    assert "Surest mistakes" in text


def _right(report: Report, data: Dataset) -> list[bool]:
    wrong = {mistake.row for mistake in report.mistakes}
    return [row.number not in wrong for row in data.rows("test")]


def test_labels_that_were_not_learned_count_as_wrong_and_are_named(tmp_path: Path) -> None:
    cells = [*label_cells(119), ("a new kind of text", "new label")]
    events = judged(tmp_path, "classify", "full", dataset(tmp_path, cells, labels=LABELS))
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    assert "1 test row counts as wrong: its label was not learned (new label)." in report.limits
    assert any(mistake.truth == "new label" for mistake in report.mistakes)


def test_texts_of_no_label_have_figures_of_their_own() -> None:
    truth, answers = ["a"] * 4 + ["oos"] * 5, ["a", "a", "oos", "b", "oos", "oos", "oos", "oos", "a"]
    found = {figure.key: figure.value for figure in _of_none(truth, answers, "oos", seed=0)}
    assert found == {"in_scope": pytest.approx(50.0), "none_recall": pytest.approx(80.0)}
    assert not _of_none(["a", "b"], ["a", "b"], "", seed=0)


def test_answers_that_were_held_back_are_counted(tmp_path: Path) -> None:
    data = dataset(tmp_path, label_cells(120), labels=LABELS)
    model, tokenizer, task, config = tiny(tmp_path / "model", "classify", "full")
    model.config = change(model.config, "task.unsure_below", 0.99)
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=no, most_answers=8))
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    figures = {figure.key: figure for figure in report.figures}
    assert figures["unsure"].value == 100.0  # a tiny model is never so sure
    assert report.tuned.score == 0.0
    assert "sure" not in figures


def test_rows_of_a_test_file_that_cannot_be_judged_are_told(tmp_path: Path) -> None:
    data = dataset(tmp_path, label_cells(120), labels=LABELS)
    cells = [*label_cells(6), ("", "praise"), ("who knows", ""), ("or what", ""), ("odd one", "complaint")]
    held = table_of(tmp_path, ("text", "wanted"), cells, "held.csv")
    events = judged(tmp_path, "classify", "full", judged_on(data, held, kind="classify"))
    told = [event.what for event in events if isinstance(event, Warned)]
    assert told == ["1 row is left out: no text (test file).", "2 rows are left out: no label (test file)."]
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    assert report.counts.judged == 7
    assert report.counts.left_out == {"no answer": 2, "no text (test file)": 1, "no label (test file)": 2}
    assert "Rows of the test file that could not be judged: 1 with no text, 2 with no label." in report.limits
    assert "1 test row counts as wrong: its label was not learned (complaint)." in report.limits


@pytest.mark.parametrize("method", ["lora", "full"])
def test_answers_are_compared_with_the_untouched_model_and_the_nearest(tmp_path: Path, method: Method) -> None:
    data = dataset(tmp_path, answer_cells(60), test=24)
    events = judged(tmp_path, "answer", method, data)
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    assert [way.key for way in report.ways] == ["nearest", "untouched", "tuned"]
    assert len(report.samples) == report.counts.judged == 8
    assert all(len(sample.references) == 2 for sample in report.samples)
    assert [s.score for s in report.samples] == sorted(s.score for s in report.samples)
    figures = {figure.key: figure for figure in report.figures}
    assert {"bleu", "rouge", "exact", "loss", "perplexity"} == set(figures)
    assert figures["loss"].untouched is not None
    assert figures["loss"].value != pytest.approx(figures["loss"].untouched)
    for figure in figures.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
    assert figures["loss"].low < figures["loss"].high
    assert figures["perplexity"].high == pytest.approx(math.exp(figures["loss"].high))
    assert any(sample.tuned != sample.untouched for sample in report.samples)
    assert "too few test rows" in report.headline.lower()


def test_what_was_asked_and_measured_in_part_only_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_LOSS_ROWS", 10)
    data = dataset(tmp_path, answer_cells(60), test=24)
    few = replace(data, parts={**data.parts, "test": data.parts["test"][:8]})
    for name, of, expected in (
        ("many", data, [
            "8 of 12 test questions were asked, chosen at random.",
            "Error and surprise were measured on 10 of 24 test rows, chosen at random.",
        ]),
        ("few", few, []),
    ):  # fmt: skip
        last = judged(tmp_path / name, "answer", "lora", of)[-1]
        assert isinstance(last, Judged)
        assert [limit for limit in Report.read(Path(last.file)).limits if "chosen at random" in limit] == expected


def test_the_last_answer_of_a_conversation_is_judged_after_what_was_said_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each test row stands twice, after another beginning: two questions, each asked with its own."""
    cells = [
        (f"and item {n}", f"it is size {n}", json.dumps([{"role": "user", "content": f"hello {m}"},
         {"role": "assistant", "content": f"good day {m}"}]))
        for n in range(30) for m in range(2)
    ]  # fmt: skip
    table = table_of(tmp_path, ["text", "wanted", "before"], cells)
    parts = {"training": tuple(range(36)), "watching": tuple(range(36, 48)), "test": tuple(range(48, 60))}
    data = Dataset(table, Columns("text", "wanted", earlier="before"), parts, {})  # type: ignore[arg-type]
    asked: list[tuple[str, ...]] = []

    def complete(_: object, __: object, prompts: Sequence[Sequence[Turn]], **___: object) -> Iterator[tuple[int, str]]:
        asked.extend(tuple(turn.text for turn in turns) for turns in prompts)
        return ((n, f"it is size {24 + n // 2}") for n in range(len(prompts)))

    monkeypatch.setattr(writing, "complete", complete)
    model, tokenizer, task, config = tiny(tmp_path / "model", "answer", "lora")
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=no))
    assert asked[:2] == [("hello 0", "good day 0", "and item 24"), ("hello 1", "good day 1", "and item 24")]
    assert isinstance(events[-1], Judged)
    report = Report.read(Path(events[-1].file))
    assert report.counts.judged == 12
    assert report.tuned.score == 1.0
    assert {figure.key: figure.value for figure in report.figures}["rouge"] == 100


def test_stopping_at_any_moment_writes_nothing(tmp_path: Path) -> None:
    data = dataset(tmp_path, answer_cells(60), test=24)
    for moment in (0, 1, 5):
        asked = count()
        events = judged(tmp_path / str(moment), "answer", "lora", data, lambda asked=asked, m=moment: next(asked) >= m)  # type: ignore[misc]
        assert not any(isinstance(event, Judged) for event in events)
        assert not (tmp_path / str(moment) / "run").exists()


def test_without_test_rows_the_next_step_is_named(tmp_path: Path) -> None:
    data = dataset(tmp_path, label_cells(60), labels=LABELS)
    data = replace(data, parts={**data.parts, "test": ()})
    with pytest.raises(Problem, match="no test rows") as caught:
        judged(tmp_path, "classify", "full", data)
    assert "above zero" in caught.value.fix


def test_test_texts_among_the_training_rows_are_counted(tmp_path: Path) -> None:
    cells = label_cells(120)
    cells[-1] = cells[0]
    events = judged(tmp_path, "classify", "full", dataset(tmp_path, cells, labels=LABELS))
    assert isinstance(events[-1], Judged)
    limits = Report.read(Path(events[-1].file)).limits
    assert "1 of 36 test texts also stand among the training rows." in limits


def test_a_damaged_report_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text('{"kind": "classify"}', encoding="utf-8")
    with pytest.raises(Problem, match="cannot be read"):
        Report.read(file)


def test_a_report_is_about_the_state_that_was_judged(tmp_path: Path) -> None:
    best = tmp_path / "run" / "checkpoints" / "best.json"
    best.parent.mkdir(parents=True)
    best.write_text('{"step": 4}')
    assert Report.of_run(tmp_path / "run") is None
    events = judged(tmp_path, "classify", "full", dataset(tmp_path, label_cells(120), labels=LABELS))
    assert isinstance(events[-1], Judged)
    report = Report.of_run(tmp_path / "run")
    assert report is not None
    assert report.best_step == 4
    assert report == Report.read(Path(events[-1].file))
    best.write_text('{"step": 9}')  # trained further
    assert Report.of_run(tmp_path / "run") is None


def test_no_range_of_macro_f1_is_claimed_where_every_row_is_right() -> None:
    truth = ["a", "b"] * 10
    shares = [(0.9, 0.1) if label == "a" else (0.1, 0.9) for label in truth]
    all_right = _figures(truth, truth, truth, shares, ("a", "b"), 0)[0]
    assert (all_right.value, all_right.low, all_right.high) == (100.0, None, None)
    one_wrong = _figures(truth, ["b", *truth[1:]], truth, shares, ("a", "b"), 0)[0]
    assert one_wrong.low is not None
    assert one_wrong.low < one_wrong.value
