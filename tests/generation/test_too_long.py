"""Texts that are too long are counted, and told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.config import Config
from studio.config.edit import change
from studio.events import Noted, Warned
from studio.generation.too_long import Long, long_among, told
from studio.tasks.example import Example, Turn
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import tiny_encoder_folder

LONG = "a very long text " * 30


def example(text: str, *beside: str) -> Example:
    return Example(-1, (Turn("text", text),), beside=tuple(map(example, beside)))


@pytest.fixture
def tokenizer(tmp_path: Path) -> Tokenizer:
    return Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")


def config(**task: object) -> Config:
    made = Config()
    for name, value in {"max_tokens": 16, **task}.items():
        made = change(made, f"task.{name}", value)
    return made


def test_texts_are_cut_or_read_in_parts(tokenizer: Tokenizer) -> None:
    examples = [example("short"), example(LONG), example(LONG * 20)]
    assert long_among(tokenizer, iter(examples), config(kind="classify")) == Long(3, 0, 2, 16)
    in_parts = long_among(tokenizer, iter(examples), config(kind="classify", windows=True))
    assert (in_parts.parted, in_parts.limit) == (2, 16)
    assert in_parts.cut == 2  # sixteen parts of sixteen tokens are the most


def test_what_lies_beside_a_query_is_counted_with_it(tokenizer: Tokenizer) -> None:
    found = long_among(tokenizer, [example("short", LONG), example("short", "short")], config(kind="search"))
    assert found == Long(2, 0, 1, 16)


def test_it_is_told_of_many_and_of_one() -> None:
    assert list(told(Long(3, 0, 0, 16))) == []
    (one,) = told(Long(3, 0, 1, 16))
    assert isinstance(one, Warned)
    assert (one.what, one.fix) == (
        "1 of 3 texts is longer than 16 tokens and cut there.", "Shorten them if their ends matter.",
    )  # fmt: skip
    (alone,) = told(Long(1, 0, 1, 16))
    assert isinstance(alone, Warned)
    assert (alone.what, alone.fix) == (
        "The text is longer than 16 tokens and cut there.", "Shorten it if its end matters.",
    )  # fmt: skip
    (parted,) = told(Long(1, 1, 0, 16))
    assert isinstance(parted, Noted)
    assert parted.text == "The text is longer than 16 tokens: it is read in parts, and what the parts say is averaged."
