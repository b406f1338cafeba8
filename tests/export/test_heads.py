"""Numbers, several labels, pairs and causal classifiers open in transformers alone and say the same."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from transformers import pipeline

from studio.config.edit import change
from studio.config.model import Method
from studio.events import Verified
from studio.export.export import export
from studio.export.formats import FACTS_FILE
from studio.generation.labels import label_shares, numbers
from studio.generation.naming import labels_of
from studio.runs.calibration import Calibration, read_calibration
from tests.evaluation.heads import SUBJECTS, model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import no, run_of


@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_number_itself_comes_out_of_a_plain_pipeline(tmp_path: Path, method: Method) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data, method)
    run = run_of(tmp_path / "run", model, config, data)
    last = list(export(run, model, tokenizer, task, to="classifier", out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.difference) == (last.total, "")
    text = "letter 3 fast"
    found = pipeline("text-classification", model=str(tmp_path / "out"), truncation=True)(text, top_k=1)
    assert found[0]["score"] == pytest.approx(next(numbers(model, tokenizer, [task.prompt(text)])), abs=0.02)
    facts, told = facts_of(tmp_path), read_calibration(run.folder)
    assert told is not None
    assert facts["range"] == told.reach is not None
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "# the number itself" in card
    assert f"A number is meant with a range of {told.reach:.4g} on either side" in card


@pytest.mark.parametrize(("causal", "method"), [(False, "full"), (True, "full"), (True, "lora")])
def test_several_labels_come_with_their_thresholds(tmp_path: Path, causal: bool, method: Method) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data, method, causal=causal)
    run = run_of(tmp_path / "run", model, config, data)
    last = list(export(run, model, tokenizer, task, to="classifier", out=tmp_path / "out", should_stop=no))[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.difference) == (last.total, "")
    sort = pipeline("text-classification", model=str(tmp_path / "out"), truncation=True)
    texts = ["a bill", "thanks for the parcel, and for the very long letter"]
    shares = list(label_shares(model, tokenizer, map(task.prompt, texts)))
    for found, ours in zip(sort(texts, top_k=None, batch_size=2), shares, strict=True):  # side by side, filled up
        theirs = {one["label"]: one["score"] for one in found}
        assert [theirs[label] for label in SUBJECTS] == pytest.approx(list(ours), abs=1e-4)
    told = read_calibration(run.folder)
    assert told is not None
    assert facts_of(tmp_path)["thresholds"] == dict(zip(SUBJECTS, told.thresholds, strict=True))
    assert "THRESHOLDS = " in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def topic_rows(count: int) -> list[tuple[str, str]]:
    """Texts of two topics, each third one of neither."""
    return [(f"letter {n} about {('bills', 'parcels', 'a dream')[n % 3]}", ("bill", "parcel", "oos")[n % 3])
            for n in range(count)]  # fmt: skip


@pytest.mark.parametrize(("causal", "method"), [(False, "full"), (True, "lora")])
def test_the_lines_of_the_card_name_what_the_program_names(tmp_path: Path, causal: bool, method: Method) -> None:
    """One label a text, from a share on: asked in a clean process, by the card's own lines."""
    data = rows_for(tmp_path / "rows", "classify", topic_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data, method, causal=causal)
    texts = [text for text, _ in topic_rows(9)]
    shares = list(label_shares(model, tokenizer, map(task.prompt, texts)))
    tops = sorted(max(one) for one in shares)
    told = Calibration(least=round((tops[4] + tops[5]) / 2, 6))  # four of nine are sure enough
    config = change(config, "task.unsure_below", told.least)
    run = run_of(tmp_path / "run", replace(model, config=config), config, data)
    events = list(
        export(
            run, replace(model, config=config), tokenizer, task, to="classifier", out=tmp_path / "out", should_stop=no
        )
    )
    last = events[-1]
    assert isinstance(last, Verified)
    assert (last.right, last.difference) == (last.total, "")
    ours = [labels_of(model.labels, one, told)[0] for one in shares]
    assert "oos" in ours
    assert len({*ours}) > 1
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    lines = card.split("```python\n")[1].split("```")[0].replace("THIS_FOLDER", str(tmp_path / "out"))
    assert said_elsewhere(lines, texts) == ours
    assert "A label counts from a share of" in card
    facts = facts_of(tmp_path)
    assert (facts["least"], facts["below_least"]) == (told.least, "oos")


def said_elsewhere(lines: str, texts: list[str]) -> list[str]:
    """What the card's lines print for each text, in a process that has never heard of the studio."""
    opening, asking = lines.split("likeliest = ")
    asking = f"likeliest = {asking}".replace('"A text to sort"', "text")
    code = f"{opening}for text in {texts!r}:\n" + "".join(f"    {line}\n" for line in asking.splitlines())
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return found.stdout.split("\n")[:-1]


def facts_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / FACTS_FILE).read_text(encoding="utf-8"))
    return found
