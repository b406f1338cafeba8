"""16-bit numbers are chosen only where they pay and hold."""

from __future__ import annotations

import itertools

import pytest
import torch

from studio.models import device
from studio.models.device import choose_precision, memory_in_use, pick_device

CPU = torch.device("cpu")


def choose(monkeypatch: pytest.MonkeyPatch, *, full: float, half: float, bad: bool = False) -> tuple[str, str]:
    """The choice where a run takes so many seconds by a clock that only runs while computing."""
    now = itertools.count()
    clock = {"at": 0.0}
    monkeypatch.setattr(device.time, "perf_counter", lambda: clock["at"])

    def run_once() -> torch.Tensor:
        next(now)
        is_half = torch.is_autocast_enabled("cpu")
        clock["at"] += half if is_half else full
        return torch.tensor(float("nan") if bad and is_half else 1.0)

    return choose_precision(run_once, CPU)


def test_faster_16_bit_is_taken_with_its_gain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.6, half=1.0) == ("bf16", "16-bit is 1.6 times as fast here")


def test_a_small_gain_is_not_worth_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.1, half=1.0) == ("fp32", "16-bit is no faster here")


def test_slower_16_bit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=1.0, half=3.0) == ("fp32", "16-bit is 3.0 times as slow here")


@pytest.mark.parametrize(("half", "runs"), [(20.0, 1), (3.0, 2), (1.0, 4)])
def test_hopeless_16_bit_is_not_tried_to_the_end(monkeypatch: pytest.MonkeyPatch, half: float, runs: int) -> None:
    clock, tried = {"at": 0.0}, [0]
    monkeypatch.setattr(device.time, "perf_counter", lambda: clock["at"])

    def run_once() -> None:
        is_half = torch.is_autocast_enabled("cpu")
        tried[0] += is_half
        clock["at"] += half if is_half else 1.0

    precision, reason = choose_precision(run_once, CPU)
    assert tried[0] == runs
    assert precision == "fp32"
    assert (f"{half:.1f} times as slow" in reason) == (half > 1)


def test_numbers_that_overflow_keep_32_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(monkeypatch, full=9.0, half=1.0, bad=True)[0] == "fp32"


def test_the_trial_leaves_no_mode_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, full=1.0, half=1.0)
    assert not torch.is_autocast_enabled("cpu")


def test_the_device_is_one_that_computes() -> None:
    found = pick_device()
    assert torch.ones(2, device=found).sum().item() == 2
    assert memory_in_use(CPU) > 50 << 20
