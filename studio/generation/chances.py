"""How likely each token of a text was, and what else could have stood there. (torch)

In: a Model, its Tokenizer and the ids of a text. Out: for each token its text, its share, and the likeliest others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from studio.generation.forward import asking, context_limit
from studio.models.load import Model, causal_parts
from studio.tokens.tokenizer import Tokenizer

_POSITIONS = 512  # whose scores for all words exist at once
OTHERS = 5  # likeliest tokens that are named for each place


@dataclass(frozen=True)
class Chance:
    """A token's `text` (what it adds; "" while a character is unfinished), its `share` in 0..1 after everything before
    it, and the likeliest tokens at its place, `others`, with theirs; its own is among them where it is one."""

    text: str
    share: float
    others: tuple[tuple[str, float], ...]


def chances(model: Model, tokenizer: Tokenizer, ids: Sequence[int], *, untouched: bool = False) -> list[Chance]:
    """The chances of every token of `ids` but the first one, before which nothing stands. What lies beyond the tokens
    that the model can read at once is left out."""
    kept = list(ids)[: context_limit(model)]
    if len(kept) < 2:
        return []
    line = torch.tensor([kept], device=model.device)
    parts, own, others, their = causal_parts(model), list[float](), list[list[int]](), list[list[float]]()
    with asking(model, untouched=untouched):
        hidden = parts.hidden(line, torch.ones_like(line))[0, :-1]
        for start in range(0, len(hidden), _POSITIONS):
            shares = parts.scores(hidden[start : start + _POSITIONS]).softmax(-1)
            wanted = line[0, 1 + start : 1 + start + _POSITIONS, None]
            own += shares.gather(1, wanted)[:, 0].tolist()
            top = shares.topk(min(OTHERS, shares.shape[-1]))
            others += top.indices.tolist()
            their += top.values.tolist()
    stream = tokenizer.stream()
    stream.push(kept[0])
    return [
        Chance(
            stream.push(token),
            share,
            tuple((_name(tokenizer, other), part) for other, part in zip(names, values, strict=True)),
        )
        for token, share, names, values in zip(kept[1:], own, others, their, strict=True)
    ]


def _name(tokenizer: Tokenizer, token: int) -> str:
    """A token as text; a mark by its name."""
    return tokenizer.decode([token]) or tokenizer.backend.id_to_token(token) or ""
