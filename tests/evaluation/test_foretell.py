"""Surprise and right guesses, against the network's own scores."""

from __future__ import annotations

import pytest
import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.evaluation.foretell import foretell, mean_foretold
from studio.models.load import Model, load_base
from studio.tokens.encoded import Encoded
from studio.training.loss import row_losses
from tests.tiny import tiny_causal_folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tiny_causal_folder(tmp_path_factory.mktemp("m"), tied=False)
    found = load_base(folder, kind="causal", device=torch.device("cpu"))
    found.config = change(Config(), "task.kind", "continue")
    return found


ROWS = [
    Encoded(0, (5, 6, 7, 8), (False, True, True, True)),
    Encoded(1, (9, 6), (False, True)),
    Encoded(2, (9, 6, 7, 30, 31, 32), (False, False, True, True, False, True)),
]


def test_it_is_what_the_network_says_and_what_training_makes_small(model: Model) -> None:
    found = foretell(model, ROWS, pad_id=0, token_budget=8, should_stop=lambda: False)
    assert found is not None
    for row, one in zip(ROWS, found, strict=True):
        with torch.no_grad():
            shares = model.net(input_ids=torch.tensor([row.ids])).logits[0, :-1].log_softmax(-1)
        wanted = torch.tensor(row.ids[1:])
        learned = torch.tensor(row.learned[1:])
        assert one.nats == pytest.approx((-shares.gather(1, wanted[:, None])[:, 0])[learned].numpy(), abs=1e-4)
        assert one.right.tolist() == (shares.argmax(-1) == wanted)[learned].tolist()
    losses = row_losses(model, ROWS, pad_id=0, token_budget=8, should_stop=lambda: False)
    assert losses is not None
    assert [one.nats.sum() for one in found] == pytest.approx([error for error, _ in losses], abs=1e-4)
    assert mean_foretold(found)[0] == pytest.approx(sum(e for e, _ in losses) / sum(w for _, w in losses), abs=1e-5)


def test_a_stop_ends_it(model: Model) -> None:
    assert foretell(model, ROWS, pad_id=0, token_budget=8, should_stop=lambda: True) is None
