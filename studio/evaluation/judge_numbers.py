"""Judging a model that rates texts with a number. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence

from studio.data.parts.dataset import Row
from studio.evaluation import rating, verdict
from studio.evaluation.comparison import KEPT_ROWS, Comparison, Vectors, row_vectors
from studio.evaluation.intervals import Interval, share
from studio.evaluation.report import Figure, Report, percentage
from studio.evaluation.scores import Miss
from studio.evaluation.simple_numbers import Numbers, always_mean, keyword_numbers, pair_features, quick_numbers
from studio.evaluation.subject import Subject, today
from studio.evaluation.untouched import untouched_vectors
from studio.evaluation.verdict import Gain, Way
from studio.events import Event, Progressed
from studio.generation.labels import numbers
from studio.generation.ranges import SHARE, Scale, ends, given, reach, scale_of


def judge_numbers(subject: Subject) -> Generator[Event, None, Report | None]:
    """Rate the test rows in every way and compare."""
    comparison = Comparison.of(subject, always="Always the average", quick="quick fit")
    watching, test = list(subject.dataset.rows("watching")), comparison.test
    asked = [*watching, *test]
    said = yield from subject.gathered(
        "Asking your model", numbers(subject.model, subject.tokenizer, map(subject.task.asked, asked)), len(asked)
    )
    if said is None:
        return None
    others = yield from comparison.simpler_ways(
        test, _truth, always=always_mean, keywords=keyword_numbers, quick=quick_numbers, vectors=_vectors
    )
    if others is None:
        return None
    yield Progressed("Comparing")
    errors = [number - truth for number, truth in zip(said, _truth(watching), strict=False)]
    ways = {**others, "tuned": Numbers(tuple(said[len(watching) :]), 0.0)}
    return _report(comparison, ways, reach(errors), scale_of(row.value for row in comparison.training))


def _truth(rows: Sequence[Row]) -> list[float]:
    found = [row.value for row in rows]
    return [value if value is not None else math.nan for value in found]


def _vectors(subject: Subject, rows: Sequence[Row]) -> Generator[Event, None, Vectors | None]:
    """Of a pair, its two texts are read apart, and what their vectors have to do with each other is told."""
    if not all(row.pair for row in rows):
        return (yield from row_vectors(subject, rows))
    seen = yield from untouched_vectors(subject, [text for row in rows for text in row.pair])
    return None if seen is None else [list(one) for one in pair_features(seen[::2], seen[1::2])]


def _held(found: Numbers, scale: Scale | None) -> Numbers:
    """As it is given: no way gains anything by the ends of a scale that another is not held to as well."""
    return Numbers(tuple(given(value, scale) for value in found.values), found.seconds)


def _report(comparison: Comparison, said: dict[str, Numbers], range_: float, scale: Scale | None) -> Report:
    subject, test = comparison.subject, comparison.test
    held = {key: _held(found, scale) for key, found in said.items()}
    ranges = [ends(value, range_, scale) for value in said["tuned"].values]
    seed, truth = subject.config.training.seed, _truth(test)
    ways = [
        Way.of(key, comparison.names[key], rating.spearman(truth, found.values, seed=seed), seconds=found.seconds)
        for key, found in held.items()
    ]
    gain = _gain(truth, held, ways, seed)
    off = {key: rating.mean_absolute_error(truth, found.values, seed=seed) for key, found in held.items()}
    return Report(
        kind="rate",
        verdict=verdict.on_numbers(
            ways,
            gain,
            rows=len(test),
            off={key: found.value for key, found in off.items()},
            spread=_spread(truth),
            digits=_digits(truth),
        ),
        subtitle=comparison.subtitle,
        score_name="Order that agrees (Spearman)",
        score_unit="",
        ways=tuple(ways),
        gain=gain,
        figures=tuple(_figures(truth, held, off, seed) + _in_range(truth, ranges, range_, seed)),
        counts=subject.counts(len(test)),
        limits=tuple(comparison.limits(_limits(comparison.training, range_))),
        made=today(),
        misses=_misses(test, truth, held["tuned"].values),
        scale=None if scale is None else (scale.low, scale.high),
    )


def _gain(truth: Sequence[float], held: dict[str, Numbers], ways: Sequence[Way], seed: int) -> Gain:
    """Over the best other way."""
    best = max((way for way in ways if not way.is_tuned), key=lambda way: way.score)
    ours, theirs = held["tuned"].values, held[best.key].values
    chance = rating.spearman_luck(truth, ours, theirs, seed=seed)
    return Gain.of(best.name, rating.spearman_gain(truth, ours, theirs, seed=seed), luck=chance)


def _spread(truth: Sequence[float]) -> tuple[float, float]:
    return min(truth), max(truth)


def _digits(truth: Sequence[float]) -> int:
    """How many digits of a number say something, on numbers so far apart."""
    least, most = _spread(truth)
    return max(0, min(6, 2 - math.floor(math.log10(most - least)))) if most > least else 2


def _figures(truth: Sequence[float], held: dict[str, Numbers], off: dict[str, Interval], seed: int) -> list[Figure]:
    ours, theirs = held["tuned"].values, held["untouched"].values if "untouched" in held else None
    line = rating.pearson(truth, ours, seed=seed)
    least, most = _spread(truth)
    digits = _digits(truth)
    error = off["tuned"]
    figures = [
        Figure("pearson", "Numbers that agree (Pearson)", line.value, line.low, line.high,
               untouched=None if theirs is None else rating.pearson(truth, theirs, seed=seed).value, digits=3),
        Figure("mae", "Off by, on average (mean absolute error)", error.value, error.low, error.high,
               untouched=off["untouched"].value if theirs is not None else None, digits=digits, better="lower"),
        Figure("mae_always", "Off by, if it always said the average", off["always"].value, digits=digits,
               better="lower"),
    ]  # fmt: skip
    if all(number == round(number) for number in truth) and most - least <= 100:
        near = [share([round(one) == true for one, true in zip(said, truth, strict=True)], seed=seed).value
                for said in ([] if theirs is None else [theirs])]  # fmt: skip
        exact = share([round(one) == true for one, true in zip(ours, truth, strict=True)], seed=seed)
        figures.append(percentage("rounded", "Right when rounded", exact, untouched=near[0] if near else None))
    return figures


def _in_range(truth: Sequence[float], ranges: Sequence[tuple[float, float]], range_: float, seed: int) -> list[Figure]:
    """How often the true number lies in the range that is given with ours."""
    if not math.isfinite(range_):
        return []
    found = share([low <= true <= high for (low, high), true in zip(ranges, truth, strict=True)], seed=seed)
    name = f"In the range that goes with the number (±{range_:.{_digits(truth)}f}; meant are {SHARE:.0%})"
    return [percentage("in_range", name, found)]


def _misses(test: Sequence[Row], truth: Sequence[float], ours: Sequence[float]) -> tuple[Miss, ...]:
    found = [Miss(row.number, row.input, true, said) for row, true, said in zip(test, truth, ours, strict=True)]
    return tuple(sorted(found, key=lambda miss: (-abs(miss.given - miss.truth), miss.row))[:KEPT_ROWS])


def _limits(training: Sequence[Row], range_: float) -> list[str]:
    least, most = _spread(_truth(training))
    found = [f"It learned numbers from {least:g} to {most:g}; beyond them it cannot be trusted."]
    if not math.isfinite(range_):
        found.append("The watching rows are too few to say how wide a range goes with a number.")
    return found
