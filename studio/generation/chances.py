"""How likely each token of a text was, and what else could have stood there. (torch)

In: a Model, its Tokenizer and the ids of a text. Out: for each token its text, its share, and the likeliest others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from studio.generation.forward import asking, context_limit
from studio.models.load import Model
from studio.tokens.tokenizer import Tokenizer

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
    with asking(model, untouched=untouched):
        logits = model.net(input_ids=line, attention_mask=torch.ones_like(line)).logits[0, :-1].float()
    shares = logits.softmax(-1)
    own = shares.gather(1, line[0, 1:, None])[:, 0].tolist()
    top = shares.topk(min(OTHERS, shares.shape[-1]))
    stream = tokenizer.stream()
    stream.push(kept[0])
    return [
        Chance(
            stream.push(token),
            share,
            tuple((_name(tokenizer, other), part) for other, part in zip(others, parts, strict=True)),
        )
        for token, share, others, parts in zip(kept[1:], own, top.indices.tolist(), top.values.tolist(), strict=True)
    ]


def _name(tokenizer: Tokenizer, token: int) -> str:
    """A token as text; a mark by its name."""
    return tokenizer.decode([token]) or tokenizer.backend.id_to_token(token) or ""
