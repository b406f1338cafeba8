"""A model's answers to conversations. (torch)

In: turns, a Model and its Tokenizer. Out: pieces of text as they are written, or whole answers to many prompts at
once. Knows nothing of rows, runs or scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from transformers import DynamicCache

from studio.config.generation import GenerationConfig
from studio.generation.forward import asking, context_limit, new_cache
from studio.generation.sampling import Sampler
from studio.models.device import at_once
from studio.models.load import Model
from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tokens.tokenizer import Tokenizer

ROWS_AT_ONCE = 32
TOKENS_AT_ONCE = 8192  # prompts and answers together, remembered keys and values: bounds the memory
_ON_A_CARD = 4  # times both on a graphics card; fewer than where texts are only read: what is remembered of each stays


@dataclass(frozen=True)
class Piece:
    """What one `token` adds to the answer; `text` may be empty. The last Piece has an `end`: the model ended its turn,
    the length limit was reached, or it was stopped (then `token` is -1)."""

    text: str
    token: int
    end: Literal["", "end", "length", "stopped"] = ""


def generate(
    model: Model,
    tokenizer: Tokenizer,
    turns: Sequence[Turn],
    config: GenerationConfig,
    *,
    untouched: bool = False,
    should_stop: Callable[[], bool],
) -> Iterator[Piece]:
    """The answer to a conversation, token by token; `untouched` leaves out what was learned. Raises a Problem where
    the conversation alone fills what the model can read."""
    prompt = tokenizer.encode_prompt(turns)
    limit = min(config.max_new_tokens, _room(model, prompt))
    sampler, stream = Sampler(config, model.device), tokenizer.stream()
    cache = new_cache(model)
    new = torch.tensor([prompt], device=model.device)
    said = new[:, :0]
    for number in range(1, limit + 1):
        if should_stop():
            yield Piece("", -1, "stopped")
            return
        with asking(model, untouched=untouched):
            scores = _last_scores(model, new, cache)
            token = sampler.choose(scores, said)
        if token in tokenizer.end_ids:
            yield Piece("", token, "end")
            return
        yield Piece(stream.push(token), token, "length" if number == limit else "")
        new = torch.tensor([[token]], device=model.device)
        said = torch.cat([said, new], dim=1)


def complete(
    model: Model,
    tokenizer: Tokenizer,
    prompts: Sequence[Sequence[Turn]],
    *,
    max_new_tokens: int,
    untouched: bool = False,
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, str]]:
    """The likeliest answer to each prompt, as (index of the prompt, text), in whatever order they are done; when
    stopped, the unfinished ones are missing. A prompt that fills what the model can read gets ""."""
    yield from complete_ids(
        model,
        tokenizer,
        tokenizer.encode_prompts(prompts),
        max_new_tokens=max_new_tokens,
        untouched=untouched,
        should_stop=should_stop,
    )


def complete_ids(
    model: Model,
    tokenizer: Tokenizer,
    ids: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    untouched: bool = False,
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, str]]:
    """As `complete`, of prompts that are encoded already."""
    limit = context_limit(model)
    yield from ((number, "") for number, row in enumerate(ids) if len(row) >= limit)
    fitting = sorted((n for n, row in enumerate(ids) if len(row) < limit), key=lambda n: (len(ids[n]), n))
    rows_at_once, tokens_at_once = (at_once(n, model.device, times=_ON_A_CARD) for n in (ROWS_AT_ONCE, TOKENS_AT_ONCE))
    for numbers in _packed(fitting, ids, max_new_tokens, rows_at_once, tokens_at_once):
        rows = _Rows(model, [ids[number] for number in numbers], numbers, tokenizer.pad_id)
        while rows.numbers:
            if should_stop():
                return
            with asking(model, untouched=untouched):
                tokens = rows.advance()
            for number, answer in rows.take_done(tokens, tokenizer.end_ids, max_new_tokens, limit):
                yield number, tokenizer.decode(answer)


class _Rows:
    """Answers being written side by side. Prompts are filled up at the left, so that all rows grow at the right; a
    row that is done leaves, and the rest go on without it."""

    def __init__(self, model: Model, prompts: Sequence[Sequence[int]], numbers: Sequence[int], pad_id: int) -> None:
        self.model, self.numbers = model, list(numbers)
        longest = max(map(len, prompts))
        gaps = torch.tensor([longest - len(prompt) for prompt in prompts], device=model.device)
        filled = [[pad_id] * (longest - len(prompt)) + list(prompt) for prompt in prompts]
        self.new = torch.tensor(filled, device=model.device)
        columns = torch.arange(longest, device=model.device)
        self.attention = (columns >= gaps[:, None]).long()
        self.positions = (columns - gaps[:, None]).clamp(min=0)
        self.lengths = [len(prompt) for prompt in prompts]
        self.said: list[list[int]] = [[] for _ in prompts]
        self.cache = new_cache(model)

    def advance(self) -> Tensor:
        """The likeliest next token of each row, (rows,)."""
        scores = _last_scores(
            self.model, self.new, self.cache, attention_mask=self.attention, position_ids=self.positions
        )
        return scores.argmax(-1)

    def take_done(self, tokens: Tensor, ends: frozenset[int], most: int, limit: int) -> list[tuple[int, list[int]]]:
        """Append a token to each row; the rows that are done with it leave and are returned."""
        done, going = list[int](), list[int]()
        for row, token in enumerate(tokens.tolist()):
            if token not in ends:
                self.said[row].append(token)
            full = len(self.said[row]) >= min(most, limit - self.lengths[row])
            (done if token in ends or full else going).append(row)
        finished = [(self.numbers[row], self.said[row]) for row in done]
        self._keep(going, tokens)
        return finished

    def _keep(self, going: list[int], tokens: Tensor) -> None:
        kept = torch.tensor(going, dtype=torch.long, device=tokens.device)
        if len(going) < len(self.numbers):
            self.numbers = [self.numbers[row] for row in going]
            self.said = [self.said[row] for row in going]
            self.lengths = [self.lengths[row] for row in going]
            self.attention, self.positions = self.attention[kept], self.positions[kept]
            self.cache.batch_select_indices(kept)
        self.new = tokens[kept, None]
        self.attention = torch.cat([self.attention, torch.ones_like(self.new)], dim=1)
        self.positions = self.positions[:, -1:] + 1


def _last_scores(model: Model, ids: Tensor, cache: DynamicCache, **more: Any) -> Tensor:
    found = model.net(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1, **more)
    scores = found.logits[:, -1]
    assert isinstance(scores, Tensor)
    return scores


def _packed(
    numbers: Sequence[int], ids: Sequence[Sequence[int]], most: int, rows_at_once: int, tokens_at_once: int
) -> Iterator[list[int]]:
    """`numbers` in packs that are answered side by side, each answer of at most so many tokens."""
    pack: list[int] = []
    for number in numbers:  # shortest first, so the newcomer is the longest
        needed = (len(pack) + 1) * (len(ids[number]) + most)
        if pack and (len(pack) == rows_at_once or needed > tokens_at_once):
            yield pack
            pack = []
        pack.append(number)
    if pack:
        yield pack


def _room(model: Model, prompt: Sequence[int]) -> int:
    limit = context_limit(model)
    if len(prompt) >= limit:
        raise Problem(
            "The conversation is too long for this model.",
            f"It takes {len(prompt):,} tokens, and the model reads at most {limit:,} with its answer.",
            "Begin a new conversation, or shorten the message.",
        )
    return limit - len(prompt)
