"""The simpler ways that a model has to beat which gives a text several labels.

In: training rows with their labels as 0 and 1, and texts (or vectors of them). Out: the share of each label for each
text, and how long it took; a threshold a label, chosen on watching rows as for the model itself, makes labels of it.
Everything here learns from the training rows alone.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.evaluation.baselines import regression, telling_words

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """(rows, labels) of shares 0..1, and the seconds it took to learn and give them all."""

    values: Floats
    seconds: float


def always_set(training: ArrayLike, count: int) -> Shares:
    """The set of labels that most training rows have, `count` times; of equally common ones one of the largest."""
    true = np.asarray(training, np.int64)
    counted = Counter(map(tuple, true.tolist()))
    most = max(counted, key=lambda labels: (counted[labels], sum(labels), labels))
    return Shares(np.tile(np.asarray(most, np.float64), (count, 1)), 0.0)


def keyword_shares(texts: Sequence[str], training: ArrayLike, asked: Sequence[str], *, seed: int = 0) -> Shares:
    """A logistic regression a label on telling words and runs of letters."""
    started = time.perf_counter()
    words = telling_words()
    known, unknown = words.fit_transform(texts), words.transform(asked)
    return _each(lambda: regression(seed), known, training, unknown, started)


def quick_shares(
    vectors: Sequence[Sequence[float]], training: ArrayLike, asked: Sequence[Sequence[float]], *, seed: int = 0
) -> Shares:
    """A logistic regression a label on what an untouched model makes of the texts."""
    from sklearn.preprocessing import StandardScaler

    started = time.perf_counter()
    scaler = StandardScaler()
    known, unknown = scaler.fit_transform(vectors), scaler.transform(asked)
    return _each(lambda: regression(seed, strength=0.1), known, training, unknown, started)


def _each(make: Callable[[], Any], known: Any, training: ArrayLike, asked: Any, started: float) -> Shares:
    from sklearn.exceptions import ConvergenceWarning

    true = np.asarray(training, np.int64)
    found = np.zeros((asked.shape[0], true.shape[1]))
    for label in range(true.shape[1]):
        if len(np.unique(true[:, label])) == 1:  # nothing to tell apart; a regression refuses that
            found[:, label] = true[0, label]
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # as in baselines: stopped early, hardly worse
            model = make().fit(known, true[:, label])
        found[:, label] = model.predict_proba(asked)[:, 1]
    return Shares(found, time.perf_counter() - started)
