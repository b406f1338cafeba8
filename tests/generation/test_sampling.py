"""The next token is chosen as the settings say, and the same seed chooses the same."""

from __future__ import annotations

import pytest
import torch

from studio.config.generation import GenerationConfig
from studio.generation.sampling import Sampler

CPU = torch.device("cpu")
SCORES = torch.tensor([[1.0, 3.0, 2.5, -1.0]])
NOTHING = torch.zeros((1, 0), dtype=torch.long)


def drawn(count: int = 200, said: torch.Tensor = NOTHING, **settings: float | None) -> list[int]:
    plain = {"temperature": 1.0, "top_p": 1.0, "top_k": 0, "repetition_penalty": 1.0, "seed": 0}
    sampler = Sampler(GenerationConfig(**{**plain, **settings}), CPU)
    return [sampler.choose(SCORES, said) for _ in range(count)]


def test_temperature_zero_takes_the_likeliest() -> None:
    assert set(drawn(temperature=0)) == {1}


def test_shares_are_those_of_the_scores() -> None:
    found = drawn(4000)
    shares = [found.count(token) / len(found) for token in range(4)]
    assert shares == pytest.approx(SCORES.softmax(-1)[0].tolist(), abs=0.03)


def test_top_k_and_top_p_leave_only_the_likeliest() -> None:
    assert set(drawn(top_k=2)) == {1, 2}
    assert set(drawn(top_p=0.5)) == {1}
    assert set(drawn(top_p=0.9)) == {1, 2}


def test_a_higher_temperature_varies_more() -> None:
    assert drawn(1000, temperature=5).count(1) < drawn(1000, temperature=1).count(1) < 1000


def test_what_was_said_becomes_less_likely() -> None:
    assert set(drawn(temperature=0, repetition_penalty=1.5, said=torch.tensor([[1, 1]]))) == {2}
    assert set(drawn(temperature=0, repetition_penalty=1.5, said=torch.tensor([[3]]))) == {1}


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(seed=7) == drawn(seed=7) != drawn(seed=8)
    assert drawn(seed=None) != drawn(seed=None)


def test_drawing_leaves_the_global_dice_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    drawn(seed=None)
    assert torch.equal(torch.rand(2), expected)
