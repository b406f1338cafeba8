"""How well a Model foretells texts, token by token. (torch)

In: a Model and Encoded rows. Out: for each learned token its surprise and whether it was the likeliest one. One pass
gives both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import CausalParts, Model, causal_parts
from studio.tokens import batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training.loss import number_format

_POSITIONS = 512  # whose scores for all words exist at once


class Foretold(NamedTuple):
    """Of each learned token of a row its surprise in `nats`, and whether it was the likeliest (`right`)."""

    nats: NDArray[np.float64]
    right: NDArray[np.bool_]


def foretell(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> list[Foretold] | None:
    """One Foretold for each row, in their order, in the network's present mode; None when stopped."""
    parts, lengths = causal_parts(model), [len(row.ids) for row in rows]
    found: dict[int, Foretold] = {}
    for places in batches.micro_batches(range(len(rows)), lengths, token_budget=token_budget):
        if should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=pad_id, device=model.device)
        asked = batch.learned[:, 1:]
        with torch.no_grad(), number_format(model):
            hidden = parts.hidden(batch.ids, batch.attention)[:, :-1][asked]
            nats, right = _of_tokens(parts, hidden, batch.ids[:, 1:][asked])
        cuts = np.cumsum(asked.sum(dim=1).cpu().numpy())[:-1]
        each = zip(np.split(nats, cuts), np.split(right, cuts), strict=True)
        found |= {place: Foretold(*pair) for place, pair in zip(places, each, strict=True)}
    return [found[place] for place in range(len(rows))]


def mean_foretold(found: Sequence[Foretold]) -> tuple[float, float]:
    """The mean surprise of a token in nats, and the share of tokens that were the likeliest."""
    tokens = max(1, sum(len(one.nats) for one in found))
    return sum(float(one.nats.sum()) for one in found) / tokens, sum(int(one.right.sum()) for one in found) / tokens


def _of_tokens(parts: CausalParts, hidden: Tensor, targets: Tensor) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    nats, right = [np.zeros(0)], [np.zeros(0, np.bool_)]
    for start in range(0, len(hidden), _POSITIONS):
        some, wanted = hidden[start : start + _POSITIONS], targets[start : start + _POSITIONS]
        logits = parts.scores(some)
        nats.append(F.cross_entropy(logits, wanted, reduction="none").cpu().double().numpy())
        right.append((logits.argmax(-1) == wanted).cpu().numpy())
    return np.concatenate(nats), np.concatenate(right)
