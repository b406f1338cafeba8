"""Texts for a head: cut, or read in parts that cover them; pairs as the model was made to read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from studio.config.config import Config
from studio.config.edit import change
from studio.tasks.example import Example, Turn
from studio.tokens.frame import frame_of
from studio.tokens.rows import encode_rows
from studio.tokens.texts import MOST_WINDOWS, texts_of
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import tiny_causal_folder, tiny_encoder_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder_folder(tmp_path_factory.mktemp("m"))


def config(**task: Any) -> Config:
    found = Config()
    for name, value in {"max_tokens": 12, **task}.items():
        found = change(found, f"task.{name}", value)
    return found


def example(*texts: str, **learned: Any) -> Example:
    return Example(7, tuple(Turn("text", text) for text in texts), **learned)


def test_a_long_text_is_cut_or_read_in_parts_that_cover_it_evenly(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder, "encoder")
    text = example("a" * 25)  # a token a letter; ten fit beside [CLS] and [SEP]
    (cut,) = encode_rows(tokenizer, [text], config(windows=False))
    assert (len(cut.ids), cut.cut, cut.beside) == (12, 15, ())
    (row,) = encode_rows(tokenizer, [text], config(windows=True))
    assert [len(one.ids) for one in row.sequences] == [12, 12, 12]
    assert {one.row for one in row.sequences} == {7}
    assert row.cut == 0
    whole = tokenizer.encode_prompt(text.turns)[1:-1]
    starts = [0, 8, 15]
    assert [one.ids[1:-1] for one in row.sequences] == [whole[at : at + 10] for at in starts]


def test_what_no_part_holds_is_counted(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder, "encoder")
    (row,) = encode_rows(tokenizer, [example("a " * (10 * MOST_WINDOWS + 3))], config(windows=True))
    assert (len(row.sequences), row.cut) == (MOST_WINDOWS, 3)


@pytest.mark.parametrize("texts", [("one two", "three"), ("a" * 30, "bb"), ("aa", "b" * 30), ("a" * 9, "b" * 9)])
def test_a_pair_is_read_and_cut_as_transformers_does(folder: Path, texts: tuple[str, str]) -> None:
    tokenizer = Tokenizer.load(folder, "encoder")
    (row,) = encode_rows(tokenizer, [example(*texts)], config(windows=True))
    theirs = AutoTokenizer.from_pretrained(folder)(*texts, truncation=True, max_length=12, return_token_type_ids=True)
    assert list(row.ids) == theirs["input_ids"]
    assert list(row.types) == theirs["token_type_ids"]


def test_a_causal_model_knows_no_pairs_and_reads_them_one_below_the_other(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny_causal_folder(tmp_path), "encoder")
    assert not frame_of(tokenizer).between
    assert texts_of(tokenizer, example("one", "two")) == ["one\ntwo"]
    (row,) = encode_rows(tokenizer, [example("")], config())
    assert row.ids == (tokenizer.pad_id,)


def test_what_is_learned_goes_along(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder, "encoder")
    learned = [example("x", label="b"), example("y", labels=("c", "a", "?")), example("z", number=2.5)]
    one, several, number = encode_rows(tokenizer, learned, config(), labels=("a", "b", "c"))
    assert (one.label, several.labels, number.number) == (1, (0, 2), 2.5)


def test_labels_that_are_not_known_are_minus_one(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder, "encoder")
    rows = encode_rows(tokenizer, [example("hello"), example("hello", label="new")], config(), labels=("a",))
    assert [row.label for row in rows] == [-1, -1]
