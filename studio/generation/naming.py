"""What a text is called, by the shares that a model gave its labels: everywhere the same.

In: label names, their shares, and how they are to be read (a Calibration). Out: the labels that the text gets. Knows
nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.generation.thresholds import named
from studio.runs.calibration import Calibration
from studio.tasks.none_of_these import none_label

UNSURE = "unsure"  # the answer below the threshold where no label means none of these


def labels_of(labels: Sequence[str], shares: Sequence[float], told: Calibration) -> tuple[str, ...]:
    """The labels that a text gets. Where it can have several: each that reaches its threshold, the likeliest first;
    none where none does. Else one: the likeliest, or, where its share is too small to count, `below(labels)`."""
    if told.thresholds:
        return tuple(labels[place] for place in named(shares, told.thresholds))
    best = max(range(len(shares)), key=shares.__getitem__)
    return (labels[best] if shares[best] >= told.least else below(labels),)


def below(labels: Sequence[str]) -> str:
    """What is answered where no label is likely enough: the one that means none of these, or UNSURE."""
    return none_label(labels) or UNSURE
