"""Borders between texts hold: what is learned of one does not depend on another beside it, in every model shape."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.sizes import Family
from studio.models.load import Model, load_base
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.tokens.pieces import pieces
from studio.training.objectives.words import WordLoss
from tests.models.test_fresh import made

CPU = torch.device("cpu")
MINE = [40, 41, 42, 43, 44, 45, 46, 47, 48, 49]


def model_of(folder: Path, family: Family) -> Model:
    found = load_base(made(folder / family, family), kind="causal", device=CPU)
    found.config = change(Config(), "task.kind", "pretrain")
    return found


def texts(other: list[int]) -> list[Encoded]:
    """Two texts in pieces of eight tokens, as they are learned together."""
    every = [(0, MINE), (1, other)]
    return [row for number, ids in every for row in pieces(number, ids, opening=(0,), end=0, max_tokens=8)]


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_changing_one_text_changes_no_loss_of_another(tmp_path: Path, family: Family) -> None:
    model = model_of(tmp_path, family)
    loss = WordLoss(model)
    with torch.no_grad():
        found = [
            loss.of_rows(collate(texts(other), pad_id=0, device=CPU))[:2]
            for other in ([60, 61, 62], [99, 98, 97, 96, 95, 94, 93], [7] * 30)
        ]
        alone = loss.of_rows(collate(texts([1])[:2], pad_id=0, device=CPU))
    assert [row.row for row in texts([1])[:2]] == [0, 0]
    for losses in found:
        assert torch.allclose(losses, alone, atol=1e-5)


def test_changing_a_text_does_change_its_own_loss(tmp_path: Path) -> None:
    loss = WordLoss(model_of(tmp_path, "gpt2"))
    with torch.no_grad():
        one, other = (loss.of_rows(collate(texts([60, 61, last]), pad_id=0, device=CPU))[2] for last in (62, 70))
    assert not torch.allclose(one, other, atol=1e-5)
