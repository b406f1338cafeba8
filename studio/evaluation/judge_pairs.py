"""Judging how alike a model finds two texts, against the numbers of the table. (torch)

In: a Subject whose rows are two texts and a number. Out: progress, and at the end the Report, or None when stopped.
What counts is the order of the pairs (Spearman's rank correlation), since a cosine is no number of the table.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from studio.data.parts.dataset import Row
from studio.data.parts.pairing import number_of
from studio.evaluation import baselines, verdict
from studio.evaluation.rating import pearson, spearman, spearman_gain, spearman_luck
from studio.evaluation.reading import read_texts
from studio.evaluation.report import Figure, Report, Sample
from studio.evaluation.sample_words import PAIRS_SCORE
from studio.evaluation.subject import Subject, today
from studio.evaluation.verdict import Gain, Way
from studio.events import Event, Progressed
from studio.models.load import untouched_of
from studio.tasks.search import Search

MOST_PAIRS = 5_000
KEPT_SAMPLES = 200
_NAMES = {"words": "Words in common", "untouched": "Untouched model", "tuned": "Your model"}

Cosines = list[float]


def judge_pairs(subject: Subject) -> Generator[Event, None, Report | None]:
    """Compare the test pairs in every way."""
    seed, test = subject.config.training.seed, list(subject.dataset.rows("test"))
    rows = [test[place] for place in baselines.some(len(test), seed=seed, at_most=MOST_PAIRS)]
    yield Progressed("Comparing words")
    found = {"words": _shared_words(rows)}
    for key in ("untouched", "tuned"):
        cosines = yield from _cosines(subject, rows, key)
        if cosines is None:
            return None
        found[key] = cosines
    yield Progressed("Comparing")
    return _report(subject, test, rows, found)


def _cosines(subject: Subject, rows: Sequence[Row], key: str) -> Generator[Event, None, Cosines | None]:
    task = subject.task
    assert isinstance(task, Search)
    model, untouched = (subject.model, False) if key == "tuned" else untouched_of(subject.model)
    texts = [*(task.asked(row) for row in rows), *(task.passage(row.target) for row in rows)]
    what = "Your model reads" if key == "tuned" else "The untouched model reads"
    found = yield from read_texts(subject, model, texts, what, untouched=untouched)
    if found is None:
        return None
    cosines: Cosines = (found[: len(rows)] * found[len(rows) :]).sum(axis=1).tolist()
    return cosines


def _shared_words(rows: Sequence[Row]) -> Cosines:
    """The cosine of both texts' words, weighed by how rare they are (TF-IDF)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from studio.evaluation.bm25 import words

    weigh = TfidfVectorizer(analyzer=words)
    both = weigh.fit_transform([*(row.input for row in rows), *(row.target for row in rows)])
    cosines: Cosines = np.asarray(both[: len(rows)].multiply(both[len(rows) :]).sum(axis=1)).ravel().tolist()
    return cosines


def _report(subject: Subject, test: Sequence[Row], rows: Sequence[Row], found: Mapping[str, Cosines]) -> Report:
    seed = subject.config.training.seed
    truth = [number_of(row.score) or 0.0 for row in rows]
    each = {key: spearman(truth, cosines, seed=seed) for key, cosines in found.items()}
    ways = [Way.of(key, _NAMES[key], one) for key, one in each.items()]
    best = max((way for way in ways if not way.is_tuned), key=lambda way: way.score)
    gained = spearman_gain(truth, found["tuned"], found[best.key], seed=seed)
    gain = Gain.of(best.name, gained, luck=spearman_luck(truth, found["tuned"], found[best.key], seed=seed))
    line = pearson(truth, found["tuned"], seed=seed)
    before = pearson(truth, found["untouched"], seed=seed).value
    name = "Agreement in a straight line (Pearson)"
    return Report(
        kind="search",
        verdict=verdict.on_pairs(ways, gain, pairs=len(rows)),
        subtitle=f"{len(rows):,} test pairs that it never saw during training",
        score_name=PAIRS_SCORE,
        score_unit="",
        ways=tuple(ways),
        gain=gain,
        figures=(Figure("pearson", name, line.value, line.low, line.high, untouched=before, digits=3),),
        counts=subject.counts(len(rows)),
        limits=tuple(_limits(subject, test, rows)),
        made=today(),
        samples=_samples(rows, truth, found),
    )


def _limits(subject: Subject, test: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    training = list(subject.dataset.rows("training"))
    found = subject.limits(training, test, judged=len(rows), unit="test pairs")
    found.append("A cosine tells which of two pairs is more alike; it is not on the scale of your numbers.")
    if len(rows) < len(test):
        found.append(f"{len(rows):,} of {len(test):,} test pairs were judged, chosen at random.")
    return found


def _samples(rows: Sequence[Row], truth: Sequence[float], found: Mapping[str, Cosines]) -> tuple[Sample, ...]:
    """The pairs whose place in the order is furthest off, first."""
    from scipy.stats import rankdata

    apart = np.abs(rankdata(truth) - rankdata(found["tuned"])) / max(1, len(rows) - 1)
    made = []
    for place in np.argsort(-apart, kind="stable")[:KEPT_SAMPLES].tolist():
        row, ours, theirs = rows[place], found["tuned"][place], found["untouched"][place]
        known = (f"{row.score} · {row.target}",)
        made.append(Sample((row.number,), row.input, known, f"{ours:.2f}", f"{theirs:.2f}", 1 - float(apart[place])))
    return tuple(made)
