"""The simpler ways that a tuned model has to beat before it is worth its while.

In: training rows and test texts (or vectors of them). Out: an answer for each test text, and how long it took.
Everything here learns from the training rows alone. Knows nothing of the tuned model.
"""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS = 20_000  # more training rows make a simple way slow and hardly better


@dataclass(frozen=True)
class Guesses:
    """One answer a test row, and the seconds it took to learn and give them all."""

    answers: tuple[str, ...]
    seconds: float


def always(training: Sequence[str], count: int) -> Guesses:
    """The most common label, given `count` times; the first by name where several are as common."""
    counted = Counter(training)
    most = min(counted, key=lambda label: (-counted[label], label))
    return Guesses((most,) * count, 0.0)


def some(count: int, *, seed: int, at_most: int = MOST_ROWS) -> list[int]:
    """Row positions to learn from or to judge on: all `count`, or a seeded choice of `at_most`, in order."""
    if count <= at_most:
        return list(range(count))
    return sorted(random.Random(seed).sample(range(count), at_most))


def keywords(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str], *, seed: int = 0) -> Guesses:
    """Words, word pairs and runs of letters, weighed by how telling they are (TF-IDF), and a logistic regression."""
    from sklearn.pipeline import make_pipeline

    return _learned(lambda: make_pipeline(telling_words(), regression(seed)), texts, labels, asked)


def quick_head(
    vectors: Sequence[Sequence[float]], labels: Sequence[str], asked: Sequence[Sequence[float]], *, seed: int = 0
) -> Guesses:
    """A logistic regression on what an untouched encoder makes of the texts."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return _learned(lambda: make_pipeline(StandardScaler(), regression(seed, strength=0.1)), vectors, labels, asked)


def nearest(texts: Sequence[str], answers: Sequence[str], asked: Sequence[str]) -> Guesses:
    """The answer of the training text that shares the most telling words (cosine of TF-IDF)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    started = time.perf_counter()
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    known = words.fit_transform(texts)
    chosen = [int((known @ row.T).toarray().argmax()) for row in words.transform(asked)]
    return Guesses(tuple(answers[i] for i in chosen), time.perf_counter() - started)


def telling_words() -> Any:
    """What makes numbers of texts: words, word pairs and runs of letters, weighed by TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    )


def regression(seed: int, *, strength: float = 10.0) -> Any:
    """A logistic regression that may stop early; `strength` is the inverse weight of its penalty."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, solver="saga", tol=1e-2, max_iter=40, random_state=seed)


def _learned(make: Callable[[], Any], known: Sequence[Any], labels: Sequence[str], asked: Sequence[Any]) -> Guesses:
    from sklearn.exceptions import ConvergenceWarning

    started = time.perf_counter()
    if len(set(labels)) == 1:  # nothing to tell apart; a regression refuses that
        return Guesses((labels[0],) * len(asked), time.perf_counter() - started)
    model = make()
    with warnings.catch_warnings():
        # A simple way may stop early: 40 rounds come within 0.1 points of the converged one, in a fifth of the time.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(list(known), list(labels))
    answers = tuple(str(answer) for answer in model.predict(list(asked)))
    return Guesses(answers, time.perf_counter() - started)
