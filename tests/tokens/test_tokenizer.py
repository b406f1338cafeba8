"""Ids and masks: what is learned, what is cut, and that chat sends what training read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.problems import Problem
from studio.tasks.example import Example, Source, Turn
from studio.tokens.tokenizer import CHUNK, Tokenizer
from tests.tiny import CHAT_TEMPLATE, MERGES, causal_backend, encoder_backend

FAR = 10_000


def folder(parent: Path, *, chat: bool) -> Path:
    parent.mkdir(exist_ok=True)
    causal_backend().save(str(parent / "tokenizer.json"))
    end = "<|im_end|>" if chat else "<|endoftext|>"
    words = {"eos_token": end, **({"pad_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE} if chat else {})}
    (parent / "tokenizer_config.json").write_text(json.dumps(words), encoding="utf-8")
    return parent


@pytest.fixture(scope="module")
def chatting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer.load(folder(tmp_path_factory.mktemp("chat"), chat=True), "causal")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer.load(folder(tmp_path_factory.mktemp("plain"), chat=False), "causal")


@pytest.fixture(scope="module")
def sorting(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    parent = tmp_path_factory.mktemp("encoder")
    encoder_backend().save(str(parent / "tokenizer.json"))
    (parent / "tokenizer_config.json").write_text('{"pad_token": "[PAD]"}', encoding="utf-8")
    return Tokenizer.load(parent, "encoder")


def talk(*said: str, row: int = 0) -> Example:
    """Messages and answers in turn; every answer is learned."""
    roles = ("user", "assistant")
    return Example(row, tuple(Turn(roles[n % 2], text, n % 2 == 1) for n, text in enumerate(said)))  # type: ignore[arg-type]


def learned_texts(tokenizer: Tokenizer, example: Example) -> str:
    """What is learned, with | where something else lies between."""
    encoded = tokenizer.encode(example, max_tokens=FAR)
    runs: list[list[int]] = [[]]
    for token, learned in zip(encoded.ids, encoded.learned, strict=True):
        if learned:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return "|".join(tokenizer.backend.decode(run, skip_special_tokens=False) for run in runs if run)


def test_the_answer_and_its_end_are_learned_and_the_newline_after_it_is_cut_off(chatting: Tokenizer) -> None:
    encoded = chatting.encode(talk("Hello", "Good day"), max_tokens=FAR)
    whole = chatting.backend.decode(list(encoded.ids), skip_special_tokens=False)
    assert whole == "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nGood day<|im_end|>"
    assert learned_texts(chatting, talk("Hello", "Good day")) == "Good day<|im_end|>"
    assert (encoded.label, encoded.cut) == (-1, 0)


def test_every_learned_answer_of_a_conversation_is_learned(chatting: Tokenizer) -> None:
    assert learned_texts(chatting, talk("a", "b", "c", "d")) == "b<|im_end|>|d<|im_end|>"
    turns = talk("a", "b", "c", "d").turns
    half = Example(0, (turns[0], turns[1]._replace(learned=False), *turns[2:]))
    assert learned_texts(chatting, half) == "d<|im_end|>"


def test_a_base_model_learns_the_answer_and_its_end(plain: Tokenizer) -> None:
    assert plain.template.is_plain
    assert learned_texts(plain, talk("Hello", "Good day")) == "Good day<|endoftext|>"


def test_ends_and_filling(chatting: Tokenizer, plain: Tokenizer, sorting: Tokenizer) -> None:
    assert chatting.end_ids == {chatting.backend.token_to_id(mark) for mark in ("<|im_end|>", "<|endoftext|>")}
    assert chatting.pad_id == chatting.backend.token_to_id("<|endoftext|>")
    assert plain.end_ids == {plain.pad_id} == {plain.backend.token_to_id("<|endoftext|>")}
    assert (sorting.pad_id, sorting.end_ids) == (0, frozenset())


def test_ends_named_by_the_generation_settings_end_an_answer_too(tmp_path: Path) -> None:
    found = folder(tmp_path / "m", chat=True)
    (found / "generation_config.json").write_text('{"eos_token_id": [264, 5]}', encoding="utf-8")
    (found / "config.json").write_text('{"eos_token_id": 264}', encoding="utf-8")
    assert Tokenizer.load(found, "causal").end_ids == {264, 5, 266}


@pytest.mark.parametrize("answer", ["\n\nGood day", "\n\n\n", "the", " the"])
def test_a_token_never_straddles_the_border(plain: Tokenizer, answer: str) -> None:
    example = talk("Hello", answer)
    prompt, encoded = plain.encode_prompt(example.turns[:1]), plain.encode(example, max_tokens=FAR)
    assert encoded.ids[: len(prompt)] == prompt
    assert encoded.learned == (False,) * len(prompt) + (True,) * (len(encoded.ids) - len(prompt))
    assert learned_texts(plain, example) == answer + "<|endoftext|>"


def test_two_newlines_are_one_token_where_no_border_lies_between(plain: Tokenizer) -> None:
    # Otherwise the test above could not fail.
    joined = plain.backend.token_to_id("".join(MERGES[0]))
    assert joined in plain.backend.encode("Hello\n\n\nGood day").ids
    assert plain.segments(talk("Hello", "\n\nGood day")) == ("Hello\n", "\n\nGood day<|endoftext|>")


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\n\n", " the\n", "\n\n\na"]
)


@given(said=st.lists(anything, min_size=2, max_size=6).map(lambda said: said[: len(said) // 2 * 2]))
@settings(max_examples=150, deadline=None)
def test_chat_sends_what_training_read(chatting: Tokenizer, plain: Tokenizer, said: list[str]) -> None:
    example = talk(*said)
    for tokenizer in (chatting, plain):
        encoded = tokenizer.encode(example, max_tokens=FAR)
        assert "".join(tokenizer.segments(example)) == tokenizer.template.answered(example.turns)[0]
        for turn in range(1, len(said), 2):
            prompt = tokenizer.encode_prompt(example.turns[:turn])
            assert encoded.ids[: len(prompt)] == prompt
            assert not encoded.learned[len(prompt) - 1]
            assert encoded.learned[len(prompt)]


def test_a_long_conversation_is_cut_at_its_end(chatting: Tokenizer) -> None:
    whole = chatting.encode(talk("Hello", "Good day"), max_tokens=FAR)
    cut = chatting.encode(talk("Hello", "Good day"), max_tokens=len(whole.ids) - 3)
    assert (cut.ids, cut.learned, cut.cut) == (whole.ids[:-3], whole.learned[:-3], 3)


def test_a_text_is_cut_before_its_end_token(sorting: Tokenizer) -> None:
    example = Example(4, (Turn("text", "hello there"),))
    whole = sorting.encode(example, max_tokens=12)
    assert (len(whole.ids), whole.cut, whole.row) == (12, 0, 4)
    cut = sorting.encode(example, max_tokens=8)
    assert (cut.ids, cut.cut) == ((*whole.ids[:7], whole.ids[-1]), 4)
    assert not any(cut.learned)
    assert len(cut.learned) == 8


def test_texts_read_as_transformers_reads_them(sorting: Tokenizer) -> None:
    from transformers import PreTrainedTokenizerFast

    theirs = PreTrainedTokenizerFast(tokenizer_object=encoder_backend(), pad_token="[PAD]")
    for text in ("Hello, Café!", "", "  ", "a" * 40, "日本"):
        assert sorting.encode_prompt((Turn("text", text),)) == tuple(theirs(text).input_ids)
        cut = sorting.encode(Example(0, (Turn("text", text),)), max_tokens=8)
        assert cut.ids == tuple(theirs(text, truncation=True, max_length=8).input_ids)


def test_limits_that_a_folder_brings_along_do_not_cut(tmp_path: Path) -> None:
    backend = encoder_backend()
    backend.enable_truncation(4)
    backend.enable_padding(length=6)
    backend.save(str(tmp_path / "tokenizer.json"))
    assert len(Tokenizer.load(tmp_path, "encoder").encode_prompt((Turn("text", "a" * 20),))) == 22


def test_many_rows_come_in_order(chatting: Tokenizer) -> None:
    examples = [talk("a" * (n % 7), f"answer {n}", row=n) for n in range(CHUNK + 5)]
    many = list(chatting.encode_many(examples, max_tokens=60))
    assert [row.row for row in many] == list(range(CHUNK + 5))
    assert all(many[n] == chatting.encode(examples[n], max_tokens=60) for n in (0, 1, 6, CHUNK - 1, CHUNK, CHUNK + 4))


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@settings(max_examples=100, deadline=None)
def test_streaming_never_shows_half_a_character(plain: Tokenizer, text: str) -> None:
    ids, stream = plain.backend.encode(text, add_special_tokens=False).ids, plain.stream()
    pieces = [stream.push(token) for token in ids]
    assert "".join(pieces) == plain.decode(ids) == text or "\ufffd" in text


def test_special_tokens_are_not_part_of_the_text(chatting: Tokenizer) -> None:
    stream = chatting.stream()
    assert [stream.push(token) for token in (39, 266, 72)] == ["H", "", "i"]
    assert chatting.decode((39, 266, 72)) == "Hi"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1.0"}'])
def test_a_damaged_tokenizer_is_told_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    with pytest.raises(Problem, match="tokenizer is damaged"):
        Tokenizer.load(tmp_path, "encoder")


def test_a_folder_without_a_tokenizer_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    with pytest.raises(Problem, match="no tokenizer"):
        Tokenizer.load(tmp_path, "causal")


def test_a_folder_of_the_old_kind_is_converted(tmp_path: Path) -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "##s"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}', encoding="utf-8")
    assert Tokenizer.load(tmp_path, "encoder").encode_prompt((Turn("text", "Hellos"),)) == (2, 5, 6, 3)


def test_a_model_that_never_ends_an_answer_is_refused(tmp_path: Path) -> None:
    causal_backend().save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(Problem, match="how an answer ends"):
        Tokenizer.load(tmp_path, "causal")


def test_the_end_may_be_named_by_its_number_alone(tmp_path: Path) -> None:
    causal_backend().save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text('{"eos_token_id": 264}', encoding="utf-8")
    assert Tokenizer.load(tmp_path, "causal").template.end == "<|endoftext|>"


def test_a_first_token_that_the_model_expects_opens_the_plain_template(tmp_path: Path) -> None:
    from tokenizers import processors

    backend = causal_backend()
    backend.post_processor = processors.TemplateProcessing(
        single="<|im_start|> $A", special_tokens=[("<|im_start|>", 265)]
    )
    backend.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "tokenizer_config.json").write_text('{"eos_token": "<|endoftext|>"}', encoding="utf-8")
    assert Tokenizer.load(tmp_path, "causal").encode_prompt((Turn("user", "Hi"),)) == (265, 39, 72, 198)


def about(text: str, question: str, answer: str = "") -> Example:
    """A text with a question, and the answer where one is given."""
    asked = Turn("user", f"{text}\n\n{question}")
    learned = (Turn("assistant", answer, learned=True),) if answer else ()
    return Example(5, (asked, *learned), source=Source(0, 0, len(text), question))


LEAFLET = "Dogs stay outside. The pool opens at nine. Lockers take a coin. Showers are free for all of you."


@pytest.mark.parametrize("limit", [60, 90, 120])
def test_of_a_long_text_the_nearest_passages_are_read_and_the_question_is_not_cut(
    chatting: Tokenizer, limit: int
) -> None:
    encoded = chatting.encode(about(LEAFLET, "When does it open?", "at nine"), max_tokens=limit)
    assert len(encoded.ids) <= limit
    assert encoded.cut
    text = chatting.backend.decode(list(encoded.ids), skip_special_tokens=False)
    assert "When does it open?<|im_end|>" in text
    assert learned_texts(chatting, about(LEAFLET, "When does it open?", "at nine")) == "at nine<|im_end|>"
    assert ("The pool opens at nine." in text) == (limit > 80)
    assert "Showers" not in text


def test_a_text_is_shortened_alike_with_and_without_its_answer(chatting: Tokenizer) -> None:
    asked, whole = (about(LEAFLET, "When does it open?", answer) for answer in ("", "at nine"))
    fitted = chatting.fitted(asked, 100)
    assert fitted.turns[0] == chatting.fitted(whole, 100).turns[0]
    assert fitted.turns[0] != asked.turns[0]
    encoded = chatting.encode(whole, max_tokens=100)
    assert encoded.ids[: encoded.learned.index(True)] == chatting.encode_prompt(fitted.turns)
    assert chatting.fitted(asked, 4000) is asked
    assert not chatting.encode(whole, max_tokens=4000).cut
