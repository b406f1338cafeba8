"""A model from nothing is a model folder like any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from studio.config.config import Config
from studio.config.edit import change
from studio.config.sizes import Family, size_called
from studio.models.fresh import make_model
from studio.models.from_nothing import facts_of
from studio.models.gate import check_folder
from studio.models.load import load_model
from studio.models.vocabulary import learn_pieces, write_tokenizer

SIZE = replace(size_called("tiny"), layers=2, width=32, heads=4, context=64)
TEXT = "The lamp was lit at dusk, and the lamp was put out at dawn. " * 20


def made(folder: Path, family: Family, *, seed: int = 0) -> Path:
    write_tokenizer(learn_pieces([TEXT], tokens=300), folder, context=SIZE.context)
    make_model(folder, SIZE, family, seed=seed)
    return folder


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_it_passes_the_gate_with_the_weights_that_were_foretold(tmp_path: Path, family: Family) -> None:
    facts = check_folder(made(tmp_path / "m", family))
    foretold = facts_of(SIZE, family, facts.vocabulary, facts.folder)
    assert facts == replace(foretold, bytes=facts.bytes)


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_it_knows_nothing_yet(tmp_path: Path, family: Family) -> None:
    folder = made(tmp_path / "m", family)
    config = change(change(Config(), "task.kind", "answer"), "model.method", "full")
    model = load_model(folder, config=config, device=torch.device("cpu"))
    words = check_folder(folder).vocabulary
    ids = torch.randint(0, words, (4, 32))
    with torch.no_grad():
        scores = model.net(input_ids=ids).logits
    surprise = torch.nn.functional.cross_entropy(scores[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    assert surprise == pytest.approx(torch.tensor(float(words)).log().item(), abs=0.1)


def test_weights_are_drawn_as_for_gpt2_and_by_the_seed_alone(tmp_path: Path) -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    one = load_file(made(tmp_path / "a", "gpt2", seed=3) / "model.safetensors")
    two = load_file(made(tmp_path / "b", "gpt2", seed=3) / "model.safetensors")
    other = load_file(made(tmp_path / "c", "gpt2", seed=4) / "model.safetensors")
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not torch.equal(one["transformer.wte.weight"], other["transformer.wte.weight"])
    assert torch.equal(before, torch.get_rng_state())
    assert one["transformer.wte.weight"].std() == pytest.approx(0.02, rel=0.1)
    assert one["transformer.h.0.mlp.c_proj.weight"].std() == pytest.approx(0.02 / 2, rel=0.1)
    assert one["transformer.h.0.mlp.c_proj.bias"].abs().max() == 0
