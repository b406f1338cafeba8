"""16-bit numbers are chosen only where they pay and hold."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch

from studio.models import device
from studio.models.device import choose_precision, memory_in_use, pick_device

CPU = torch.device("cpu")


def choose(monkeypatch: pytest.MonkeyPatch, *, full: float, half: float, bad: bool = False) -> tuple[str, str] | None:
    """The choice where a run takes so many seconds by a clock that only runs while computing."""
    now = itertools.count()
    clock = {"at": 0.0}
    monkeypatch.setattr(device.time, "perf_counter", lambda: clock["at"])

    def run_once(_few: bool) -> torch.Tensor:
        next(now)
        is_half = torch.is_autocast_enabled("cpu")
        clock["at"] += half if is_half else full
        return torch.tensor(float("nan") if bad and is_half else 1.0)

    return choose_precision(run_once, CPU)


def test_faster_16_bit_is_taken_with_its_gain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.6, half=1.0) == ("bf16", "16-bit is 1.6 times as fast here")


def test_what_slowed_32_bit_down_for_a_while_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    at, whole = [0.0], [0]
    monkeypatch.setattr(device.time, "perf_counter", lambda: at[0])

    def run_once(few: bool) -> None:
        is_half = torch.is_autocast_enabled("cpu")
        whole[0] += not few and not is_half
        is_busy = not is_half and not few and whole[0] <= 4  # another program works beside the first tries
        at[0] += (0.4 if is_half else 0.9 if is_busy else 0.3) / (4 if few else 1)

    assert choose_precision(run_once, CPU) == ("fp32", "16-bit is 1.3 times as slow here")


def test_a_small_gain_is_not_worth_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.1, half=1.0) == ("fp32", "16-bit is no faster here")


def test_slower_16_bit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.0, half=3.0) == ("fp32", "16-bit is 3.0 times as slow here")


class Clock:
    """Runs only while computing: so many seconds a run of the usual size, a quarter of that with few tokens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, full: float, half: float) -> None:
        self.at, self.full, self.half = 0.0, full, half
        self.tried: list[tuple[bool, bool]] = []
        monkeypatch.setattr(device.time, "perf_counter", lambda: self.at)

    def run_once(self, few: bool) -> None:
        is_half = torch.is_autocast_enabled("cpu")
        self.tried.append((is_half, few))
        self.at += (self.half if is_half else self.full) / (4 if few else 1)


@pytest.mark.parametrize(("half", "runs"), [(9.0, [True]), (3.0, [True, False, False]), (0.4, [True, *[False] * 4])])
def test_hopeless_16_bit_is_not_tried_to_the_end(
    monkeypatch: pytest.MonkeyPatch, half: float, runs: list[bool]
) -> None:
    clock = Clock(monkeypatch, full=0.4, half=half)
    chosen = choose_precision(clock.run_once, CPU)
    assert [few for is_half, few in clock.tried if is_half] == runs
    assert chosen is not None
    assert chosen[0] == "fp32"
    assert ("times as slow" in chosen[1]) == (half > 1)


def test_on_a_slow_processor_the_trial_takes_no_more_runs_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, full=6.0, half=60.0)
    assert choose_precision(clock.run_once, CPU) == ("fp32", "16-bit is 10.0 times as slow here")
    assert clock.tried == [(False, True), (True, True)]
    clock = Clock(monkeypatch, full=6.0, half=12.0)
    assert choose_precision(clock.run_once, CPU) == ("fp32", "16-bit is 2.0 times as slow here")
    assert clock.tried == [(False, True), (True, True)]
    clock = Clock(monkeypatch, full=6.0, half=3.0)
    assert choose_precision(clock.run_once, CPU) == ("bf16", "16-bit is 2.0 times as fast here")
    assert clock.tried == [(False, True), (True, True), (False, True), (True, True)]


def test_a_format_that_takes_long_is_not_tried_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, full=1.9, half=1.9)
    assert choose_precision(clock.run_once, CPU) == ("fp32", "16-bit is no faster here")
    assert [is_half for is_half, few in clock.tried if not few] == [False, False, False, True, True, True]


@pytest.mark.parametrize("runs", range(6))
def test_a_stop_is_asked_for_before_every_run(monkeypatch: pytest.MonkeyPatch, runs: int) -> None:
    clock = Clock(monkeypatch, full=1.0, half=1.0)
    should_stop: Callable[[], bool] = lambda: len(clock.tried) >= runs  # noqa: E731
    assert choose_precision(clock.run_once, CPU, should_stop=should_stop) is None
    assert len(clock.tried) == runs


def test_numbers_that_overflow_keep_32_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = choose(monkeypatch, full=9.0, half=1.0, bad=True)
    assert chosen == ("fp32", "16-bit numbers overflow with this model")


def test_the_trial_leaves_no_mode_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, full=1.0, half=1.0)
    assert not torch.is_autocast_enabled("cpu")


def test_the_device_is_one_that_computes() -> None:
    found = pick_device()
    assert torch.ones(2, device=found).sum().item() == 2
    assert memory_in_use(CPU) > 50 << 20
