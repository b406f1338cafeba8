"""Texts of no label are told by how unsure the answer is."""

from __future__ import annotations

import numpy as np
import pytest

from studio.generation.naming import labels_of
from studio.generation.rejecting import FEWEST, rejecting
from studio.runs.calibration import Calibration

LABELS = ("late", "oos", "lost")


def test_the_threshold_parts_sure_answers_from_texts_of_no_label() -> None:
    inside = [(0.8, 0.1, 0.1)] * 30 + [(0.45, 0.15, 0.4)] * 2
    outside = [(0.5, 0.2, 0.3)] * (FEWEST - 1) + [(0.1, 0.8, 0.1)]
    truth = ["late"] * 32 + ["oos"] * FEWEST
    found = rejecting(LABELS, inside + outside, truth)
    assert found is not None
    assert found.threshold == pytest.approx(0.65)  # midway between the surest stranger and the least sure of the rest
    assert (found.in_scope, found.recall) == (30 / 32, 1.0)
    answers = [labels_of(LABELS, shares, Calibration(least=found.threshold))[0] for shares in inside + outside]
    assert np.mean([given == true for given, true in zip(answers, truth, strict=True)]) == 40 / 42


def test_where_rejecting_helps_nobody_every_answer_counts() -> None:
    rows = [(0.6, 0.1, 0.3)] * 20 + [(0.1, 0.8, 0.1)] * FEWEST
    found = rejecting(LABELS, rows, ["late"] * 20 + ["oos"] * FEWEST)
    assert found is not None
    assert found == (0.0, 1.0, 1.0)


@pytest.mark.parametrize("truth", [["late"] * 12 + ["oos"] * (FEWEST - 1), ["oos"] * (FEWEST + 11)])
def test_too_few_rows_tell_nothing(truth: list[str]) -> None:
    assert rejecting(LABELS, [(0.6, 0.1, 0.3)] * len(truth), truth) is None


def test_without_such_a_label_nothing_is_told() -> None:
    assert rejecting(("a", "b"), [(0.6, 0.4)] * 40, ["a"] * 40) is None
