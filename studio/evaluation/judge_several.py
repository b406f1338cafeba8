"""Judging a model that gives a text several labels. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. Every way names labels from a threshold
on, chosen on the watching rows in the same manner for all.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from studio.data.parts.dataset import Row
from studio.evaluation import agreement, scores, verdict
from studio.evaluation.comparison import KEPT_ROWS, Comparison, rare_labels, unmet_labels
from studio.evaluation.intervals import Interval, mean
from studio.evaluation.report import Figure, Report, percentage
from studio.evaluation.scores import LabelScore, Mistake
from studio.evaluation.simple_several import Floats, Shares, always_set, keyword_shares, quick_shares
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.events import Event, Progressed
from studio.generation.labels import label_shares
from studio.generation.thresholds import named, thresholds


@dataclass(frozen=True)
class _Answers:
    """What one way says: shares (rows, labels) of the test rows, and which labels it names."""

    shares: Floats
    named: Floats
    limits: tuple[float, ...]
    seconds: float


def judge_several(subject: Subject) -> Generator[Event, None, Report | None]:
    """Label the test rows in every way and compare."""
    comparison = Comparison.of(subject, always="Always the most common labels", quick="quick head")
    watching, seed = list(subject.dataset.rows("watching")), subject.config.training.seed
    asked = [*watching, *comparison.test]
    shares = yield from subject.gathered(
        "Asking your model", label_shares(subject.model, subject.tokenizer, map(subject.task.asked, asked)), len(asked)
    )
    if shares is None:
        return None
    others = yield from comparison.simpler_ways(
        asked,
        partial(_truth, subject),
        always=always_set,
        keywords=partial(keyword_shares, seed=seed),
        quick=partial(quick_shares, seed=seed),
    )
    if others is None:
        return None
    yield Progressed("Comparing")
    told = _truth(subject, watching)
    ways = {**others, "tuned": Shares(np.asarray(shares, np.float64), 0.0)}
    return _report(comparison, {key: _answers(found, told) for key, found in ways.items()})


def _truth(subject: Subject, rows: Sequence[Row]) -> Floats:
    """Which labels each row has, (rows, labels) of 0 and 1; labels that were not learned are in no column."""
    labels = subject.model.labels
    return np.array([[label in row.labels for label in labels] for row in rows], np.float64).reshape(-1, len(labels))


def _answers(found: Shares, watching: Floats) -> _Answers:
    known, asked = found.values[: len(watching)], found.values[len(watching) :]
    limits = thresholds(known, watching)
    return _Answers(asked, (asked >= np.asarray(limits)).astype(np.float64), limits, found.seconds)


def _report(comparison: Comparison, answers: dict[str, _Answers]) -> Report:
    subject, test = comparison.subject, comparison.test
    seed, labels, truth = subject.config.training.seed, subject.model.labels, _truth(subject, test)
    unknown = np.array([len({*row.labels} - {*labels}) for row in test])  # labels that can only be missed
    right = {key: _row_scores(truth, found.named, unknown) for key, found in answers.items()}
    ways = [
        Way.of(key, comparison.names[key], mean(right[key], seed=seed), seconds=found.seconds)
        for key, found in answers.items()
    ]
    ours = answers["tuned"]
    per_label = _label_scores(truth, ours.named, labels)
    gain = compared(right["tuned"], {way.name: right[way.key] for way in ways if not way.is_tuned}, seed=seed)
    mistakes = _mistakes(subject, test, ours)
    return Report(
        kind="classify",
        verdict=verdict.on_several(ways, gain, rows=len(test), weakest=scores.weakest(per_label)),
        subtitle=comparison.subtitle,
        score_name="Labels that agree (F1 of each text)",
        ways=tuple(ways),
        gain=gain,
        figures=_figures(truth, answers, seed),
        counts=subject.counts(len(test)),
        limits=tuple(comparison.limits(_limits(subject, test, truth, unknown))),
        made=today(),
        wrong=len(mistakes),
        label_scores=per_label,
        mistakes=mistakes[:KEPT_ROWS],
    )


def _row_scores(truth: Floats, given: Floats, unknown: Floats) -> list[float]:
    extra = np.stack([truth.sum(axis=1) + unknown, given.sum(axis=1)], axis=1).sum(axis=1)
    found = np.divide(2 * (truth * given).sum(axis=1), extra, out=np.ones(len(truth)), where=extra > 0)
    return [float(score) for score in found]


def _label_scores(truth: Floats, given: Floats, labels: Sequence[str]) -> tuple[LabelScore, ...]:
    hits, having, said = (truth * given).sum(axis=0), truth.sum(axis=0), given.sum(axis=0)
    found = []
    for label, hit, true, named_ in zip(labels, hits.tolist(), having.tolist(), said.tolist(), strict=True):
        if true or named_:
            precision, recall = hit / max(1.0, named_), hit / max(1.0, true)
            found.append(LabelScore(label, round(true), precision, recall, 2 * hit / (true + named_)))
    return tuple(found)


def _figures(truth: Floats, answers: dict[str, _Answers], seed: int) -> tuple[Figure, ...]:
    ways = [answers[key] for key in ("tuned", "untouched") if key in answers]
    figures = []
    for key, name, measure in (
        ("micro_f1", "Every naming of a label counting the same (micro-F1)", agreement.micro_f1),
        ("macro_f1", "Every label counting the same (macro-F1)", agreement.macro_f1_of_several),
        ("exact", "Texts with exactly the right labels", _exact),
    ):
        ours, *theirs = (measure(truth, found.named, seed=seed) for found in ways)
        figures.append(percentage(key, name, ours, untouched=theirs[0].value if theirs else None))
    above, *before = (agreement.several_auc(truth, found.shares) for found in ways)
    if above is not None:
        name = "Whatever the threshold: right texts above the others (AUC)"
        beside = before[0].value if before and before[0] is not None else None
        figures.append(percentage("auc", name, above, untouched=beside))
    return tuple(figures)


def _exact(truth: Floats, given: Floats, *, seed: int) -> Interval:
    return mean((truth == given).all(axis=1).astype(np.float64), seed=seed)


def _mistakes(subject: Subject, test: Sequence[Row], ours: _Answers) -> tuple[Mistake, ...]:
    labels, found = subject.model.labels, []
    for row, shares in zip(test, ours.shares.tolist(), strict=True):
        given = [labels[place] for place in named(shares, ours.limits)]
        if {*given} != {*row.labels}:
            wrong = [share if label in given else 1 - share for label, share in zip(labels, shares, strict=True)
                     if (label in given) != (label in row.labels)]  # fmt: skip
            sure = max(wrong, default=0.0)
            found.append(Mistake(row.number, row.input, _together(row.labels), _together(given), sure))
    return scores.surest_first(found)


def _together(labels: Sequence[str]) -> str:
    return " · ".join(labels) or "none"


def _limits(subject: Subject, test: Sequence[Row], truth: Floats, unknown: Floats) -> list[str]:
    having = dict(zip(subject.model.labels, truth.sum(axis=0).tolist(), strict=True))
    found = [
        "From which share on a label is named was chosen on the watching rows, for every way in the same manner; "
        "labels with few watching rows share one threshold.",
        *rare_labels(having),
        *unmet_labels(label for label, count in having.items() if not count),
    ]
    if unknown.any():
        others = sorted({label for row in test for label in row.labels} - {*subject.model.labels})
        found.append(f"Labels of the test rows that were not learned count as missed: {scores.listed(others)}.")
    return found
