"""Judging a model that names several labels: every way from thresholds of the watching rows, figures that add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.config.edit import change
from studio.evaluation.judge import judge
from studio.evaluation.judge_several import _answers, _row_scores
from studio.evaluation.report import READABLE_FILE, Report
from studio.evaluation.simple_several import Shares
from studio.events import Judged
from studio.generation.labels import label_shares
from studio.generation.thresholds import named, thresholds
from studio.tokens.rows import encode_rows
from tests.evaluation.heads import SUBJECTS, model_for, rows_for, several_rows
from tests.evaluation.parts import no


def test_every_way_is_judged_on_the_same_rows_and_labels(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(120))
    assert (data.columns.sign, data.labels) == ("[]", SUBJECTS)
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data)
    last = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=no))[-1]
    assert isinstance(last, Judged)
    report = Report.read(Path(last.file))
    by_key = {way.key: way for way in report.ways}
    assert list(by_key) == ["always", "keywords", "untouched", "tuned"]
    assert by_key["keywords"].score > 0.95  # the words say it
    assert report.tuned.score < by_key["keywords"].score
    assert {figure.key for figure in report.figures} == {"micro_f1", "macro_f1", "exact", "auc"}
    assert {score.label for score in report.label_scores} == set(SUBJECTS)
    assert report.wrong == len(report.mistakes) > 0
    assert all(mistake.truth != mistake.answer for mistake in report.mistakes)
    assert "Your model's labels agree with yours" in report.sentence
    assert any("was chosen on the watching rows, for every way" in limit for limit in report.limits)
    assert "was chosen on the watching rows" in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")


def test_labels_are_named_from_the_thresholds_of_the_watching_rows_on() -> None:
    watching = np.array([[0.9, 0.2], [0.8, 0.1], [0.7, 0.3]])  # too few rows for a threshold a label: one for both
    asked = np.array([[0.6, 0.4], [0.9, 0.76]])
    found = _answers(Shares(np.concatenate([watching, asked]), 2.0), np.array([[1.0, 0.0], [1, 0], [0, 0]]))
    assert found.limits == (pytest.approx(0.75),) * 2
    assert found.named.tolist() == [[0, 0], [1, 1]]
    assert found.shares.tolist() == asked.tolist()


def test_the_score_of_a_row_counts_labels_that_were_not_learned_as_missed() -> None:
    truth = np.array([[1.0, 0.0], [1, 1], [0, 0], [0, 0], [1, 0], [0, 0]])
    given = np.array([[1.0, 0.0], [1, 0], [0, 0], [0, 1], [1, 0], [0, 0]])
    found = _row_scores(truth, given, np.array([0, 0, 0, 0, 1, 1]))
    assert found == [1, pytest.approx(2 / 3), 1, 0, pytest.approx(2 / 3), 0]


def test_the_score_is_that_of_all_labels_from_the_chosen_thresholds_on(tmp_path: Path) -> None:
    """Of a model that learned two of the three labels."""
    data = replace(rows_for(tmp_path / "rows", "classify", several_rows(80)), labels=SUBJECTS[:2])
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data)
    alone = change(config, "training.approach", "frozen")  # judged without the untouched model: quicker
    list(judge(model, tokenizer, task, data, alone, tmp_path / "run", should_stop=no))
    report = Report.of_run(tmp_path / "run")
    assert report is not None
    watching, test = list(data.rows("watching")), list(data.rows("test"))
    known, shares = (list(label_shares(model, tokenizer, map(task.asked, rows))) for rows in (watching, test))
    limits = thresholds(known, [[label in row.labels for label in SUBJECTS[:2]] for row in watching])
    scores = []
    for row, one in zip(test, shares, strict=True):
        given, true = {SUBJECTS[place] for place in named(one, limits)}, {*row.labels}
        scores.append(2 * len(given & true) / (len(given) + len(true)) if given or true else 1.0)
    assert report.tuned.score == pytest.approx(sum(scores) / len(scores))
    assert "Labels of the test rows that were not learned count as missed: thanks." in report.limits


def test_stopped_it_leaves_no_report(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data)
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=lambda: True))
    assert not any(isinstance(event, Judged) for event in events)


@pytest.mark.parametrize("causal", [False, True])
def test_looks_at_several_labels_count_what_the_loss_counts(tmp_path: Path, causal: bool) -> None:
    from studio.evaluation.asked import Asked
    from studio.evaluation.probes import probes
    from studio.training.loss import mean_loss

    data = rows_for(tmp_path / "rows", "classify", several_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data, causal=causal)
    watching = list(encode_rows(tokenizer, map(task.example, data.rows("watching")), config, labels=data.labels))
    found = probes(Asked(task, tokenizer, data, watching, config, ("a bill",), no))
    measured = found.score(model)
    loss = mean_loss(model, watching, pad_id=tokenizer.pad_id, token_budget=512, should_stop=no)
    assert measured is not None
    assert measured[0] == pytest.approx(loss, rel=1e-4)
    assert 0 < measured[1] <= 1
    ((prompt, said, _),) = found.sample(model)
    assert prompt == "a bill"
    assert set(said.split(", ")) <= {*SUBJECTS, "–"}
