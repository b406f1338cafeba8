"""Sizes of a model from nothing, as counted and as proposed."""

from __future__ import annotations

from typing import get_args

import pytest

from studio.config.sizes import LARGEST, SMALLEST, SizeName, size_called, size_for, sizes, vocabulary_for
from studio.problems import Problem


def test_gpt2_small_has_the_published_number_of_weights() -> None:
    assert size_called("gpt2").parameters("gpt2", 50_257) == 124_439_808


def test_sizes_grow_and_every_one_says_what_to_expect() -> None:
    weights = [size.parameters("gpt2", 512) for size in sizes()]
    assert weights == sorted(weights)
    assert len({size.name for size in sizes()}) == len(sizes())
    assert all(size.note and size.width % size.heads == 0 for size in sizes())


@pytest.mark.parametrize(("characters", "has_gpu", "name"), [
    (1_000, False, "tiny"), (1_115_394, False, "tiny"), (5_000_000, False, "small"), (1_115_394, True, "small"),
    (10**12, False, "large"), (10**12, True, "gpt2"),
])  # fmt: skip
def test_the_size_follows_the_text_and_the_machine(characters: int, has_gpu: bool, name: str) -> None:
    assert size_for(characters, has_gpu=has_gpu).name == name


def test_an_unknown_size_is_told_with_those_there_are() -> None:
    with pytest.raises(Problem, match="huge") as told:
        size_called("huge")
    assert "tiny" in told.value.fix


def test_the_number_of_tokens_follows_the_text() -> None:
    assert vocabulary_for(0) == vocabulary_for(10_000) == SMALLEST
    assert vocabulary_for(1_115_394) == 2048
    assert vocabulary_for(10**12) == LARGEST


def test_the_names_of_sizes_are_those_of_the_resources() -> None:
    assert tuple(size.name for size in sizes()) == get_args(SizeName)
