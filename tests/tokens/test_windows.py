"""A question and a text in windows: what stands where, what is learned, and the way back to the characters."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import models, pre_tokenizers, processors

from studio.tasks.example import Example, Turn
from studio.tokens.encoded import NO_SPAN
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.windows import Window, encode_marked, stride, tokens_between, windows
from tests.tiny import causal_backend, encoder_backend, tiny_encoder_folder

QUESTION = "who?"


@cache
def letters() -> Tokenizer:
    """A WordPiece over letters, as BERT's."""
    return Tokenizer(encoder_backend(), "encoder", 0, frozenset(), (2,), (3,), None, has_types=True)


@cache
def octets() -> Tokenizer:
    """A BPE over bytes that counts blanks to the words, as RoBERTa's."""
    backend = causal_backend()
    backend.add_special_tokens(["<s>", "</s>"])
    begin, end = backend.token_to_id("<s>"), backend.token_to_id("</s>")
    backend.post_processor = processors.RobertaProcessing(("</s>", end), ("<s>", begin), trim_offsets=False)
    return Tokenizer(backend, "encoder", end, frozenset(), (begin,), (end,), None, has_types=False)


@cache
def ideographs() -> Tokenizer:
    """One token for each character, with marks that combine on their own."""
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    backend.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    return Tokenizer(backend, "encoder", 0, frozenset(), (1,), (2,), None, has_types=True)


MAKERS = [letters, octets, ideographs]


def marked(tokenizer: Tokenizer, text: str, answer: str, *, limit: int, question: str = QUESTION) -> list[Window]:
    start = text.index(answer)
    span = (start, start + len(answer)) if answer else None
    example = Example(7, (Turn("text", question), Turn("text", text)), span=span)
    [row] = encode_marked(tokenizer, [example], max_tokens=limit)
    assert isinstance(row, Window)
    found = [row, *row.beside]
    assert all(isinstance(one, Window) for one in found)
    return [one for one in found if isinstance(one, Window)]


def test_a_window_is_what_the_tokenizer_makes_of_the_pair() -> None:
    for make in MAKERS:
        tokenizer = make()
        pair = tokenizer.backend.encode(QUESTION, "Ada Lovelace, 1843")
        [one] = windows(tokenizer, QUESTION, "Ada Lovelace, 1843", max_tokens=90)
        assert one.ids == tuple(pair.ids)
        assert one.types == (tuple(pair.type_ids) if tokenizer.has_types else ())
        text = [place for place, of in enumerate(pair.sequence_ids) if of == 1]
        assert one.reach == (text[0], text[-1] + 1)


def test_the_learned_span_is_golden() -> None:
    [one] = marked(letters(), "by Ada.", "Ada", limit=60)
    #       [CLS] w h o ? [SEP] b y a d a . [SEP]
    assert [letters().backend.id_to_token(token) for token in one.ids] == [
        "[CLS]", "w", "##h", "##o", "?", "[SEP]", "b", "##y", "a", "##d", "##a", ".", "[SEP]",
    ]  # fmt: skip
    assert one.span == (8, 10)
    assert one.reach == (6, 12)
    assert [place for place, learned in enumerate(one.learned) if learned] == [8, 9, 10]
    assert one.types == (0,) * 6 + (1,) * 7


def test_no_answer_is_the_first_token() -> None:
    [one] = marked(letters(), "by Ada.", "", limit=60)
    assert one.span == NO_SPAN
    assert [place for place, learned in enumerate(one.learned) if learned] == [0]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Grüße 😀👩‍🔬 an Zoë", "Zoë"),
        ("Grüße 😀👩‍🔬 an Zoë", "😀👩‍🔬"),
        ("Zu\u0308rich liegt am See", "Zu\u0308rich"),
        ("他在北京大学读书。", "北京大学"),
        ("a  b\u00a0c\n\nd", "b\u00a0c"),
        ("नमस्ते दुनिया", "दुनिया"),
    ],
)
def test_tokens_lead_back_to_the_characters(make: Callable[[], Tokenizer], text: str, answer: str) -> None:
    tokenizer = make()
    start = text.index(answer)
    [one] = windows(tokenizer, QUESTION, text, max_tokens=120)
    first, last = tokens_between(one.offsets, start, start + len(answer))
    assert text[one.offsets[first][0] : one.offsets[last][1]] == answer


def test_neighbours_share_a_third_and_together_hold_every_token() -> None:
    tokenizer, text = letters(), "ab cd efg hi j " * 12
    found = windows(tokenizer, QUESTION, text, max_tokens=60)
    assert stride(60) == 20
    assert len(found) > 2
    for left, right in itertools.pairwise(found):
        assert left.offsets[-20:] == right.offsets[:20]
    assert {place for one in found for place in one.offsets} == {(n, n + 1) for n in range(180) if text[n] != " "}
    assert all(len(one.ids) <= 60 and one.ids[:6] == found[0].ids[:6] for one in found)


def test_what_holds_half_an_answer_is_not_learned_and_of_the_others_only_some() -> None:
    text = "aa " * 200 + "xy" + " bb" * 200
    found = marked(letters(), text, "xy", limit=60)
    holding = [one for one in found if one.span != NO_SPAN]
    assert holding
    assert holding == found[: len(holding)]
    assert len(found) - len(holding) == 2
    assert found == marked(letters(), text, "xy", limit=60)


@pytest.mark.parametrize(("question", "answer"), [("q" * 50, "a"), (QUESTION, "a" * 21)])
def test_a_row_that_teaches_nothing_has_nothing_learned(question: str, answer: str) -> None:
    [one] = marked(letters(), "a" * 70, answer, limit=60, question=question)
    assert one.ids == (2, 3)
    assert not any(one.learned)
    assert windows(letters(), "q" * 50, "a", max_tokens=60) == []


def test_the_question_is_never_cut() -> None:
    question = "q" * 30
    for one in windows(letters(), question, "a" * 200, max_tokens=60):
        assert letters().backend.decode(list(one.ids)).startswith(question)


def test_a_model_folder_says_whether_it_knows_token_types(tmp_path: Path) -> None:
    assert Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder").has_types


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(MAKERS), st.text(min_size=1, max_size=120), st.data())
def test_every_span_stands_whole_in_a_window(make: Callable[[], Tokenizer], text: str, data: st.DataObject) -> None:
    tokenizer = make()
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 8)))
    found = windows(tokenizer, "?", text, max_tokens=30)
    whole = windows(tokenizer, "?", text, max_tokens=3000)[0]
    first, last = tokens_between(whole.offsets, start, end)
    if first < 0 or last - first >= stride(30):  # nothing but blanks or what the tokenizer leaves out; or too long
        return
    wanted = whole.offsets[first : last + 1]
    holds = [one for one in found if any(one.offsets[n : n + len(wanted)] == wanted for n in range(len(one.offsets)))]
    assert holds
