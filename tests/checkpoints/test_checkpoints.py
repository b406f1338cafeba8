"""A checkpoint is whole or not believed, and going on from it is going on exactly."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import torch
from torch.nn import functional as F

from studio import atomic
from studio.checkpoints import layout, read, write
from studio.checkpoints.state import TrainingState, from_json, to_json
from studio.models.load import Model, load_model, trained_weights
from studio.problems import Problem
from tests.models.test_load import ATTENTION, CPU, IDS, LABELS, causal, encoder, settled

FILES = {
    layout.WEIGHTS,
    layout.OPTIMIZER,
    layout.GROUPS,
    layout.RANDOM,
    layout.STATE,
    layout.ABOUT,
    layout.MANIFEST,
}


def optimizer_of(model: Model) -> torch.optim.AdamW:
    """As the loop makes it: several groups, rates that changed on the way."""
    found = [p for p in model.net.parameters() if p.requires_grad]
    groups = [{"params": found[:2], "lr": 1e-2, "weight_decay": 0.0}, {"params": found[2:], "lr": 1e-3}]
    return torch.optim.AdamW(groups, fused=True)


def learn(model: Model, optimizer: torch.optim.Optimizer, steps: int) -> list[float]:
    """Some steps with dropout, whose dice are the global ones."""
    model.net.train()
    losses = []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["lr"] * 0.9
        logits = model.net(input_ids=IDS, attention_mask=ATTENTION).logits
        target = torch.zeros(logits.shape[:-1], dtype=torch.long) + step % 3
        loss = F.cross_entropy(logits.flatten(0, -2), target.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def save(run: Path, model: Model, optimizer: torch.optim.Optimizer, step: int, *, keep: tuple[int, ...] = ()) -> Path:
    return write.write_checkpoint(
        run, model=model, optimizer=optimizer, state=TrainingState(step=step), keep=frozenset(keep)
    )


def kept(run: Path) -> set[str]:
    return {path.name for path in (run / layout.CHECKPOINTS).iterdir()}


@pytest.mark.parametrize("make", [causal, encoder])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_going_on_is_bit_for_bit_the_same(tmp_path: Path, make: Callable[..., Model], method: str) -> None:
    model = make(tmp_path, method)
    optimizer = optimizer_of(model)
    learn(model, optimizer, 3)
    state = TrainingState(3, 2, 0.75, 1 / 3, 1, 12.345678901234567, 999, 2, 512)
    folder = write.write_checkpoint(tmp_path / "run", model=model, optimizer=optimizer, state=state, keep=frozenset())
    expected = learn(model, optimizer, 4)

    again = make(tmp_path, method, training__seed=9)
    fresh = optimizer_of(again)
    torch.manual_seed(12345)
    assert read.restore(folder, model=again, optimizer=fresh) == state
    assert learn(again, fresh, 4) == expected
    for name, value in trained_weights(model).items():
        assert torch.equal(trained_weights(again)[name], value), name
    for one, other in zip(optimizer.param_groups, fresh.param_groups, strict=True):
        assert {k: v for k, v in one.items() if k != "params"} == {k: v for k, v in other.items() if k != "params"}


def test_a_checkpoint_before_the_first_step(tmp_path: Path) -> None:
    model = causal(tmp_path)
    folder = save(tmp_path / "run", model, optimizer_of(model), 0)
    read.check(folder)
    again = causal(tmp_path)
    assert read.restore(folder, model=again, optimizer=optimizer_of(again)).step == 0


def test_the_folder_holds_just_these_files(tmp_path: Path) -> None:
    model = causal(tmp_path)
    folder = save(tmp_path / "run", model, optimizer_of(model), 1)
    assert {path.name for path in folder.iterdir()} == FILES
    about = json.loads((folder / layout.ABOUT).read_text())
    assert about["kind"] == "causal"
    assert Path(about["base"]) == model.base.resolve()


@pytest.mark.parametrize("make", [causal, encoder])
@pytest.mark.parametrize("method", ["full", "lora"])
@torch.no_grad()
def test_it_loads_alone_for_use(tmp_path: Path, make: Callable[..., Model], method: str) -> None:
    model = make(tmp_path, method, training__gradient_checkpointing=True)
    for value in trained_weights(model).values():
        value.add_(torch.randn_like(value), alpha=0.1)
    folder = save(tmp_path / "run", model, optimizer_of(model), 1)
    opened = read.load_for_use(folder, device=CPU)
    assert not opened.net.training
    assert (opened.kind, opened.labels, opened.method) == (model.kind, model.labels, method)
    expected = model.net.eval()(input_ids=IDS, attention_mask=ATTENTION).logits
    assert torch.equal(opened.net(input_ids=IDS, attention_mask=ATTENTION).logits, expected)


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("harm", ["cut", "flip", "remove"])
def test_any_damage_is_found_and_passed_over(tmp_path: Path, name: str, harm: str) -> None:
    run = tmp_path / "run"
    model = causal(tmp_path)
    optimizer = optimizer_of(model)
    older = save(run, model, optimizer, 4)
    newer = save(run, model, optimizer, 7, keep=(4,))
    assert read.latest(run) == newer
    path = newer / name
    raw = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(raw[:-1])
    elif harm == "flip":
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)
    else:
        path.unlink()
    with pytest.raises(Problem, match="damaged"):
        read.check(newer)
    assert read.survey(run) == read.Survey(older, ("step-7",))
    write.mark_best(run, 7)
    with pytest.raises(Problem, match="damaged"):
        read.best(run)


def test_old_ones_go_only_after_the_new_one_is_whole(tmp_path: Path) -> None:
    run = tmp_path / "run"
    model = causal(tmp_path)
    optimizer = optimizer_of(model)
    save(run, model, optimizer, 1)
    write.mark_best(run, 1)
    save(run, model, optimizer, 2)
    save(run, model, optimizer, 10)
    assert kept(run) == {"step-1", "step-10", layout.BEST}
    assert read.latest(run) == layout.folder_of(run, 10)
    assert read.best(run) == layout.folder_of(run, 1)
    write.mark_best(run, 10)
    save(run, model, optimizer, 11, keep=(10,))
    assert kept(run) == {"step-10", "step-11", layout.BEST}


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_full_disk_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    run = tmp_path / "run"
    model = causal(tmp_path)
    optimizer = optimizer_of(model)
    old = save(run, model, optimizer, 1)
    write.mark_best(run, 1)
    calls = iter(range(1, 100))
    really = write._write_tensors

    def no_space(path: Path, tensors: dict[str, torch.Tensor]) -> None:
        really(path, tensors)
        if next(calls) == failing:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(write, "_write_tensors", no_space)
    with pytest.raises(OSError, match="No space"):
        save(run, model, optimizer, 2)
    assert kept(run) == {"step-1", layout.BEST}
    assert read.latest(run) == read.best(run) == old


def test_a_disk_that_cannot_flush_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = tmp_path / "run"
    model = causal(tmp_path)
    optimizer = optimizer_of(model)
    old = save(run, model, optimizer, 1)

    def fails(path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(atomic, "_sync", fails)
    with pytest.raises(OSError, match="Input/output"):
        save(run, model, optimizer, 2)
    assert read.latest(run) == old


def test_what_a_killed_run_left_is_cleared_and_never_read(tmp_path: Path) -> None:
    run = tmp_path / "run"
    folder = run / layout.CHECKPOINTS
    gone = psutil.Process()
    mark = f"{gone.pid}-{int(gone.create_time()) - 60}.0a1b2c3d"
    half = folder / f".step-9.{mark}.partial"
    half.mkdir(parents=True)
    (half / layout.WEIGHTS).write_bytes(b"half")
    (folder / f".best.json.{mark}.partial").write_text("{")
    assert read.latest(run) is None
    assert kept(run) == set()
    model = causal(tmp_path)
    saved = save(run, model, optimizer_of(model), 1)
    write.mark_best(run, 1)
    for look in (read.latest, read.best):  # killed while it was replaced: it had been set aside
        saved.rename(folder / f".step-1.{mark}.before")
        assert look(run) == saved
        assert kept(run) == {"step-1", layout.BEST}


def test_saving_a_step_again_replaces_it(tmp_path: Path) -> None:
    run = tmp_path / "run"
    model = causal(tmp_path)
    optimizer = optimizer_of(model)
    save(run, model, optimizer, 1)
    learn(model, optimizer, 1)
    folder = save(run, model, optimizer, 1)
    again = causal(tmp_path)
    read.restore(folder, model=again, optimizer=optimizer_of(again))
    for name, value in trained_weights(model).items():
        assert torch.equal(trained_weights(again)[name], value)


def test_a_run_without_a_look_has_no_best(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no model yet"):
        read.best(tmp_path)
    with pytest.raises(ValueError, match="no checkpoint of step 3"):
        write.mark_best(tmp_path, 3)


def test_another_model_s_weights_are_refused(tmp_path: Path) -> None:
    model = encoder(tmp_path)
    folder = save(tmp_path / "run", model, optimizer_of(model), 1)
    config = settled("full")
    other = load_model(model.base, labels=(*LABELS, "new"), config=config, device=CPU)
    with pytest.raises(Problem, match="do not fit"):
        read.restore(folder, model=other, optimizer=optimizer_of(other))


def test_a_base_that_is_gone_is_named(tmp_path: Path) -> None:
    model = causal(tmp_path)
    folder = save(tmp_path / "run", model, optimizer_of(model), 1)
    model.base.rename(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="tiny-causal"):
        read.load_for_use(folder, device=CPU)


def test_the_state_keeps_every_bit() -> None:
    state = TrainingState(7, 3, 0.1 + 0.2, 1e-17, 2, 1 / 3, 10, 5, 64)
    assert from_json(to_json(state)) == state
    assert from_json('{"step": 4, "of_a_newer_version": 1}') == TrainingState(step=4)
    with pytest.raises(ValueError, match="not a training state"):
        from_json("[]")
