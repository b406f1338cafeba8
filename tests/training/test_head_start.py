from __future__ import annotations

from pathlib import Path

import torch

from studio.events import Progressed
from studio.models.head import MeanPooledClassifier
from studio.runs.history import History
from studio.tokens.collate import collate
from studio.training.head_start import give_head_start
from tests.training.parts import CPU, config_for, label_model, label_rows

ROWS = label_rows(8)


def test_only_the_last_layer_moves_and_it_knows_the_rows_better(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full"))
    assert isinstance(model.net, MeanPooledClassifier)
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    batch = collate(ROWS, pad_id=0, device=CPU)

    def error() -> float:
        model.net.eval()
        with torch.no_grad():
            logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
        return float(torch.nn.functional.cross_entropy(logits, batch.labels))

    worse = error()
    told = list(give_head_start(model, ROWS, pad_id=0, token_budget=64, weights=None, should_stop=lambda: False))
    assert all(isinstance(event, Progressed) for event in told)
    assert History.of(told).head_start  # so that the window can say what a first sample shows
    moved = {name for name, value in model.net.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {"classifier.weight", "classifier.bias"}
    assert error() < worse


def test_stopped_it_leaves_the_head_as_it_was(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full"))
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    assert not list(give_head_start(model, ROWS, pad_id=0, token_budget=64, weights=None, should_stop=lambda: True))
    assert all(torch.equal(value, before[name]) for name, value in model.net.state_dict().items())
