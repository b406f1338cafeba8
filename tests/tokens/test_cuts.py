"""Rows that the limit cuts, and those of whose answer nothing remains."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import normalizers, pre_tokenizers

from studio.config.config import Config
from studio.config.edit import change
from studio.data.table.edits import DeleteRows
from studio.tasks.example import Example, Turn
from studio.tokens.cuts import CutFinding, cut_findings, fitting_limit, head_cut_findings
from studio.tokens.texts import MOST_WINDOWS
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


@pytest.fixture(scope="module", params=["causal", "encoder"])
def rewriting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """One that writes a text anew before it reads it: a blank in front, and NFKC, which makes 33 bytes of U+FDFA."""
    folder = tmp_path_factory.mktemp("rewriting")
    backend = causal_backend()
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    backend.save(str(folder / "tokenizer.json"))
    words = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return Tokenizer.load(folder, request.param)


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


expanding = st.text(st.sampled_from("ab the\n\u00e9\ufdfa\ufb03\u3300\U0001f600"), max_size=30)


def is_as_encoded(tokenizer: Tokenizer, rows: list[Example], most: int = 10_000) -> None:
    """For limits at, and one on either side of, where each row ends and where its answer begins: the rows told are
    those that are cut when each of them is encoded."""
    whole = list(tokenizer.encode_many(rows, max_tokens=most))
    edges = {len(row.ids) for row in whole} | {row.learned.index(True) for row in whole if any(row.learned)}
    for limit in sorted({edge + step for edge in edges for step in (-1, 0, 1)} - {-1, 0}):
        lost = {row.row for row in whole if any(row.learned) and not any(row.learned[:limit]) and len(row.ids) > limit}
        cut = {row.row for row in whole if len(row.ids) > limit} - lost
        found = [one for one in cut_findings(rows, tokenizer, limit) if one.count]
        assert {one.kind: set(one.rows) for one in found} == {
            kind: told for kind, told in (("answer_cut", lost), ("cut", cut)) if told
        }, limit
        assert fitting_limit(found, most) == (max(len(row.ids) for row in whole) if lost or cut else 0)


@given(st.lists(st.tuples(expanding, expanding), min_size=1, max_size=3))
@example([("\ufdfa" * 20, "\ufdfa" * 20), ("a", "b"), ("a" * 40, "b")])
@settings(max_examples=30, deadline=None)
def test_the_limits_at_which_a_row_is_cut_are_those_of_its_encoding(
    rewriting: Tokenizer, some: list[tuple[str, str]]
) -> None:
    if rewriting.kind == "causal":
        is_as_encoded(rewriting, [asked(number, *both) for number, both in enumerate(some)])
    else:
        is_as_encoded(rewriting, [Example(number, (Turn("user", text),)) for number, (text, _) in enumerate(some)])


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


@pytest.mark.parametrize(("lost", "offered"), [(1, True), (4, False)])
def test_half_of_the_rows_and_more_are_not_offered_to_be_deleted(chatting: Tokenizer, lost: int, offered: bool) -> None:
    rows = [asked(n, "word " * (200 if n < lost else 1), "yes") for n in range(6)]
    found = next(one for one in cut_findings(rows, chatting, LIMIT) if one.kind == "answer_cut")
    assert found.count == lost
    assert bool(found.fixes) is offered


def test_a_text_that_is_read_in_parts_is_not_cut_and_a_pair_is(sorting: Tokenizer) -> None:
    config = change(change(Config(), "task.max_tokens", 12), "task.windows", True)
    texts = [Example(0, (Turn("text", "a" * 30),)), Example(1, (Turn("text", "b"),))]
    (good,) = head_cut_findings(texts, sorting, config)
    assert (good.count, good.title) == (0, "Every row fits into 12 tokens, or is read in parts of that length")
    (cut,) = head_cut_findings(texts, sorting, change(config, "task.windows", False))
    assert (cut.rows, cut.notes) == ((0,), ((0, "12 of 32 tokens are read"),))
    assert isinstance(cut, CutFinding)
    assert cut.longest == 32
    pair = Example(2, (Turn("text", "a" * 30), Turn("text", "bb")))
    (told,) = head_cut_findings([*texts, pair], sorting, config)
    assert told.rows == (2,)
    endless = Example(3, (Turn("text", "c " * (10 * MOST_WINDOWS + 5)),))
    (beyond,) = head_cut_findings([endless], sorting, config)
    assert isinstance(beyond, CutFinding)
    assert head_cut_findings([endless], sorting, change(config, "task.max_tokens", beyond.longest))[0].count == 0
    assert head_cut_findings([], sorting, config) == ()
