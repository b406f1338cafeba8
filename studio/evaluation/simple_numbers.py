"""The simpler ways that a model which rates has to beat.

In: training rows with their numbers, and test texts (or vectors of them). Out: a number for each test text, and how
long it took. Everything here learns from the training rows alone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.evaluation.baselines import telling_words

_STRENGTHS = tuple(10.0**power for power in range(-2, 5))  # of the penalty; the best is found on the training rows
_WORD_PENALTY = 1.0  # on a TF-IDF row, which has length 1 a part


@dataclass(frozen=True)
class Numbers:
    """One number a test row, and the seconds it took to learn and give them all."""

    values: tuple[float, ...]
    seconds: float


def always_mean(training: Sequence[float], count: int) -> Numbers:
    """The mean of the training rows, `count` times: no constant has a smaller squared error on them."""
    return Numbers((float(np.mean(training)),) * count, 0.0)


def keyword_numbers(texts: Sequence[str], numbers: Sequence[float], asked: Sequence[str]) -> Numbers:
    """A ridge regression on telling words and runs of letters."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    return _learned(make_pipeline(telling_words(), Ridge(_WORD_PENALTY)), texts, numbers, asked)


def quick_numbers(
    vectors: Sequence[Sequence[float]], numbers: Sequence[float], asked: Sequence[Sequence[float]]
) -> Numbers:
    """A ridge regression on what an untouched model makes of the texts; its penalty is chosen by leaving rows out."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return _learned(make_pipeline(StandardScaler(), RidgeCV(_STRENGTHS)), vectors, numbers, asked)


def pair_features(first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]) -> Sequence[Sequence[float]]:
    """What two vectors of a pair have to do with each other: cosine, and, number by number, product and distance
    (InferSent; Conneau and others 2017)."""
    one, other = (np.asarray(vectors, np.float64) for vectors in (first, second))
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosine = (one * other).sum(axis=1) / np.maximum(lengths, 1e-12)
    found: Sequence[Sequence[float]] = np.concatenate([cosine[:, None], one * other, np.abs(one - other)], 1).tolist()
    return found


def _learned(model: Any, known: Sequence[Any], numbers: Sequence[float], asked: Sequence[Any]) -> Numbers:
    started = time.perf_counter()
    model.fit(known, np.asarray(numbers, np.float64))
    values = tuple(float(value) for value in model.predict(asked))
    return Numbers(values, time.perf_counter() - started)
