"""Judging tiny models on whole texts: beside the untouched model, or beside packing programs."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from studio.config.goals import TaskKind
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.evaluation.asked import Asked
from studio.evaluation.judge import judge
from studio.evaluation.probes import probes
from studio.evaluation.report import READABLE_FILE, Report
from studio.events import Event, Judged
from studio.tokens.rows import encode_part
from tests.evaluation.parts import no, tiny
from tests.evaluation.texts import texts_dataset


def judged(folder: Path, kind: TaskKind, method: Method, data: Dataset) -> list[Event]:
    model, tokenizer, task, config = tiny(folder / "model", kind, method, chat=False)
    return list(judge(model, tokenizer, task, data, config, folder / "run", should_stop=no))


def report_of(events: list[Event]) -> Report:
    assert isinstance(events[-1], Judged)
    return Report.read(Path(events[-1].file))


@pytest.mark.parametrize("method", ["lora", "full"])
def test_both_models_are_measured_on_the_same_tokens(tmp_path: Path, method: Method) -> None:
    report = report_of(judged(tmp_path, "continue", method, texts_dataset(tmp_path / "rows")))
    assert [way.key for way in report.ways] == ["untouched", "tuned"]
    assert report.counts.judged == 36
    figures = {figure.key: figure for figure in report.figures}
    assert figures["perplexity"].value == pytest.approx(math.exp(figures["loss"].value))
    for figure in report.figures:
        assert figure.low is not None
        assert figure.high is not None
        assert figure.untouched is not None
        assert figure.low <= figure.value <= figure.high
    assert report.gain.value == pytest.approx(report.ways[1].score - report.ways[0].score)
    assert report.samples
    assert all(sample.prompt and sample.references[0] for sample in report.samples)
    assert "next tokens right" in report.sentence
    assert report.sentence in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")


def test_a_model_from_nothing_is_compared_with_packing(tmp_path: Path) -> None:
    report = report_of(judged(tmp_path, "pretrain", "full", texts_dataset(tmp_path / "rows")))
    assert [way.key for way in report.ways] == ["gzip", "bzip2", "xz", "count", "tuned"]
    bits = {figure.key: figure for figure in report.figures}["bits"]
    assert report.tuned.score == pytest.approx(1 - bits.value / 8)  # what a byte takes, of 8 bits
    assert report.ways[3].score > report.tuned.score  # a random model knows nothing; a count knows these entries
    assert report.headline == "Is it better? No."
    assert "bits for each byte" in report.sentence


def test_a_stop_writes_nothing(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "model", "continue", "lora")
    data = texts_dataset(tmp_path / "rows")
    events = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=lambda: True))
    assert not any(isinstance(event, Judged) for event in events)
    assert not (tmp_path / "run").exists()


def test_a_look_tells_surprise_and_right_guesses_and_goes_on_with_beginnings(tmp_path: Path) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "model", "continue", "lora")
    data = texts_dataset(tmp_path / "rows")
    watching = encode_part(task, tokenizer, data, "watching", config)
    looks = probes(Asked(task, tokenizer, data, watching, config, ("Day 7.",), no))
    found = looks.score(model)
    assert found is not None
    loss, share = found
    ids = [torch.tensor([row.ids]) for row in watching]
    with torch.no_grad():
        scores = [model.net(input_ids=row).logits[0, :-1].log_softmax(-1) for row in ids]
    nats = [-part.gather(1, row[0, 1:, None])[:, 0] for part, row in zip(scores, ids, strict=True)]
    assert loss == pytest.approx(torch.cat(nats).mean().item(), abs=1e-4)
    assert 0 <= share <= 1
    ((prompt, written, sure),) = looks.sample(model)
    assert (prompt, sure) == ("Day 7.", None)
    assert isinstance(written, str)
