"""A range holds new rows at least as often as it says."""

from __future__ import annotations

import math

import numpy as np

from studio.generation.ranges import Scale, ends, given, reach, readable, scale_of


def test_a_range_holds_new_rows_at_least_as_often_as_it_says() -> None:
    held = []
    for seed in range(400):
        errors = np.random.default_rng(seed).normal(size=41)
        held.append(abs(errors[40]) <= reach(errors[:40].tolist(), 0.8))
    assert 0.74 < np.mean(held) < 0.88


def test_too_few_rows_tell_nothing() -> None:
    assert math.isinf(reach([0.1, 0.2], 0.8))


def test_a_range_stays_on_the_scale_that_was_learned() -> None:
    stars = scale_of([1.0, 2.0, 3.0, 4.0, 5.0] * 4)
    assert stars == Scale(1, 5)
    assert ends(4.8, 1.5, stars) == (3.3, 5)
    assert (given(5.3, stars), given(0.2, stars), given(4.25, stars)) == (5, 1, 4.25)
    assert readable(5.3, stars) == "5.0 of 1–5"
    assert readable(8.54, Scale(0, 10)) == "8.5 of 0–10"
    assert readable(0.456, Scale(0, 1)) == "0.46 of 0–1"


def test_amounts_without_an_end_are_no_scale() -> None:
    prices = scale_of([float(n) for n in range(200)])
    assert prices is None
    assert given(250.0, prices) == 250.0
    assert ends(199.0, 10.0, prices) == (189.0, 209.0)
    assert readable(199.4, prices) == "199"
    assert scale_of([1.0, 2.0, 7.0]) is None  # too few rows to tell
    assert scale_of([3.0] * 9) is None
