"""Test texts in stretches: no byte is lost, and what is summed is what was foretold."""

from __future__ import annotations

import numpy as np
import pytest

from studio.data.parts.dataset import Row
from studio.evaluation.text_units import judged_texts
from studio.tokens.tokenizer import Tokenizer
from tests.evaluation.texts import entries
from tests.tiny import tiny_causal_folder


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer.load(tiny_causal_folder(tmp_path_factory.mktemp("m")), "causal")


def rows(*texts: str) -> list[Row]:
    return [Row(number, text, "") for number, text in enumerate(texts)]


@pytest.mark.parametrize("texts", [entries(40), [" ".join(entries(60))], ["Grüße 東京 👩‍👩‍👧\r\n" * 30, "x"]])
def test_every_byte_and_every_token_is_counted_once(tokenizer: Tokenizer, texts: list[str]) -> None:
    found = judged_texts(rows(*texts), tokenizer, limit=32, most=10**9)
    learned = sum(sum(row.learned) for row in found.pieces)
    assert len(found.sizes) == len(found.units) == learned
    assert found.sizes.sum() == sum(len(text.encode()) for text in texts)
    assert found.units[0] == 0
    assert set(np.diff(found.units)) <= {0, 1}
    sums = found.sums(found.sizes, np.ones(learned))
    assert sums.shape == (found.count, 2)
    assert sums.sum(axis=0).tolist() == [found.sizes.sum(), learned]


def test_many_texts_are_units_and_few_are_cut(tokenizer: Tokenizer) -> None:
    many = judged_texts(rows(*entries(40)), tokenizer, limit=32, most=10**9)
    assert many.are_texts
    assert many.count == 40
    book = judged_texts(rows(" ".join(entries(400))), tokenizer, limit=32, most=10**9)
    assert not book.are_texts
    assert 90 <= book.count <= 110
    lengths = np.bincount(book.units)
    assert lengths.max() - lengths.min() <= 1


def test_bits_of_bytes_go_to_the_tokens_that_stand_for_them(tokenizer: Tokenizer) -> None:
    texts = ["aé the", "the end"]
    found = judged_texts(rows(*texts), tokenizer, limit=32, most=10**9)
    bits = [np.arange(1.0, len(text.encode()) + 1) for text in texts]
    of_tokens = found.of_bytes(bits)
    assert of_tokens.sum() == sum(part.sum() for part in bits)
    starts = np.concatenate([[0], np.cumsum(found.sizes)[:-1]])
    every = np.concatenate(bits)
    expected = [every[a : a + size].sum() for a, size in zip(starts, found.sizes, strict=True)]
    assert of_tokens.tolist() == expected


def test_no_more_than_so_many_tokens_are_measured(tokenizer: Tokenizer) -> None:
    whole = judged_texts(rows(*entries(9)), tokenizer, limit=32, most=10**9)
    some = judged_texts(rows(*entries(9)), tokenizer, limit=32, most=100)
    assert int((some.sizes > 0).sum()) <= 100 < len(whole.sizes)
    assert b"".join(whole.bytes_of()).startswith(b"".join(some.bytes_of()))
    assert some.sizes.sum() == len(b"".join(some.bytes_of()))
