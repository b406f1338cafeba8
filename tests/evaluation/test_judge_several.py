"""Judging a model that names several labels: every way from thresholds of the watching rows, figures that add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.evaluation.judge import judge
from studio.evaluation.report import READABLE_FILE, Report
from studio.events import Judged
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
    assert "threshold" in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8") or any(
        "watching rows" in limit for limit in report.limits
    )


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
