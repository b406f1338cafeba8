"""How well labels were given: per label, what is taken for what, and the surest mistakes.

In: the true and the given labels of the test rows, and the shares the model gave. Out: plain records. Knows nothing of
models or files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LabelScore:
    """One label: `count` true rows; `precision` the share of rows so named that are it, `recall` the share of its rows
    that were found, `f1` their harmonic mean; all 0..1."""

    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Confusion:
    """`counts[t][a]` rows of true label `labels[t]` were given `labels[a]`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Confused:
    """`count` rows of the label `truth` were taken for `answer`."""

    truth: str
    answer: str
    count: int


@dataclass(frozen=True)
class Mistake:
    """A wrong row: its 0-based `row` in the table, its text, and the share 0..1 that the wrong answer got."""

    row: int
    text: str
    truth: str
    answer: str
    share: float


@dataclass(frozen=True)
class Miss:
    """A rated row: its 0-based `row` in the table, its text, its number and the one that was given."""

    row: int
    text: str
    truth: float
    given: float


def label_scores(truth: Sequence[str], answers: Sequence[str], labels: Sequence[str]) -> tuple[LabelScore, ...]:
    """One LabelScore a label that occurs in either list, in the order of `labels`."""
    from sklearn.metrics import precision_recall_fscore_support

    met = {*truth, *answers}
    shown = [label for label in labels if label in met]
    parts = precision_recall_fscore_support(truth, answers, labels=shown, zero_division=0.0)
    return tuple(
        LabelScore(label, int(count), float(precision), float(recall), float(f1))
        for label, precision, recall, f1, count in zip(shown, *parts, strict=True)
    )


def confusion(truth: Sequence[str], answers: Sequence[str], labels: Sequence[str]) -> Confusion:
    """How often each label was taken for each other."""
    counted = Counter(zip(truth, answers, strict=True))
    return Confusion(tuple(labels), tuple(tuple(counted[t, a] for a in labels) for t in labels))


def most_confused(truth: Sequence[str], answers: Sequence[str], *, at_most: int = 20) -> tuple[Confused, ...]:
    """The pairs that are mixed up most often, most frequent first, then by name."""
    counted = Counter((t, a) for t, a in zip(truth, answers, strict=True) if t != a)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confused(t, a, count) for (t, a), count in ordered[:at_most])


def weakest(scores: Sequence[LabelScore], *, at_least: int = 5) -> LabelScore | None:
    """The label whose rows are found least often; labels with fewer than `at_least` rows say too little. None where
    every such label is found each time, or where several share the last place."""
    rated = [score for score in scores if score.count >= at_least and score.recall < 1]
    lowest = min((score.recall for score in rated), default=1.0)
    last = [score for score in rated if score.recall == lowest]
    return last[0] if len(last) == 1 else None


def surest_first(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """Mistakes in the order in which they deserve a look: the surest first."""
    return tuple(sorted(mistakes, key=lambda mistake: (-mistake.share, mistake.row)))


def listed(labels: Sequence[str], *, at_most: int = 10) -> str:
    """Labels in a sentence; of many the first."""
    more = f" and {len(labels) - at_most:,} more" if len(labels) > at_most else ""
    return ", ".join(labels[:at_most]) + more
