"""Right labels, and the same answer whichever part of the model is left out by chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.distributions import Categorical, kl_divergence

from studio.events import Stepped
from studio.tokens.collate import collate
from studio.training.loss import loss_for
from studio.training.objectives.labels import LabelLoss
from tests.training.parts import (
    CPU,
    answer_model,
    answer_rows,
    config_for,
    label_model,
    label_rows,
    learn,
)

ROWS = label_rows(8)
BATCH = collate(ROWS, pad_id=0, device=CPU)


def model_of(tmp_path: Path, agreement: float) -> LabelLoss:
    model = label_model(tmp_path, config_for("classify", "full", approach="direct", agreement=agreement))
    found = loss_for(model, ROWS)
    assert isinstance(found, LabelLoss)
    return found


@pytest.mark.parametrize("is_weighed", [False, True])
def test_two_readings_are_to_agree(tmp_path: Path, is_weighed: bool) -> None:
    weights = torch.tensor([0.5, 2.0]) if is_weighed else None
    loss = replace(model_of(tmp_path, 1.5), class_weights=weights)
    net = loss.model.net.train()
    torch.manual_seed(3)
    found = loss.of_rows(BATCH)
    torch.manual_seed(3)
    first, second = (net(**BATCH.inputs).logits for _ in range(2))
    assert not torch.allclose(first, second)  # the dice fall otherwise each time
    weighed = torch.ones(len(ROWS)) if weights is None else weights[BATCH.labels]
    errors = sum(nn.functional.cross_entropy(logits, BATCH.labels, reduction="none") for logits in (first, second)) / 2
    one, other = Categorical(logits=first), Categorical(logits=second)
    apart = (kl_divergence(one, other) + kl_divergence(other, one)) / 2
    torch.testing.assert_close(found, weighed * (errors + 1.5 * apart))


def test_a_look_reads_once(tmp_path: Path) -> None:
    loss = model_of(tmp_path, 1.0)
    loss.model.net.eval()
    torch.testing.assert_close(loss.of_rows(BATCH), replace(loss, agreement=0.0).of_rows(BATCH))


def test_without_dropout_there_is_nothing_to_agree_on(tmp_path: Path) -> None:
    loss = model_of(tmp_path, 1.0)
    for part in loss.model.net.train().modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    torch.testing.assert_close(loss.of_rows(BATCH), replace(loss, agreement=0.0).of_rows(BATCH), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("kind", "times"), [("classify", 2), ("answer", 1)])
def test_tokens_count_as_often_as_they_are_read(tmp_path: Path, kind: str, times: int) -> None:
    config = config_for(kind, "full", approach="direct", agreement=1.0, epochs=1.0)
    model, rows = (label_model, label_rows) if kind == "classify" else (answer_model, answer_rows)
    events = learn(model(tmp_path, config), rows(), config, tmp_path / "run")
    assert sum(event.tokens for event in events if isinstance(event, Stepped)) == times * sum(r.size for r in rows())
