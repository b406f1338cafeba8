"""At the end part of the change is kept, if the watching rows are surer with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.checkpoints.read import best, load_for_use
from studio.config.config import Config
from studio.config.model import Method
from studio.events import Finished, Noted, Progressed, Started, Stepped, Stopped, Validated
from studio.models.load import Model, trained_weights
from tests.training.parts import config_for, label_model, label_rows, learn, no, quiet_probes

ROWS = label_rows(16)
LOOKS = 4  # of a run that sets back: the start, the middle, the end, and the end set back
Weights = dict[str, Tensor]


def wants(kept: float, method: Method = "full") -> Config:
    return config_for("classify", method, approach="direct", kept_change=kept, token_budget=32)


def weights(model: Model) -> Weights:
    return {name: weight.clone() for name, weight in trained_weights(model).items()}


class Seen:
    """Probes that remember the weights of each look and find each one surer than the one before, or as told."""

    def __init__(self, losses: tuple[float, ...] = (0.9, 0.8, 0.7, 0.6)) -> None:
        self.losses, self.weights = iter(losses), list[Weights]()
        self.probes = quiet_probes(self._score)

    def _score(self, model: Model) -> tuple[float, float]:
        self.weights.append(weights(model))
        return next(self.losses), 0.5


def run(
    tmp_path: Path, name: str, config: Config, seen: Seen, should_stop: Callable[[], bool] = no
) -> tuple[list[object], Weights]:
    """The events of a sitting, and the weights that are kept."""
    model = label_model(tmp_path, config)
    events = learn(model, ROWS, config, tmp_path / name, probes=seen.probes, should_stop=should_stop)
    return [*events], weights(load_for_use(best(tmp_path / name)))


def same(first: Weights, second: Weights) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_the_end_is_looked_at_whole_and_set_back_and_the_surer_one_is_kept(tmp_path: Path) -> None:
    seen = Seen()
    events, kept = run(tmp_path, "run", wants(0.25), seen)
    start, _, whole, part = seen.weights  # the start with the last layer fitted to it
    assert same(kept, part)
    for name, weight in part.items():
        torch.testing.assert_close(weight, torch.lerp(start[name], whole[name], 0.25))
    for piece in ("encoder", "classifier"):
        assert any(not torch.equal(start[name], whole[name]) for name in start if piece in name)
    looks = [event for event in events if isinstance(event, Validated)]
    assert [look.loss for look in looks] == [0.9, 0.8, 0.6]
    assert [event.text for event in events if isinstance(event, Noted)] == [
        "0.25 of what it learned is kept: the loss on the watching rows is 0.6, with all of it 0.7."
    ]
    begun = next(n for n, event in enumerate(events) if isinstance(event, Started))
    told = [event for event in events[begun:] if isinstance(event, Progressed)]
    assert [(event.what, event.is_midway) for event in told] == [("Fitting the last layer again", True)]


def test_where_all_of_the_change_is_surer_all_of_it_is_kept(tmp_path: Path) -> None:
    seen = Seen((0.9, 0.8, 0.5, 0.6))
    events, kept = run(tmp_path, "run", wants(0.25), seen)
    assert same(kept, seen.weights[2])
    assert [event.loss for event in events if isinstance(event, Validated)] == [0.9, 0.8, 0.5]
    assert not [event for event in events if isinstance(event, Noted)]


def test_where_an_earlier_look_was_surer_it_is_kept(tmp_path: Path) -> None:
    seen = Seen((0.9, 0.1, 0.5, 0.4))
    events, kept = run(tmp_path, "run", wants(0.25), seen)
    assert isinstance(events[-1], Finished)
    assert 0 < events[-1].best_step < events[-1].step
    assert same(kept, seen.weights[1])


def test_keeping_everything_changes_nothing(tmp_path: Path) -> None:
    seen = Seen()
    run(tmp_path, "run", wants(1.0), seen)
    assert len(seen.weights) == LOOKS - 1


def test_an_adapter_keeps_that_share_of_what_it_adds(tmp_path: Path) -> None:
    seen = Seen()
    run(tmp_path, "run", wants(0.25, "lora"), seen)
    _, _, whole, part = seen.weights
    first, second = (next(name for name in whole if key in name) for key in ("lora_A", "lora_B"))
    torch.testing.assert_close(part[second] @ part[first], 0.25 * whole[second] @ whole[first])


def test_a_run_that_goes_on_is_set_back_to_its_very_start(tmp_path: Path) -> None:
    _, whole = run(tmp_path, "whole", wants(0.25), Seen())
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 24

    events, _ = run(tmp_path, "run", wants(0.25), Seen(), stop)
    assert isinstance(events[-1], Stopped)
    assert 0 < events[-1].step < 16
    _, again = run(tmp_path, "run", wants(0.25), Seen((0.4, 0.3, 0.2)))
    assert same(again, whole)


@pytest.mark.parametrize("look", [2, 3], ids=["all of it", "set back"])
def test_a_stop_at_the_end_loses_nothing(tmp_path: Path, look: int) -> None:
    """Asked to stop while the end is measured: in the second fit of the last layer, or right after it."""
    _, whole = run(tmp_path, "whole", wants(0.25), Seen())
    seen = Seen()
    events, _ = run(tmp_path, "run", wants(0.25), seen, lambda: len(seen.weights) > look)
    assert isinstance(events[-1], Stopped)
    last = [event for event in events if isinstance(event, Stepped)][-1].step
    assert events[-1].step == last
    assert not [event for event in events if isinstance(event, Validated) and event.step == last]
    ended, again = run(tmp_path, "run", wants(0.25), Seen((0.4, 0.3)))
    assert isinstance(ended[-1], Finished)
    assert same(again, whole)
