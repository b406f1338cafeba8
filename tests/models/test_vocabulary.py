"""Tokenizers learned from texts: they give back every text, and the texts alone decide what is in them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from random import Random

import pytest
import tokenizers
import transformers

from studio.models.vocabulary import (
    BYTES,
    END,
    check_texts,
    learn_characters,
    learn_pieces,
    write_tokenizer,
)
from studio.problems import Problem

TEXT = "The lamp was lit at dusk. The keeper wrote it down, as every evening.\n" * 30
ODD = (
    "", " ", "   two  spaces ", "\r\n\t\n", "\x00\x7f", "Grüße, 東京, عربى", "👩‍👩‍👧‍👦 🇨🇭", "a\u0301 á",
    "\ufeff\u2028\u200b", "ﬁ ＡＢＣ Å", "\U0010ffff",
)  # fmt: skip


def both() -> list[tokenizers.Tokenizer]:
    return [learn_pieces([TEXT], tokens=400), learn_characters([TEXT])]


def any_text(rng: Random) -> str:
    """Letters of every sort, without halves of pairs, which no text has."""
    codes = (rng.randrange(0x110000) for _ in range(40))
    return "".join(chr(code) for code in codes if unicodedata.category(chr(code)) != "Cs")


@pytest.mark.parametrize("number", [0, 1])
def test_any_text_comes_back_exactly(number: int) -> None:
    backend, rng = both()[number], Random(0)
    for text in (*ODD, *(any_text(rng) for _ in range(200))):
        ids = backend.encode(text, add_special_tokens=False).ids
        assert backend.decode(ids, skip_special_tokens=False) == text


@pytest.mark.parametrize("number", [0, 1])
def test_transformers_opens_it_and_reads_the_same(number: int, tmp_path: Path) -> None:
    backend = both()[number]
    write_tokenizer(backend, tmp_path, context=64)
    opened = transformers.AutoTokenizer.from_pretrained(tmp_path)
    for text in ODD:
        ids = backend.encode(text, add_special_tokens=False).ids
        assert opened(text)["input_ids"] == ids
        assert opened.decode(ids) == text
    assert (opened.bos_token, opened.eos_token, opened.model_max_length) == (END, END, 64)


def test_pieces_that_come_often_become_one_token() -> None:
    backend = learn_pieces([TEXT], tokens=400)
    assert len(backend.encode(" lamp", add_special_tokens=False).ids) == 1
    assert backend.get_vocab_size() <= 400


def test_characters_are_those_of_the_texts() -> None:
    backend = learn_characters([TEXT, "ß"])  # once is not enough to be learned
    assert len(backend.encode("lamp", add_special_tokens=False).ids) == 4
    assert len(backend.encode("ß", add_special_tokens=False).ids) == 2  # as its two bytes
    assert backend.get_vocab_size() == 1 + BYTES + len(set(TEXT))


def test_a_stop_ends_the_learning() -> None:
    asked = iter([False, True, True, True])
    backend = learn_characters(["aa" * 9_000, "bb" * 9_000], should_stop=lambda: next(asked))
    assert backend.get_vocab_size() == 1 + BYTES + 1


def test_too_little_text_is_told() -> None:
    check_texts(100_000)
    with pytest.raises(Problem, match="too little text"):
        check_texts(120)
