"""From which share on a label counts is told by the watching rows, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.config.edit import change
from studio.generation import calibration
from studio.generation.calibration import NOT_CALIBRATED, calibrate
from tests.evaluation.parts import LABELS, dataset, label_cells, tiny


def test_a_chosen_share_is_taken_and_an_open_one_needs_a_label_for_none(tmp_path: Path) -> None:
    model, tokenizer, task, _ = tiny(tmp_path / "model", "classify", "full")
    data = dataset(tmp_path, label_cells(60), labels=LABELS)
    model.config = change(model.config, "task.unsure_below", 0.4)
    assert calibrate(model, tokenizer, task, data).least == 0.4
    model.config = change(model.config, "task.unsure_below", None)
    assert calibrate(model, tokenizer, task, data) == NOT_CALIBRATED


def test_the_watching_rows_of_none_of_these_tell_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokenizer, task, _ = tiny(tmp_path / "model", "classify", "full")
    model.config = change(model.config, "task.unsure_below", None)
    model = replace(model, labels=("billing", "oos"))
    cells = [("text", "billing")] * 90 + [("other", "oos")] * 30
    cells = [cells[n * 7 % 120] for n in range(120)]
    data = dataset(tmp_path, cells, labels=model.labels, test=0)
    data = replace(data, parts={**data.parts, "watching": tuple(range(120))})
    shares = [(0.9, 0.1) if label == "billing" else (0.6, 0.4) for _, label in cells]
    monkeypatch.setattr(calibration, "label_shares", lambda *_: iter(shares))
    found = calibrate(model, tokenizer, task, data)
    assert found.least == pytest.approx(0.75)
    assert found.rows == 120
