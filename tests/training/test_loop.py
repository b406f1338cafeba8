"""The loop learns, stops, goes on as if nothing had happened, and keeps the best."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.checkpoints import read, write
from studio.config.config import Config
from studio.config.edit import change
from studio.config.model import Method
from studio.events import (
    Continued,
    Event,
    Finished,
    Paused,
    Progressed,
    Resolved,
    Sampled,
    Saved,
    Started,
    Stepped,
    Stopped,
    Validated,
    Warned,
)
from studio.models.load import Model, causal_parts, trained_weights
from studio.problems import Problem
from studio.tokens.encoded import Encoded
from studio.training import pace
from studio.training.loss import mean_loss
from tests.training.parts import (
    answer_model,
    answer_rows,
    config_for,
    label_model,
    label_rows,
    learn,
    no,
    quiet_probes,
)

KINDS: list[tuple[str, Method]] = [
    ("answer", "lora"),
    ("answer", "full"),
    ("classify", "full"),
    ("classify", "lora"),
]


def made(kind: str, parent: Path, config: Config) -> tuple[Model, list[Encoded]]:
    if kind == "answer":
        return answer_model(parent, config), answer_rows()
    return label_model(parent, config), label_rows()


def steps(events: list[Event]) -> list[tuple[int, float, float]]:
    return [(e.step, e.loss, e.grad_norm) for e in events if isinstance(e, Stepped)]


class StopAfter:
    """Asked once a micro-batch; says yes at the n-th question."""

    def __init__(self, questions: int) -> None:
        self.left = questions

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(("kind", "method"), KINDS)
def test_learns_eight_rows_by_heart(tmp_path: Path, kind: str, method: Method) -> None:
    config = config_for(kind, method, epochs=80.0, token_budget=500, learning_rate=1e-2, validations=1)
    model, rows = made(kind, tmp_path, config)
    if kind == "answer":  # the tiny output layer is too quiet to be sure of anything while it is frozen
        with torch.no_grad():
            causal_parts(model).weight.mul_(5)
    events = learn(model, rows, config, tmp_path / "run")
    model.net.eval()
    left = mean_loss(model, rows, pad_id=0, token_budget=500, should_stop=no)
    assert left is not None
    assert left < 0.1
    if kind == "answer":  # a classifier's head is fitted to the rows before the first step
        assert steps(events)[0][1] > 1.0


def test_the_exact_sequence_of_a_short_run(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    look: list[type[Event]] = [Validated, Sampled, Saved]
    assert [type(e) for e in events] == [Started, *look, Stepped, *look, Stepped, *look, Finished]
    assert [e.step for e in events if isinstance(e, Validated)] == [0, 1, 2]
    started, last_step, finished = events[0], events[-5], events[-1]
    assert isinstance(started, Started)
    assert (started.total_steps, started.rows, started.epochs, started.step) == (2, 8, 1.0, 0)
    assert (started.precision, started.method) == ("fp32", "lora")
    assert started.score_name == "closeness to your answers (chrF)"
    assert 0 < started.trainable < started.parameters
    assert isinstance(last_step, Stepped)
    assert last_step.epoch == 1.0
    assert last_step.memory > 0
    assert last_step.tokens > 0
    assert finished == replace(finished, step=2, best_step=2, reason="The one round is done")
    saved = [e for e in events if isinstance(e, Saved)]
    assert [(e.step, e.is_best) for e in saved] == [(0, True), (1, True), (2, True)]
    assert read.best(tmp_path / "run").name == saved[-1].folder


def test_a_downloaded_model_is_told_by_its_id(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    model, rows = made("answer", tmp_path, config)
    model.base = tmp_path / "hub" / "models--org--name" / "snapshots" / "abc"
    started = learn(model, rows, config, tmp_path / "run")[0]
    assert isinstance(started, Started)
    assert started.model == "org/name"


def test_the_same_seed_gives_the_same_run(tmp_path: Path) -> None:
    config = config_for("classify", "full")
    first = learn(*made("classify", tmp_path, config), config, tmp_path / "one")
    again = learn(*made("classify", tmp_path, config), config, tmp_path / "two")
    other = change(config, "training.seed", 1)
    different = learn(*made("classify", tmp_path, other), other, tmp_path / "three")
    assert steps(first) == steps(again)
    assert steps(first) != steps(different)


@pytest.mark.parametrize(("kind", "method"), KINDS)
@pytest.mark.parametrize("questions", [1, 5, 13])
def test_going_on_equals_never_having_stopped(tmp_path: Path, kind: str, method: Method, questions: int) -> None:
    config = change(config_for(kind, method, epochs=3.0, validations=3), "model.lora_dropout", 0.2)
    model, rows = made(kind, tmp_path, config)
    whole = learn(model, rows, config, tmp_path / "whole")
    wanted = {name: tensor.clone() for name, tensor in trained_weights(model).items()}
    stopped = learn(*made(kind, tmp_path, config), config, tmp_path / "run", should_stop=StopAfter(questions))
    assert isinstance(stopped[-1], Stopped)
    torch.rand(3)  # another random state than the one in which it stopped
    model, rows = made(kind, tmp_path, config)
    rest = learn(model, rows, config, tmp_path / "run")
    assert steps(stopped) + steps(rest) == steps(whole)
    assert all(torch.equal(tensor, wanted[name]) for name, tensor in trained_weights(model).items())
    looks = [e.step for e in stopped + rest if isinstance(e, Validated)]
    assert looks == [e.step for e in whole if isinstance(e, Validated)]


def test_a_kill_costs_what_came_after_the_last_checkpoint(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=3.0)
    whole = learn(*made("answer", tmp_path, config), config, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        learn(*made("answer", tmp_path, config), config, tmp_path / "run", should_stop=Killed(9))
    rest = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    started = rest[0]
    assert isinstance(started, Started)
    assert started.step == 3
    assert steps(whole)[3:] == steps(rest)


class Killed(StopAfter):
    """Ends the run in the midst, without a word."""

    def __call__(self) -> bool:
        if super().__call__():
            raise KeyboardInterrupt
        return False


def test_a_stop_before_the_first_look_keeps_what_was_learned(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=5.0, validations=1, token_budget=500)
    seen = StopAfter(6)  # once before it begins, the look before training asks twice, then each step once
    model, rows = made("answer", tmp_path, config)
    events = learn(model, rows, config, tmp_path / "run", should_stop=seen)
    assert [type(e) for e in events[-2:]] == [Saved, Stopped]
    assert events[-1] == replace(events[-1], step=3, best_step=3)
    assert read.best(tmp_path / "run") == read.latest(tmp_path / "run")
    assert read.best(tmp_path / "run").name == events[-2].folder  # type: ignore[attr-defined]
    read.check(read.best(tmp_path / "run"))


def test_a_stop_before_the_first_look_leaves_a_measured_head_start_the_best(tmp_path: Path) -> None:
    config = config_for("classify", "full", epochs=5.0, validations=1, token_budget=500)
    model, rows = made("classify", tmp_path, config)
    seen = learn(model, rows, config, tmp_path / "run", should_stop=StopAfter(8))
    assert isinstance(seen[-1], Stopped)
    assert 1 <= seen[-1].step < 5
    assert seen[-1].best_step == 0
    assert read.best(tmp_path / "run").name == "step-0"


def test_a_pointer_that_a_kill_left_behind_is_put_right(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    write.mark_best(tmp_path / "run", 1)
    learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert read.best(tmp_path / "run").name == "step-2"


def test_a_damaged_checkpoint_is_passed_over_with_a_word(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    whole = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    (tmp_path / "run" / "checkpoints" / "step-2" / "weights.safetensors").write_bytes(b"torn")
    again = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert [type(e) for e in again[:2]] == [Warned, Started]
    assert steps(again) == steps(whole)[1:]


def test_a_finished_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    again = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert [type(e) for e in again] == [Started, Finished]
    assert again[1] == replace(again[1], step=2, best_step=2)


def test_a_look_cut_short_is_made_again(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    cut = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=quiet_probes(lambda _: None))
    assert [type(e) for e in cut] == [Started, Saved, Stopped]
    rest = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert [e.step for e in rest if isinstance(e, Validated)] == [0, 1, 2]


def test_pausing_changes_nothing(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    whole = learn(*made("answer", tmp_path, config), config, tmp_path / "whole")
    asked = iter([False, True, True])
    model, rows = made("answer", tmp_path, config)
    events = learn(model, rows, config, tmp_path / "run", should_pause=lambda: next(asked, False))
    assert [type(e) for e in events if isinstance(e, Paused | Continued)] == [Paused, Continued]
    assert steps(events) == steps(whole)


def measured(values: list[tuple[float, float]]) -> Any:
    found = iter(values)
    return quiet_probes(lambda _: next(found))


def test_a_correction_is_never_longer_than_the_clipping_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_for("answer", "lora", epochs=1.0, clip_norm=1e-3)
    model, rows = made("answer", tmp_path, config)
    lengths: list[float] = []
    update = torch.optim.AdamW.step

    def measure(self: torch.optim.AdamW, *args: Any, **kwargs: Any) -> Any:
        gradients = [p.grad for group in self.param_groups for p in group["params"] if p.grad is not None]
        lengths.append(float(torch.stack([g.norm() for g in gradients]).norm()))
        return update(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.AdamW, "step", measure)
    events = learn(model, rows, config, tmp_path / "run")
    assert all(length <= 1.001e-3 for length in lengths)
    assert all(e.grad_norm > 1e-3 for e in events if isinstance(e, Stepped))  # what is told is the length before
    assert len(lengths) == 2


def test_stops_early_when_it_no_longer_gets_better(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=5.0, validations=10, patience=2)
    probes = measured([(3.0, 0.1), (2.0, 0.1), (2.5, 0.9), (2.1, 0.9)])
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=probes)
    assert [e.is_best for e in events if isinstance(e, Validated)] == [True, True, False, False]
    assert events[-1] == replace(events[-1], step=3, best_step=1, reason="No lower loss in 2 looks")
    assert read.best(tmp_path / "run").name.endswith("1")


def test_a_dip_below_the_start_gets_half_the_plan_to_recover(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=5.0, validations=10, patience=2)
    probes = measured([(1.0, 0.1), *[(2.0, 0.1)] * 10])
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=probes)
    assert events[-1] == replace(events[-1], step=6, best_step=0, reason="No lower loss in 2 looks")
    probes = measured([(1.0, 0.1), (2.0, 0.1), (2.0, 0.1), (0.5, 0.1), *[(2.0, 0.1)] * 10])
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "recovers", probes=probes)
    assert events[-1] == replace(events[-1], step=5, best_step=3, reason="No lower loss in 2 looks")


def test_patience_goes_on_counting_after_a_stop(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=5.0, validations=10, patience=2, token_budget=500)
    probes = measured([(3.0, 0.1), (2.0, 0.1), (2.5, 0.9), (2.1, 0.9)])
    first = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=probes,
                  should_stop=StopAfter(9))  # fmt: skip
    assert first[-1] == replace(first[-1], step=2, best_step=1)
    rest = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=probes)
    assert rest[-1] == replace(rest[-1], step=3, best_step=1, reason="No lower loss in 2 looks")


@pytest.mark.parametrize(
    ("looks", "best"),
    [
        ([(3.0, 0.5), (2.0, 0.5), (1.0, 0.5), (1.5, 0.5), (0.9, 0.5)], [True, True, True, False, True]),
        ([(3.0, 0.1), (9.0, 0.9), (8.0, 0.1), (8.5, 0.88), (9.5, 0.9)], [True, True, False, True, False]),
        ([(3.0, 0.5), (2.0, 0.99), (1.0, 0.5), (1.9, 0.98), (2.0, 1.0)], [True, True, False, True, True]),
    ],
    ids=["as good, surer", "far better, less sure", "nothing is within the error of certainty"],
)
def test_labels_go_by_loss_among_the_looks_that_are_about_as_good_as_the_best(
    tmp_path: Path, looks: list[tuple[float, float]], best: list[bool]
) -> None:
    config = config_for("classify", "full", epochs=2.0, validations=4)
    events = learn(*made("classify", tmp_path, config), config, tmp_path / "run", probes=measured(looks))
    assert [e.is_best for e in events if isinstance(e, Validated)] == best


def test_says_so_when_the_untouched_model_stays_the_best(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    probes = measured([(1.0, 0.5), (2.0, 0.4), (3.0, 0.3)])
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=probes)
    assert [type(e) for e in events[-2:]] == [Warned, Finished]
    assert events[-1] == replace(events[-1], best_step=0)


def poisoned(model: Model, bad_calls: set[int]) -> None:
    """Make the given forward passes (counted from 0) give no usable numbers."""
    calls = iter(range(10_000))

    def spoil(_: Any, __: Any, output: Any) -> Any:
        if next(calls) in bad_calls:
            output.last_hidden_state = output.last_hidden_state * math.nan
        return output

    model.net.get_submodule("base_model.model.model").register_forward_hook(spoil)


def test_a_step_without_usable_numbers_is_left_out(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=2.0, token_budget=500, validations=1)
    model, rows = made("answer", tmp_path, config)
    poisoned(model, {1})
    events = learn(model, rows, config, tmp_path / "run")
    assert [e.step for e in events if isinstance(e, Stepped)] == [1, 3, 4]
    warnings = [e for e in events if isinstance(e, Warned)]
    assert [w.what for w in warnings] == ["Step 2 gave no usable numbers and was left out."]
    assert all(torch.isfinite(tensor).all() for tensor in trained_weights(model).values())


def test_three_in_a_row_are_a_problem_and_the_best_is_kept(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=4.0, token_budget=500, validations=8)
    model, rows = made("answer", tmp_path, config)
    poisoned(model, {2, 3, 4})
    with pytest.raises(Problem, match="3 steps in a row") as caught:
        learn(model, rows, config, tmp_path / "run", probes=measured([(3 - n, 0.5) for n in range(5)]))
    assert "learning rate" in caught.value.fix
    assert read.best(tmp_path / "run").name.endswith("4")


def test_a_model_that_cannot_be_measured_is_a_problem(tmp_path: Path) -> None:
    config = config_for("answer", "lora")
    with pytest.raises(Problem, match="no usable numbers"):
        learn(*made("answer", tmp_path, config), config, tmp_path / "run", probes=measured([(math.nan, 0.0)]))


def test_rows_that_teach_nothing_are_a_problem_before_anything_is_written(tmp_path: Path) -> None:
    config = config_for("answer", "lora")
    model, rows = made("answer", tmp_path, config)
    silent = [replace(row, learned=(False,) * len(row.ids)) for row in rows]
    with pytest.raises(Problem, match="Nothing would be learned"):
        learn(model, silent, config, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_rows_that_teach_nothing_do_not_change_the_others(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    model, rows = made("answer", tmp_path, config)
    silent = replace(rows[3], learned=(False,) * len(rows[3].ids))
    events = learn(model, [*rows, silent], config, tmp_path / "run")
    plain = learn(*made("answer", tmp_path, config), config, tmp_path / "plain")
    assert steps(events) == steps(plain)


def test_an_open_number_format_is_settled_by_a_trial(tmp_path: Path) -> None:
    config = change(config_for("answer", "lora", epochs=1.0), "training.precision", None)
    model, rows = made("answer", tmp_path, config)
    events = learn(model, rows, config, tmp_path / "run")
    told, settled, started = events[:3]
    assert isinstance(told, Progressed)
    assert told.what == "Finding the faster number format"
    assert isinstance(settled, Resolved)
    assert isinstance(started, Started)
    assert settled.path == "training.precision"
    assert settled.value == started.precision
    assert settled.reason
    decided = change(config, settled.path, settled.value)
    model, rows = made("answer", tmp_path, decided)
    assert steps(learn(model, rows, decided, tmp_path / "again")) == steps(events)


def test_a_stop_in_the_trial_leaves_the_number_format_open(tmp_path: Path) -> None:
    config = change(config_for("answer", "lora", epochs=1.0), "training.precision", None)
    cut = learn(*made("answer", tmp_path, config), config, tmp_path / "run", should_stop=StopAfter(2))
    assert [type(e) for e in cut] == [Progressed, Stopped]  # nothing began, so nothing is to be saved
    assert cut[-1] == replace(cut[-1], step=0, best_step=0)
    rest = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert [type(e) for e in rest[:3]] == [Progressed, Resolved, Started]
    assert isinstance(rest[-1], Finished)


def test_a_run_that_is_asked_to_stop_while_it_gets_ready_does_not_begin(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    cut = learn(*made("answer", tmp_path, config), config, tmp_path / "run", should_stop=StopAfter(0))
    assert [type(e) for e in cut] == [Stopped]


def test_saves_between_looks_when_enough_work_has_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_SAVE_EVERY", 0.0)
    monkeypatch.setattr(pace, "_SAVING_SHARE", 0)
    config = config_for("answer", "lora", epochs=2.0, validations=1)
    events = learn(*made("answer", tmp_path, config), config, tmp_path / "run")
    assert [e.step for e in events if isinstance(e, Saved)] == [0, 1, 2, 3, 4]
    kept = {folder.name for folder in (tmp_path / "run" / "checkpoints").iterdir() if folder.is_dir()}
    assert len(kept) <= 3


def test_class_weights_change_what_is_learned(tmp_path: Path) -> None:
    config = config_for("classify", "full", epochs=1.0)
    weighted = change(config, "task.class_weights", True)
    rows = [row for row in label_rows() if row.label == 0 or row.row == 1]
    plain = learn(label_model(tmp_path, config), rows, config, tmp_path / "plain")
    balanced = learn(label_model(tmp_path, weighted), rows, weighted, tmp_path / "balanced")
    assert steps(plain)[0][1] != steps(balanced)[0][1]


def test_gradient_checkpointing_gives_the_same_losses(tmp_path: Path) -> None:
    config = config_for("answer", "lora", epochs=1.0)
    saving = change(config, "training.gradient_checkpointing", True)
    plain = learn(*made("answer", tmp_path, config), config, tmp_path / "plain")
    twice = learn(*made("answer", tmp_path, saving), saving, tmp_path / "twice")
    assert [loss for _, loss, _ in steps(twice)] == pytest.approx([loss for _, loss, _ in steps(plain)], rel=1e-6)
    norms = [norm for _, _, norm in steps(plain)]
    assert [norm for _, _, norm in steps(twice)] == pytest.approx(norms, rel=1e-5)
