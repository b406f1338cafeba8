"""Answers arrive token by token, end where they should, and are the same alone and in company."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.generation import GenerationConfig
from studio.generation.answer import Piece, complete, generate
from studio.models.load import Model, load_base, load_model
from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import CONTEXT, tiny_causal_folder

CPU = torch.device("cpu")
GREEDY = GenerationConfig(temperature=0, repetition_penalty=1, max_new_tokens=24)
PROMPTS = ["Hi", "the other one " * 3, "x", "a b c", "ou" * 30, "the", "Where?", "1 2 3 4 5"]


def never() -> bool:
    return False


def after(calls: int) -> Callable[[], bool]:
    """A stop that is asked for at the given question."""
    left = iter(range(calls))
    return lambda: next(left, None) is None


def asked(text: str) -> tuple[Turn, ...]:
    return (Turn("user", text),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_causal_folder(tmp_path_factory.mktemp("models"), tied=False)


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.load(folder, "causal")


@pytest.fixture(scope="module")
def base(folder: Path) -> Model:
    return load_base(folder, kind="causal", device=CPU)


@pytest.fixture
def tuned(folder: Path) -> Model:
    """A LoRA model in training mode whose adapter changes what it says."""
    config = change(change(Config(), "task.kind", "answer"), "model.method", "lora")
    model = load_model(folder, config=config, device=CPU)
    with torch.no_grad():
        for name, weight in model.net.named_parameters():
            if "lora_B" in name:
                weight.normal_(0, 0.3, generator=torch.Generator().manual_seed(len(name)))
    return model


def said(pieces: Iterator[Piece]) -> list[Piece]:
    found = list(pieces)
    assert [piece.end for piece in found[:-1]] == [""] * (len(found) - 1)
    return found


def tokens(pieces: Iterator[Piece]) -> list[int]:
    return [piece.token for piece in said(pieces)]


def test_a_greedy_answer_is_transformers_greedy_answer(base: Model, tokenizer: Tokenizer) -> None:
    for text in PROMPTS:
        prompt = torch.tensor([tokenizer.encode_prompt(asked(text))])
        theirs = base.net.generate(  # type: ignore[operator]
            prompt, do_sample=False, max_new_tokens=24, attention_mask=torch.ones_like(prompt), pad_token_id=0
        )
        ours = tokens(generate(base, tokenizer, asked(text), GREEDY, should_stop=never))
        assert ours == theirs[0, prompt.shape[1] :].tolist()


def test_the_pieces_are_the_answer(base: Model, tokenizer: Tokenizer) -> None:
    found = said(generate(base, tokenizer, asked("Hi"), GREEDY, should_stop=never))
    whole = tokenizer.decode([piece.token for piece in found])
    assert whole.startswith("".join(piece.text for piece in found))
    assert (len(found), found[-1].end) == (24, "length")


def ending_after(model: Model, tokenizer: Tokenizer, text: str, count: int) -> Tokenizer:
    """The tokenizer with the greedy answer's token number `count` as an end of turn."""
    from dataclasses import replace

    greedy = tokens(generate(model, tokenizer, asked(text), GREEDY, should_stop=never))
    number = next(n for n, token in enumerate(greedy) if n >= count and token not in greedy[:n])
    return replace(tokenizer, end_ids=frozenset({greedy[number]}))


def test_an_answer_ends_with_the_turn(base: Model, tokenizer: Tokenizer) -> None:
    ending = ending_after(base, tokenizer, "Hi", 3)
    found = said(generate(base, ending, asked("Hi"), GREEDY, should_stop=never))
    assert found[-1].end == "end"
    assert found[-1].text == ""
    assert found[-1].token in ending.end_ids
    assert 4 <= len(found) < 24


def test_an_answer_stops_at_any_token(base: Model, tokenizer: Tokenizer) -> None:
    whole = said(generate(base, tokenizer, asked("Hi"), GREEDY, should_stop=never))
    for count in (0, 1, 5):
        found = said(generate(base, tokenizer, asked("Hi"), GREEDY, should_stop=after(count)))
        assert found == [*whole[:count], Piece("", -1, "stopped")]


def test_an_answer_ends_where_the_model_can_read_no_more(base: Model, tokenizer: Tokenizer) -> None:
    long = asked("x" * (CONTEXT - len(tokenizer.encode_prompt(asked(""))) - 3))
    found = said(generate(base, tokenizer, long, GREEDY, should_stop=never))
    assert (len(found), found[-1].end) == (3, "length")


def test_a_conversation_that_is_too_long_is_told_in_words(base: Model, tokenizer: Tokenizer) -> None:
    with pytest.raises(Problem, match="too long for this model"):
        list(generate(base, tokenizer, asked("x" * CONTEXT), GREEDY, should_stop=never))


def test_the_same_seed_gives_the_same_answer(base: Model, tokenizer: Tokenizer) -> None:
    def rolled(seed: int | None) -> list[int]:
        config = GenerationConfig(temperature=1, max_new_tokens=24, seed=seed)
        return tokens(generate(base, tokenizer, asked("Hi"), config, should_stop=never))

    assert rolled(1) == rolled(1) != rolled(2)
    assert rolled(None) != rolled(None)


def test_the_untouched_model_answers_beside_the_tuned_one(tuned: Model, base: Model, tokenizer: Tokenizer) -> None:
    alone = tokens(generate(tuned, tokenizer, asked("Hi"), GREEDY, should_stop=never))
    plain = tokens(generate(base, tokenizer, asked("Hi"), GREEDY, should_stop=never))
    assert alone != plain
    both = zip(
        generate(tuned, tokenizer, asked("Hi"), GREEDY, should_stop=never),
        generate(tuned, tokenizer, asked("Hi"), GREEDY, untouched=True, should_stop=never),
        strict=True,
    )
    assert [(left.token, right.token) for left, right in both] == list(zip(alone, plain, strict=True))


def test_between_two_pieces_the_model_is_as_it_was(tuned: Model, tokenizer: Tokenizer) -> None:
    assert tuned.net.training
    for answer in (
        generate(tuned, tokenizer, asked("Hi"), GREEDY, untouched=True, should_stop=never),
        complete(tuned, tokenizer, [asked("Hi")], max_new_tokens=4, should_stop=never),
    ):
        next(answer)
        assert tuned.net.training
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    ids = torch.tensor([tokenizer.encode_prompt(asked("Hi"))])
    tuned.net(input_ids=ids).logits.sum().backward()
    learned = [w.grad for name, w in tuned.net.named_parameters() if "lora_B" in name]
    assert all(grad is not None and grad.abs().sum() > 0 for grad in learned)


def test_answers_in_company_are_those_given_alone(base: Model, tokenizer: Tokenizer) -> None:
    ending = ending_after(base, tokenizer, PROMPTS[0], 3)
    prompts = [asked(text) for text in PROMPTS]
    together = dict(complete(base, ending, prompts, max_new_tokens=24, should_stop=never))
    assert sorted(together) == list(range(len(PROMPTS)))
    lengths = set()
    for number, prompt in enumerate(prompts):
        alone = [
            t for t in tokens(generate(base, ending, prompt, GREEDY, should_stop=never)) if t not in ending.end_ids
        ]
        assert together[number] == ending.decode(alone)
        lengths.add(len(alone))
    # Rows must have left one by one, or leaving was not tested.
    assert len(lengths) > 1


def test_a_model_that_counts_positions_answers_the_same_in_company(tokenizer: Tokenizer, folder: Path) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(vocab_size=267, n_positions=CONTEXT, n_embd=32, n_layer=2, n_head=2, initializer_range=0.3)
    model = Model("causal", GPT2LMHeadModel(config).eval(), folder, (), "full", CPU, Config())
    prompts = [asked(text) for text in PROMPTS]
    together = dict(complete(model, tokenizer, prompts, max_new_tokens=12, should_stop=never))
    for number, prompt in enumerate(prompts):
        pieces = said(generate(model, tokenizer, prompt, GREEDY, should_stop=never))[:12]
        assert together[number] == tokenizer.decode([p.token for p in pieces if p.token not in tokenizer.end_ids])
    assert len(set(together.values())) > 4


def test_the_untouched_model_completes_too(tuned: Model, base: Model, tokenizer: Tokenizer) -> None:
    prompts = [asked(text) for text in PROMPTS[:3]]

    def answers(model: Model, untouched: bool) -> dict[int, str]:
        return dict(complete(model, tokenizer, prompts, max_new_tokens=8, untouched=untouched, should_stop=never))

    assert answers(tuned, True) == answers(base, False) != answers(tuned, False)


def test_more_prompts_than_fit_at_once_are_all_answered(base: Model, tokenizer: Tokenizer) -> None:
    prompts = [asked("x" * (n % 5)) for n in range(70)]
    found = list(complete(base, tokenizer, prompts, max_new_tokens=2, should_stop=never))
    assert sorted(number for number, _ in found) == list(range(70))
    answers = dict(found)
    assert all(answers[n] == answers[n % 5] for n in range(70))


def test_a_prompt_that_does_not_fit_is_answered_with_nothing(base: Model, tokenizer: Tokenizer) -> None:
    prompts = [asked("Hi"), asked("x" * CONTEXT), asked("x" * (CONTEXT - 40))]
    found = dict(complete(base, tokenizer, prompts, max_new_tokens=40, should_stop=never))
    assert found[1] == ""
    assert found[0] != ""
    assert found[2] != ""


def test_completing_stops_when_asked(base: Model, tokenizer: Tokenizer) -> None:
    prompts = [asked("x" * n) for n in range(40)]
    found = dict(complete(base, tokenizer, prompts, max_new_tokens=3, should_stop=after(4)))
    assert len(found) == 32
    assert dict(complete(base, tokenizer, [], max_new_tokens=3, should_stop=never)) == {}
