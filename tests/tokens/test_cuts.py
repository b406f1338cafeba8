"""Rows that the limit cuts, and those of whose answer nothing remains."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.edits import DeleteRows
from studio.tasks.example import Example, Turn
from studio.tokens.cuts import CutFinding, cut_findings, fitting_limit
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import CHAT_TEMPLATE, causal_backend, encoder_backend

LIMIT = 60


@pytest.fixture(scope="module")
def chatting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("chat")
    causal_backend().save(str(folder / "tokenizer.json"))
    words = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return Tokenizer.load(folder, "causal")


@pytest.fixture(scope="module")
def sorting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("encoder")
    encoder_backend().save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text('{"pad_token": "[PAD]"}', encoding="utf-8")
    return Tokenizer.load(folder, "encoder")


def asked(row: int, question: str, answer: str) -> Example:
    return Example(row, (Turn("user", question), Turn("assistant", answer, learned=True)))


def test_rows_that_fit_are_good_news(chatting: Tokenizer) -> None:
    (found,) = cut_findings([asked(0, "hi", "hello"), asked(1, "so", "yes")], chatting, 200)
    assert (found.kind, found.severity, found.title) == ("cut", "good", "Every row fits into 200 tokens")
    assert cut_findings([], chatting, 200) == ()


def test_an_answer_that_is_cut_away_is_told_apart_from_one_that_loses_its_end(chatting: Tokenizer) -> None:
    rows = [asked(3, "q" * 500, "lost"), asked(5, "q", "a" * 500), asked(7, "q", "a")]
    encoded = {row.row: chatting.encode(row, max_tokens=10_000) for row in rows}
    begins = encoded[3].learned.index(True) + 1
    lost, cut = cut_findings(rows, chatting, LIMIT)
    assert (lost.kind, lost.severity, lost.rows) == ("answer_cut", "wrong", (3,))
    assert lost.title == "1 row loses its whole answer: the text before it fills the limit of 60 tokens"
    assert lost.notes == ((3, f"the answer begins at token {begins}, the limit is 60"),)
    assert lost.fixes[0].edits == (DeleteRows((3,)),)
    assert (cut.kind, cut.severity, cut.rows, cut.fixes) == ("cut", "look", (5,), ())
    kept, whole = sum(encoded[5].learned[:LIMIT]), sum(encoded[5].learned)
    assert cut.notes == ((5, f"60 of {len(encoded[5].ids)} tokens are read, {kept} of {whole} of the answer learned"),)
    assert f"With a limit of {max(len(row.ids) for row in encoded.values())} tokens every row would fit." in cut.meaning


def test_an_encoder_has_no_answer_to_lose(sorting: Tokenizer) -> None:
    texts = [Example(row, (Turn("text", text),), "a") for row, text in enumerate(["short", "word " * 400])]
    (found,) = cut_findings(texts, sorting, LIMIT)
    length = len(sorting.encode(texts[1], max_tokens=10_000).ids)
    assert (found.kind, found.rows, found.notes) == ("cut", (1,), ((1, f"60 of {length:,} tokens are read"),))


@given(st.lists(st.tuples(st.text(max_size=70), st.text(max_size=70)), max_size=5), st.integers(10, 120))
@settings(max_examples=60)
def test_the_rows_told_are_those_that_training_cuts(
    chatting: Tokenizer, texts: list[tuple[str, str]], limit: int
) -> None:
    rows = [asked(number, *both) for number, both in enumerate(texts)]
    found = {one.kind: set(one.rows) for one in cut_findings(rows, chatting, limit)}
    encoded = list(chatting.encode_many(rows, max_tokens=limit))
    silent = {row.row for row in encoded if row.cut and not any(row.learned)}
    assert found.get("answer_cut", set()) == silent
    assert found.get("cut", set()) == {row.row for row in encoded if row.cut} - silent


def test_a_stop_ends_it(chatting: Tokenizer) -> None:
    assert cut_findings([asked(0, "q" * 500, "lost")], chatting, LIMIT, should_stop=lambda: True) == ()


def test_the_limit_at_which_every_row_fits_is_carried(chatting: Tokenizer) -> None:
    rows = [asked(3, "q" * 500, "lost"), asked(5, "q", "a" * 300), asked(7, "q", "a")]
    found = cut_findings(rows, chatting, LIMIT)
    assert all(isinstance(one, CutFinding) and one.limit == LIMIT for one in found)
    limit = fitting_limit(found, 8_000)
    assert cut_findings(rows, chatting, limit - 1)[-1].severity == "look"
    (good,) = cut_findings(rows, chatting, limit)
    assert good.severity == "good"
    assert fitting_limit(found, 200) == 200
    assert fitting_limit((good,), 200) == 0
