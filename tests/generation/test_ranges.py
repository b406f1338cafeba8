"""A range holds new rows at least as often as it says."""

from __future__ import annotations

import math

import numpy as np

from studio.generation.ranges import reach


def test_a_range_holds_new_rows_at_least_as_often_as_it_says() -> None:
    held = []
    for seed in range(400):
        errors = np.random.default_rng(seed).normal(size=41)
        held.append(abs(errors[40]) <= reach(errors[:40].tolist(), 0.8))
    assert 0.74 < np.mean(held) < 0.88


def test_too_few_rows_tell_nothing() -> None:
    assert math.isinf(reach([0.1, 0.2], 0.8))
