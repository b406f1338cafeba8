"""Chances of tokens are the network's own, and their texts are the text."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.generation.chances import OTHERS, chances
from studio.models.load import Model, load_base
from studio.tasks.example import Turn
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import CONTEXT, tiny_causal_folder


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Tokenizer]:
    folder: Path = tiny_causal_folder(tmp_path_factory.mktemp("m"), tied=False)
    return load_base(folder, kind="causal", device=torch.device("cpu")), Tokenizer.load(folder, "causal")


def test_every_token_has_the_share_that_the_network_gives_it(asked: tuple[Model, Tokenizer]) -> None:
    model, tokenizer = asked
    ids = tokenizer.encode_prompt((Turn("text", "the end é!"),))
    found = chances(model, tokenizer, ids)
    with torch.no_grad():
        shares = model.net(input_ids=torch.tensor([ids])).logits[0, :-1].softmax(-1)
    assert [one.share for one in found] == pytest.approx(
        [float(shares[place, token]) for place, token in enumerate(ids[1:])], rel=1e-4
    )
    assert "".join(one.text for one in found) == "the end é!"
    for one, row in zip(found, shares, strict=True):
        assert len(one.others) == OTHERS
        assert one.others[0][1] == pytest.approx(float(row.max()), rel=1e-4)
        assert [share for _, share in one.others] == sorted((share for _, share in one.others), reverse=True)


def test_what_the_model_cannot_read_is_left_out(asked: tuple[Model, Tokenizer]) -> None:
    model, tokenizer = asked
    assert len(chances(model, tokenizer, [5] * (CONTEXT + 20))) == CONTEXT - 1
    assert chances(model, tokenizer, [5]) == []
