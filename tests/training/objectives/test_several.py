"""Several labels are a yes or no each, a text in parts is the mean of them, and the last layer can be fitted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from studio.config.edit import change
from studio.tokens.collate import collate
from studio.tokens.rows import encode_rows
from studio.training.head_start import fit_head
from studio.training.loss import loss_for, mean_loss
from studio.training.objectives.several import MOST_WEIGHT, SeveralLoss, balanced_marks, marks
from tests.evaluation.heads import model_for, rated_rows, rows_for, several_rows
from tests.evaluation.parts import CPU, no


@pytest.mark.parametrize("causal", [False, True])
def test_the_error_is_the_textbook_s_and_parts_count_as_one_row(tmp_path: Path, causal: bool) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(48))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data, causal=causal, max_tokens=14)
    rows = list(encode_rows(tokenizer, map(task.example, data.rows("training")), config, labels=data.labels))[:6]
    assert any(row.beside for row in rows)
    loss = loss_for(model, rows)
    assert isinstance(loss, SeveralLoss)
    batch = collate(rows, pad_id=tokenizer.pad_id, device=CPU)
    by_hand = []
    for row in rows:
        alone = [collate([replace(one, beside=())], pad_id=0, device=CPU) for one in row.sequences]
        logits = torch.stack([model.net(**one.inputs).logits[0] for one in alone]).mean(0)
        by_hand.append(float(F.binary_cross_entropy_with_logits(logits, marks([row], 3)[0]).detach()))
    assert loss.of_rows(batch).tolist() == pytest.approx(by_hand, rel=1e-4)
    assert loss.summed(batch).item() == pytest.approx(sum(by_hand), rel=1e-4)


def test_rare_labels_are_weighed_up_to_a_limit(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "classify", several_rows(48))
    model, tokenizer, task, config = model_for(tmp_path / "m", "classify", data)
    (row,) = encode_rows(tokenizer, [task.prompt("x")], config)
    rows = [replace(row, labels=(0,) if n == 0 else (1,) if n % 2 else ()) for n in range(100)]
    assert balanced_marks(rows, 3).tolist() == [MOST_WEIGHT, 1.0, 1.0]
    model.config = change(model.config, "task.class_weights", True)
    loss = loss_for(model, rows)
    assert isinstance(loss, SeveralLoss)
    assert loss.class_weights is not None


@pytest.mark.parametrize(("kind", "causal"), [("classify", False), ("classify", True), ("rate", False)])
def test_the_last_layer_is_fitted_to_what_the_body_sees(tmp_path: Path, kind: str, causal: bool) -> None:
    data = rows_for(tmp_path / "rows", kind, several_rows(96) if kind == "classify" else rated_rows(96))
    model, tokenizer, task, config = model_for(tmp_path / "m", kind, data, causal=causal)
    rows = list(encode_rows(tokenizer, map(task.example, data.rows("training")), config, labels=data.labels))

    def error() -> float:
        found = mean_loss(model, rows, pad_id=tokenizer.pad_id, token_budget=512, should_stop=no)
        assert found is not None
        return found

    before = error()
    list(fit_head(model, rows, pad_id=tokenizer.pad_id, token_budget=512, should_stop=no))
    after = error()
    assert after < before
    list(fit_head(model, rows, pad_id=tokenizer.pad_id, token_budget=512, should_stop=no))
    assert error() == pytest.approx(after, rel=1e-3)  # whatever it was before


def test_numbers_are_counted_in_spreads_from_their_middle(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(48))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    rows = list(encode_rows(tokenizer, map(task.example, data.rows("training")), config))[:5]
    batch = collate(rows, pad_id=tokenizer.pad_id, device=CPU)
    given = model.net(**batch.inputs).logits[:, 0]
    wanted = torch.tensor([((row.number or 0.0) - 50.5) / 35.0 for row in rows])
    assert loss_for(model, rows).of_rows(batch).tolist() == pytest.approx((given - wanted).square().tolist(), rel=1e-4)
