"""The pace of a run is kept for the next forecast, and a damaged record of it harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.events import Event, Started, Stepped
from studio.runs import pace
from tests.gui import scripted


def test_a_run_leaves_its_pace(home: Path) -> None:
    told = scripted.events(steps=20)  # 500 tokens in a quarter of a second each
    assert list(pace.noted(iter(told))) == told
    assert pace.paces("tiny", "full", on_card=False) == (2000.0,)
    assert pace.paces("tiny", "lora", on_card=False) == ()
    assert pace.paces("tiny", "full", on_card=True) == ()


@pytest.mark.parametrize(("device", "on_card"), [("cuda:0", True), ("mps", False), ("cpu", False)])
def test_a_card_is_what_the_forecast_takes_for_one(home: Path, device: str, on_card: bool) -> None:
    first, *rest = scripted.events(steps=20)
    assert isinstance(first, Started)
    list(pace.noted(iter([replace(first, device=device), *rest])))
    assert pace.paces("tiny", "full", on_card=on_card) == (2000.0,)


def test_a_few_steps_say_nothing(home: Path) -> None:
    list(pace.noted(iter(scripted.events(steps=5))))
    assert pace.paces("tiny", "full", on_card=False) == ()


def test_a_run_that_failed_leaves_its_pace_too(home: Path) -> None:
    def failing() -> Iterator[Event]:
        yield from (event for event in scripted.events(steps=20) if isinstance(event, Started | Stepped))
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        list(pace.noted(failing()))
    assert pace.paces("tiny", "full", on_card=False) == (2000.0,)


def test_only_the_latest_are_kept(home: Path) -> None:
    for _ in range(7):
        list(pace.noted(iter(scripted.events(steps=10))))
    assert len(pace.paces("tiny", "full", on_card=False)) == 5


@pytest.mark.parametrize("damaged", ["{", "[1]", '{"tiny, full, processor": 3}', '{"tiny, full, processor": ["x"]}'])
def test_a_damaged_file_counts_as_empty(home: Path, damaged: str) -> None:
    home.mkdir()
    (home / "paces.json").write_text(damaged, encoding="utf-8")
    assert pace.paces("tiny", "full", on_card=False) == ()
    list(pace.noted(iter(scripted.events(steps=10))))
    assert pace.paces("tiny", "full", on_card=False) == (2000.0,)
