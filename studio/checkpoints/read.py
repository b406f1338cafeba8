"""Take up training where it stood, or load a model as it was at a checkpoint. (torch)

In: a run folder. Out: the last whole checkpoint or the best one; a Model and optimizer that go on bit for bit, or a
Model ready for use. Damaged checkpoints are passed over, never half read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from studio.checkpoints import layout
from studio.checkpoints.state import TrainingState, from_json
from studio.config import edit
from studio.models.device import pick_device
from studio.models.load import Model, load_model, load_weights
from studio.problems import Problem, Where


def check(folder: Path) -> None:
    """Raise a Problem unless the checkpoint is whole."""
    layout.check(folder)


def latest(run: Path) -> Path | None:
    """The newest whole checkpoint, or None where there is none to go on from."""
    for step in layout.steps(run):
        folder = layout.folder_of(run, step)
        try:
            layout.check(folder)
        except Problem:  # torn by a crash: the one before it is whole
            continue
        return folder
    return None


def best(run: Path) -> Path:
    """The checkpoint to use; a Problem where training has not come that far or it is damaged."""
    step = layout.pointed(run, layout.BEST)
    if step is None:
        raise Problem(
            "This run has no model yet.",
            "It ended before anything was kept.",
            "Continue it, or train again.",
            Where(str(run)),
        )
    folder = layout.folder_of(run, step)
    layout.check(folder)
    return folder


def restore(folder: Path, *, model: Model, optimizer: torch.optim.Optimizer) -> TrainingState:
    """Put weights, optimizer and random state back as they were, bit for bit."""
    load_weights(model, load_file(folder / layout.WEIGHTS))
    optimizer.load_state_dict(_optimizer_state(folder))
    _set_random_state(folder, model.device)
    return from_json((folder / layout.STATE).read_text(encoding="utf-8"))


def load_for_use(folder: Path) -> Model:
    """The Model as it stood at this checkpoint, in evaluation mode on the best device."""
    layout.check(folder)
    about: dict[str, Any] = json.loads((folder / layout.ABOUT).read_text(encoding="utf-8"))
    model = load_model(
        Path(about["base"]),
        kind=about["kind"],
        labels=tuple(about["labels"]),
        config=edit.from_json(about),
        device=pick_device(),
    )
    load_weights(model, load_file(folder / layout.WEIGHTS))
    model.net.eval()
    return model


def _optimizer_state(folder: Path) -> dict[str, Any]:
    values = json.loads((folder / layout.GROUPS).read_text(encoding="utf-8"))
    state: dict[int, dict[str, Any]] = {int(number): dict(plain) for number, plain in values["state"].items()}
    for key, tensor in load_file(folder / layout.OPTIMIZER).items():
        number, _, name = key.partition("/")
        state[int(number)][name] = tensor
    return {"state": state, "param_groups": values["groups"]}


def _set_random_state(folder: Path, device: torch.device) -> None:
    found = load_file(folder / layout.RANDOM)
    torch.set_rng_state(found["cpu"])
    if device.type == "cuda" and "cuda" in found:
        torch.cuda.set_rng_state(found["cuda"], device)
    if device.type == "mps" and "mps" in found:
        torch.mps.set_rng_state(found["mps"])
