"""Estimates and the moment to save follow a clock that the test turns."""

from __future__ import annotations

from studio.training.pace import Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_is_left_is_medians_times_counts() -> None:
    pace = Pace()
    assert pace.left(steps=10, looks=2) == 0.0
    pace.steps.extend([1.0, 1.0, 50.0])
    pace.looks.append(4.0)
    assert pace.left(steps=10, looks=2) == 18.0


def test_saves_after_a_minute_of_work() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.now += 59
    assert not pace.save_is_due()
    clock.now += 1
    assert pace.save_is_due()
    pace.saved(0.5)
    assert not pace.save_is_due()


def test_slow_saving_is_done_less_often() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.saved(10.0)
    clock.now += 199
    assert not pace.save_is_due()
    clock.now += 1
    assert pace.save_is_due()
