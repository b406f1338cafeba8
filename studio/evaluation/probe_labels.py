"""A look at a model that sorts texts: its error and how many labels are right on the watching rows. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from studio.evaluation.asked import Asked
from studio.generation.labels import label_shares
from studio.generation.thresholds import USUAL, common_threshold, named
from studio.models.load import Model
from studio.tasks.example import Example
from studio.tokens.tokenizer import Tokenizer
from studio.training.probes import Probes

_SMALLEST = 1e-12  # share below which an error is not told apart


def probe_labels(asked: Asked) -> Probes:
    """The Probes of a run. Its score is the share of right labels; where a text can have several, their F1 over all
    watching rows from the one threshold on that is best now."""
    rows, tokenizer = list(asked.dataset.rows("watching")), asked.tokenizer
    examples = [asked.task.asked(row) for row in rows]
    prompts = [asked.task.prompt(prompt) for prompt in asked.prompts]
    if asked.dataset.columns.sign:
        marked = np.array([[label in row.labels for label in asked.dataset.labels] for row in rows])
        return Probes(
            lambda model: _score_several(model, tokenizer, examples, marked, asked.should_stop),
            lambda model: _sample_several(model, tokenizer, asked.prompts, prompts),
        )
    truth = [row.label for row in asked.watching]
    return Probes(
        lambda model: _score_labels(model, tokenizer, examples, truth, asked.should_stop),
        lambda model: _sample_labels(model, tokenizer, asked.prompts, prompts),
    )


def _score_labels(
    model: Model,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    truth: Sequence[int],
    should_stop: Callable[[], bool],
) -> tuple[float, float] | None:
    errors, right = 0.0, 0
    for true, shares in zip(truth, label_shares(model, tokenizer, examples), strict=True):
        if should_stop():
            return None
        share = shares[true] if true >= 0 else 0.0  # a label that training does not know can only be missed
        errors -= math.log(max(share, _SMALLEST))
        right += share == max(shares)
    return errors / len(examples), right / len(examples)


def _score_several(
    model: Model,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    marked: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    should_stop: Callable[[], bool],
) -> tuple[float, float] | None:
    found = []
    for shares in label_shares(model, tokenizer, examples):
        if should_stop():
            return None
        found.append(shares)
    given = np.asarray(found)
    error = -np.log(np.maximum(np.where(marked, given, 1 - given), _SMALLEST)).mean()
    said = given >= common_threshold(given, marked)
    met = marked.sum() + said.sum()
    return float(error), float(2 * (marked & said).sum() / met) if met else 1.0


def _sample_labels(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], examples: Sequence[Example]
) -> list[tuple[str, str, float | None]]:
    found = zip(prompts, label_shares(model, tokenizer, examples), strict=True)
    return [(prompt, model.labels[shares.index(max(shares))], max(shares)) for prompt, shares in found]


def _sample_several(
    model: Model, tokenizer: Tokenizer, prompts: Sequence[str], examples: Sequence[Example]
) -> list[tuple[str, str, float | None]]:
    """The labels that are likelier than not; the thresholds are chosen when training has ended."""
    said: list[tuple[str, str, float | None]] = []
    for prompt, shares in zip(prompts, label_shares(model, tokenizer, examples), strict=True):
        places = named(shares, (USUAL,) * len(shares))
        said.append((prompt, ", ".join(model.labels[place] for place in places) or "–", None))
    return said
