"""A text is called the same wherever it is answered."""

from __future__ import annotations

from studio.generation.naming import UNSURE, labels_of
from studio.runs.calibration import NOT_CALIBRATED, Calibration

LABELS = ("late", "oos", "lost")


def test_an_answer_below_the_threshold_is_none_of_these() -> None:
    assert labels_of(LABELS, (0.5, 0.2, 0.3), Calibration(least=0.5)) == ("late",)
    assert labels_of(LABELS, (0.5, 0.2, 0.3), Calibration(least=0.51)) == ("oos",)
    assert labels_of(("late", "lost"), (0.6, 0.4), Calibration(least=0.7)) == (UNSURE,)
    assert labels_of(LABELS, (0.1, 0.8, 0.1), NOT_CALIBRATED) == ("oos",)


def test_of_several_labels_each_counts_from_its_own_threshold_on() -> None:
    told = Calibration(thresholds=(0.5, 0.1, 0.9))
    assert labels_of(LABELS, (0.6, 0.7, 0.8), told) == ("oos", "late")
    assert labels_of(LABELS, (0.4, 0.0, 0.8), told) == ()
