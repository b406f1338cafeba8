"""At the end part of the change is kept, if the watching rows agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.checkpoints.read import best, load_for_use
from studio.config.config import Config, Method
from studio.events import Finished, Stopped, Validated
from studio.models.load import Model, trained_weights
from tests.training.parts import config_for, label_model, label_rows, learn, quiet_probes

ROWS = label_rows(16)


def wants(kept: float, method: Method = "full") -> Config:
    return config_for("classify", method, kept_change=kept, token_budget=32)


def weights(model: Model) -> dict[str, Tensor]:
    return {name: weight.clone() for name, weight in trained_weights(model).items()}


@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_last_look_sees_weights_in_between(tmp_path: Path, method: Method) -> None:
    ends = []
    for kept in (1.0, 0.25):
        config, seen = wants(kept, method), list[dict[str, Tensor]]()

        def score(model: Model, seen: list[dict[str, Tensor]] = seen) -> tuple[float, float]:
            seen.append(weights(model))
            return 1.0 / len(seen), 0.5

        events = learn(label_model(tmp_path, config), ROWS, config, tmp_path / f"{kept}", probes=quiet_probes(score))
        assert isinstance(events[-1], Finished)
        assert events[-1].best_step == events[-1].step
        ends.append((seen, load_for_use(best(tmp_path / f"{kept}"))))
    (whole, _), (part, used) = ends
    start = whole[0]  # with the last layer fitted to it
    for name, weight in weights(used).items():
        assert torch.equal(weight, part[-1][name])
        assert torch.equal(whole[-2][name], part[-2][name])  # until then nothing differs
        torch.testing.assert_close(weight, torch.lerp(start[name], whole[-1][name], 0.25))
    assert any(not torch.equal(whole[-1][name], start[name]) for name in start if "classifier" not in name)
    assert any(not torch.equal(whole[-1][name], start[name]) for name in start if "classifier" in name)


def test_where_an_earlier_look_was_better_it_is_kept(tmp_path: Path) -> None:
    config, looks = wants(0.5), iter(((0.5, 0.5), (0.1, 0.9), (0.2, 0.9)))
    events = learn(
        label_model(tmp_path, config), ROWS, config, tmp_path / "run", probes=quiet_probes(lambda _: next(looks))
    )
    assert isinstance(events[-1], Finished)
    assert 0 < events[-1].best_step < events[-1].step


def test_a_run_that_was_stopped_at_its_last_look_ends_in_the_same_model(tmp_path: Path) -> None:
    config = wants(0.5)
    whole = learn(label_model(tmp_path, config), ROWS, config, tmp_path / "whole")
    last = [event for event in whole if isinstance(event, Validated)][-1].step
    looks, is_stopped = 0, False

    def score(_: Model) -> tuple[float, float] | None:
        nonlocal looks, is_stopped
        looks += 1
        is_stopped = looks == 3  # the start, the middle, the end
        return None if is_stopped else (1.0 / looks, 0.5)

    probes = quiet_probes(score)
    stopped = learn(
        label_model(tmp_path, config), ROWS, config, tmp_path / "run", probes=probes, should_stop=lambda: is_stopped
    )
    assert isinstance(stopped[-1], Stopped)
    assert stopped[-1].step == last
    is_stopped = False
    probes = quiet_probes(lambda _: (0.1, 0.5))
    again = learn(label_model(tmp_path, config), ROWS, config, tmp_path / "run", probes=probes)
    assert isinstance(again[-1], Finished)
    first, second = (weights(load_for_use(best(tmp_path / name))) for name in ("whole", "run"))
    assert all(torch.equal(first[name], second[name]) for name in first)
