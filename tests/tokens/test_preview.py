"""The preview shows the whole text, token by token, as training uses it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.config.config import Config
from studio.config.edit import change
from studio.tasks.example import Example, Turn
from studio.tokens.preview import preview, preview_row
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import CHAT_TEMPLATE, causal_backend, encoder_backend, tiny_encoder_folder


@pytest.fixture(scope="module")
def chatting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("chat")
    causal_backend().save(str(folder / "tokenizer.json"))
    words = {"eos_token": "<|im_end|>", "chat_template": CHAT_TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return Tokenizer.load(folder, "causal")


@pytest.fixture(scope="module")
def sorting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder: Path = tmp_path_factory.mktemp("encoder")
    encoder_backend().save(str(folder / "tokenizer.json"))
    return Tokenizer.load(folder, "encoder")


def answer(message: str, reply: str) -> Example:
    return Example(0, (Turn("user", message), Turn("assistant", reply, learned=True)))


def joined(tokenizer: Tokenizer, example: Example, kind: str, limit: int) -> str:
    return "".join(shown.text for shown in preview(tokenizer, example, max_tokens=limit) if shown.kind == kind)


def test_read_learned_and_cut_are_told_apart(chatting: Tokenizer) -> None:
    example = answer("Hi", "Good day")
    assert joined(chatting, example, "learned", 99) == "Good day<|im_end|>"
    assert joined(chatting, example, "context", 99).endswith("<|im_start|>assistant\n")
    length = len(preview(chatting, example, max_tokens=99))
    assert joined(chatting, example, "cut", length - 4) == "day<|im_end|>"


def test_what_is_cut_is_what_training_leaves_out(chatting: Tokenizer, sorting: Tokenizer) -> None:
    for tokenizer, example in (
        (chatting, answer("Hi", "Good day")),
        (sorting, Example(0, (Turn("text", "Hi there"),))),
    ):
        for limit in (2, 5, 9, 99):
            shown = preview(tokenizer, example, max_tokens=limit)
            encoded = tokenizer.encode(example, max_tokens=limit)
            assert tuple(piece.id for piece in shown if piece.kind != "cut") == encoded.ids
            assert sum(piece.kind == "cut" for piece in shown) == encoded.cut


def test_a_text_stands_between_its_tokens_as_it_was_typed(sorting: Tokenizer) -> None:
    shown = preview(sorting, Example(0, (Turn("text", "Hi,  Café "),)), max_tokens=6)
    assert [piece.text for piece in shown] == ["[CLS]", "H", "i", ",", "  C", "a", "f", "é ", "[SEP]"]
    assert [piece.kind for piece in shown] == ["context"] * 5 + ["cut"] * 3 + ["context"]


@given(message=st.text(max_size=15), reply=st.text(max_size=15) | st.just("\n\n\nx"))
@settings(max_examples=100, deadline=None)
def test_the_pieces_are_the_whole_text(chatting: Tokenizer, message: str, reply: str) -> None:
    example = answer(message, reply)
    shown = preview(chatting, example, max_tokens=10)
    assert "".join(piece.text for piece in shown) == chatting.template.answered(example.turns)[0]
    assert tuple(piece.id for piece in shown) == chatting.encode(example, max_tokens=9999).ids


def test_a_query_is_shown_before_its_passage(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")
    pair = Example(0, (Turn("text", "ask"),), beside=(Example(0, (Turn("text", "tell me more"),)),))
    shown = preview(tokenizer, pair, max_tokens=6)
    assert "".join(one.text for one in shown).replace(" ", "") == "[CLS]ask[SEP][CLS]tellmemore[SEP]"
    assert [one.kind for one in shown[5:]] == ["context"] * 5 + ["cut"] * 6 + ["context"]


def test_a_worse_answer_stands_behind_the_better_one(chatting: Tokenizer) -> None:
    pair = replace(answer("Hello", "Good day"), beside=(answer("Hello", "What?"),))
    assert joined(chatting, pair, "learned", 200) == "Good day<|im_end|>"
    assert joined(chatting, pair, "worse", 200) == "What?<|im_end|>"
    assert joined(chatting, pair, "context", 200) == joined(chatting, answer("Hello", "Good day"), "context", 200)
    bad = replace(answer("Hello", "What?"), number=0.0)
    assert joined(chatting, bad, "worse", 200) == "What?<|im_end|>"
    assert joined(chatting, bad, "learned", 200) == ""
    assert joined(chatting, replace(bad, number=1.0), "learned", 200) == "What?<|im_end|>"


def sorted_by(**task: object) -> Config:
    found = change(Config(), "task.windows", True)
    for name, value in task.items():
        found = change(found, f"task.{name}", value)
    return found


@pytest.mark.parametrize("texts", [("one two", "three"), ("a" * 30, "bb"), ("aa", "b" * 30), ("a" * 30,), ("a b c",)])
@pytest.mark.parametrize("kind", ["classify", "rate"])
def test_what_is_shown_of_a_text_to_sort_is_what_is_learned(tmp_path: Path, texts: tuple[str, ...], kind: str) -> None:
    tokenizer, config = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder"), sorted_by(kind=kind)
    example = Example(0, tuple(Turn("text", text) for text in texts))
    [whole] = encode_rows(tokenizer, [example], config, max_tokens=999)
    for limit in (12, 16, 99):
        [read] = encode_rows(tokenizer, [example], config, max_tokens=limit)
        shown = preview_row(tokenizer, example, config, max_tokens=limit)
        assert tuple(one.id for one in shown) == whole.ids
        assert sum(one.kind == "cut" for one in shown) == read.cut
        if not read.beside:
            assert tuple(one.id for one in shown if one.kind != "cut") == read.ids
        own = [one.text for one in shown if not one.text.startswith("[")]
        assert "".join(own).replace(" ", "") == "".join(texts).replace(" ", "")
        assert {one.part for one in shown} == set(range(len(texts)))


def test_a_text_that_is_read_in_parts_is_not_cut(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")
    example = Example(0, (Turn("text", "a" * 30),))
    shown = preview_row(tokenizer, example, sorted_by(), max_tokens=12)
    assert {one.kind for one in shown} == {"context"}
    whole = preview_row(tokenizer, example, sorted_by(windows=False), max_tokens=12)
    assert sum(one.kind == "cut" for one in whole) == 20
    pair = Example(0, (Turn("text", "ask"), Turn("text", "it")))
    said = "".join(one.text for one in preview_row(tokenizer, pair, sorted_by(), max_tokens=12))
    assert said == "[CLS]ask[SEP]it[SEP]"


def test_each_text_of_a_row_is_a_part(tmp_path: Path, chatting: Tokenizer) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")
    passages = tuple(Example(0, (Turn("text", text),)) for text in ("right", "wrong"))
    found = preview(tokenizer, Example(0, (Turn("text", "ask"),), beside=passages), max_tokens=99)
    assert ["".join(one.text for one in found if one.part == part) for part in range(3)] == [
        "[CLS]ask[SEP]", "[CLS]right[SEP]", "[CLS]wrong[SEP]",
    ]  # fmt: skip
    pair = replace(answer("Hello", "Good day"), beside=(answer("Hello", "What?"),))
    assert {one.part for one in preview(chatting, pair, max_tokens=200) if one.kind == "worse"} == {1}
