"""A look at a model that rates texts: its error and how far the order agrees on the watching rows. (torch)

In: what is asked. Out: Probes.
"""

from __future__ import annotations

from scipy.stats import spearmanr

from studio.evaluation.asked import Asked
from studio.generation.labels import numbers
from studio.generation.ranges import readable, scale_of
from studio.models.load import Model, number_scale
from studio.training.probes import Probes


def probe_numbers(asked: Asked) -> Probes:
    """The Probes of a run whose score is the rank correlation (-1..1; 0 where all numbers are the same)."""
    rows = list(asked.dataset.rows("watching"))
    examples = [asked.task.asked(row) for row in rows]
    scale = scale_of(row.value for row in asked.dataset.rows("training"))

    def score(model: Model) -> tuple[float, float] | None:
        spread, given, errors = number_scale(model)[1], list[float](), 0.0
        for row, number in zip(rows, numbers(model, asked.tokenizer, examples), strict=True):
            if asked.should_stop():
                return None
            assert row.value is not None
            given.append(number)
            errors += ((number - row.value) / spread) ** 2
        truth = [row.value for row in rows]
        agrees = float(spearmanr(truth, given)[0]) if len({*truth}) > 1 and len({*given}) > 1 else 0.0
        return errors / len(rows), agrees

    def sample(model: Model) -> list[tuple[str, str, float | None]]:
        found = numbers(model, asked.tokenizer, map(asked.task.prompt, asked.prompts))
        return [(prompt, readable(number, scale), None) for prompt, number in zip(asked.prompts, found, strict=True)]

    return Probes(score, sample)
