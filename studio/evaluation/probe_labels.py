"""A look at a model that sorts texts: its error and the share of right labels on the watching rows. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from studio.evaluation.asked import Asked
from studio.generation.labels import label_shares
from studio.models.load import Model
from studio.tokens.tokenizer import Tokenizer
from studio.training.probes import Probes

_SMALLEST = 1e-12  # share below which an error is not told apart


def probe_labels(asked: Asked) -> Probes:
    """The Probes of a run whose score is the share of right labels."""
    texts = [row.input for row in asked.dataset.rows("watching")]
    truth = [row.label for row in asked.watching]
    return Probes(
        lambda model: _score_labels(model, asked.tokenizer, texts, truth, asked.limit, asked.should_stop),
        lambda model: _sample_labels(model, asked.tokenizer, asked.prompts, asked.limit),
    )


def _score_labels(
    model: Model,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    truth: Sequence[int],
    limit: int,
    should_stop: Callable[[], bool],
) -> tuple[float, float] | None:
    errors, right = 0.0, 0
    for true, shares in zip(truth, label_shares(model, tokenizer, texts, max_tokens=limit), strict=True):
        if should_stop():
            return None
        share = shares[true] if true >= 0 else 0.0  # a label that training does not know can only be missed
        errors -= math.log(max(share, _SMALLEST))
        right += share == max(shares)
    return errors / len(texts), right / len(texts)


def _sample_labels(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], limit: int
) -> list[tuple[str, str, float | None]]:
    found = zip(prompts, label_shares(model, tokenizer, prompts, max_tokens=limit), strict=True)
    return [(prompt, model.labels[shares.index(max(shares))], max(shares)) for prompt, shares in found]
