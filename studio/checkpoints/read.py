"""Reading checkpoints: going on where training stood, and loading a model for use. (torch)

In: a run's folder. Out: the last whole checkpoint, a restored Model and optimizer, or a Model alone. A checkpoint is
believed only after its manifest was checked. Knows nothing of rows or settings beyond what the checkpoint records.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from studio.atomic import settle
from studio.checkpoints import layout
from studio.checkpoints.layout import check as check
from studio.checkpoints.state import TrainingState, from_json
from studio.config import edit
from studio.models.device import pick_device
from studio.models.load import Model, load_model, load_weights
from studio.problems import Problem, Where


@dataclass(frozen=True)
class Survey:
    """`latest` is the newest whole checkpoint; `damaged` names the newer ones that had to be passed over."""

    latest: Path | None
    damaged: tuple[str, ...]


def survey(run: Path) -> Survey:
    """Look at the checkpoints, newest first, until one is whole. Reads them fully (about a gigabyte a second)."""
    settle(run / layout.CHECKPOINTS)
    passed: list[str] = []
    for step in layout.steps_of(run):
        folder = layout.folder_of(run, step)
        try:
            check(folder)
        except Problem:
            passed.append(folder.name)
        else:
            return Survey(folder, tuple(passed))
    return Survey(None, tuple(passed))


def latest(run: Path) -> Path | None:
    """The newest whole checkpoint, or None."""
    return survey(run).latest


def best(run: Path) -> Path:
    """The best checkpoint, checked; a Problem if there is none or it is damaged."""
    step = layout.best_step(run)
    if step is None:
        raise Problem(
            "This run has no model yet.",
            "It ended before its first look at the watching rows.",
            "Continue the run first.",
            Where(file=str(run)),
        )
    settle(run / layout.CHECKPOINTS)
    folder = layout.folder_of(run, step)
    check(folder)
    return folder


def restore(folder: Path, *, model: Model, optimizer: torch.optim.Optimizer) -> TrainingState:
    """Put weights, optimizer and random state back, bit for bit, and say where training stood."""
    load_weights(model, load_file(folder / layout.WEIGHTS))
    _restore_optimizer(folder, optimizer)
    random = load_file(folder / layout.RANDOM)
    torch.set_rng_state(random["cpu"])
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            if f"cuda.{number}" in random:
                torch.cuda.set_rng_state(random[f"cuda.{number}"], number)
    try:
        return from_json((folder / layout.STATE).read_text(encoding="utf-8"))
    except (ValueError, TypeError) as error:
        raise layout.damaged(folder, f"“{layout.STATE}” cannot be read.") from error


def load_for_use(folder: Path, *, device: torch.device | None = None) -> Model:
    """The model as it stood at that checkpoint, in evaluation mode, on `device` (else the best one there is)."""
    try:
        about = json.loads((folder / layout.ABOUT).read_text(encoding="utf-8"))
        config = edit.from_json(about["config"])
        base, labels = folder / about["base"], tuple(about["labels"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise layout.damaged(folder, f"“{layout.ABOUT}” cannot be read.") from error
    config = edit.change(config, "training.gradient_checkpointing", False)
    model = load_model(base, labels=labels, config=config, device=device or pick_device())
    load_weights(model, load_file(folder / layout.WEIGHTS))
    model.net.eval()
    return model


def _restore_optimizer(folder: Path, optimizer: torch.optim.Optimizer) -> None:
    try:
        held = json.loads((folder / layout.GROUPS).read_text(encoding="utf-8"))
        groups, plain = held["groups"], held["plain"]
    except (ValueError, KeyError, TypeError) as error:
        raise layout.damaged(folder, f"“{layout.GROUPS}” cannot be read.") from error
    entries: dict[int, dict[str, Any]] = {int(number): dict(values) for number, values in plain.items()}
    for name, tensor in load_file(folder / layout.OPTIMIZER).items():
        number, _, key = name.partition(".")
        entries.setdefault(int(number), {})[key] = tensor
    # JSON knows no tuples: what is one in the live optimizer becomes one again.
    for group, live in zip(groups, optimizer.param_groups, strict=False):
        group |= {name: tuple(value) for name, value in group.items() if isinstance(live.get(name), tuple)}
    try:
        optimizer.load_state_dict({"state": entries, "param_groups": groups})
    except ValueError as error:
        raise Problem(
            "The saved optimizer does not fit this run.",
            "The run's settings were changed after it was saved.",
            "Start a new run with the new settings.",
            Where(file=str(folder)),
        ) from error
