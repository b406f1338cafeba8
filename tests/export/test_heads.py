"""Numbers, several labels, pairs and causal classifiers open in transformers alone and say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from transformers import pipeline

from studio.config.config import Method
from studio.events import Verified
from studio.export.export import export
from studio.export.formats import FACTS_FILE
from studio.generation.calibration import calibrated
from studio.generation.labels import label_shares, numbers
from tests.evaluation.heads import SUBJECTS, model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import no, run_of


@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_number_itself_comes_out_of_a_plain_pipeline(tmp_path: Path, method: Method) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data, method)
    run = run_of(tmp_path / "run", model, config, data)
    told = calibrated(run.folder, model, tokenizer, task, data)
    last = list(export(run, model, tokenizer, task, to="classifier", out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.difference) == (last.total, "")
    text = "letter 3 fast"
    found = pipeline("text-classification", model=str(tmp_path / "out"), truncation=True)(text, top_k=1)
    assert found[0]["score"] == pytest.approx(next(numbers(model, tokenizer, [task.prompt(text)])), abs=0.02)
    facts = json.loads((tmp_path / "out" / FACTS_FILE).read_text(encoding="utf-8"))
    assert facts["range"] == told.reach
    assert "# the number itself" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("causal", "method"), [(False, "full"), (True, "full"), (True, "lora")])
def test_several_labels_come_with_their_thresholds(tmp_path: Path, causal: bool, method: Method) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data, method, causal=causal)
    run = run_of(tmp_path / "run", model, config, data)
    told = calibrated(run.folder, model, tokenizer, task, data)
    last = list(export(run, model, tokenizer, task, to="classifier", out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.difference) == (last.total, "")
    sort = pipeline("text-classification", model=str(tmp_path / "out"), truncation=True)
    texts = ["a bill", "thanks for the parcel, and for the very long letter"]
    shares = list(label_shares(model, tokenizer, map(task.prompt, texts)))
    for found, ours in zip(sort(texts, top_k=None, batch_size=2), shares, strict=True):  # side by side, filled up
        theirs = {one["label"]: one["score"] for one in found}
        assert [theirs[label] for label in SUBJECTS] == pytest.approx(list(ours), abs=1e-4)
    facts = json.loads((tmp_path / "out" / FACTS_FILE).read_text(encoding="utf-8"))
    assert facts["thresholds"] == dict(zip(SUBJECTS, told.thresholds, strict=True))
    assert "THRESHOLDS = " in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
