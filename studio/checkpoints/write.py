"""Keep where training stands, whole or not at all. (torch)

In: a Model, its optimizer and a TrainingState. Out: RUN/checkpoints/step-N, and the pointers to the latest and the
best one. Older checkpoints go only after the new one lies there whole.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from studio.atomic import atomic_folder
from studio.checkpoints import layout
from studio.checkpoints.state import TrainingState, to_json
from studio.config import edit
from studio.models.load import Model, trained_weights


def write_checkpoint(
    run: Path, *, model: Model, optimizer: torch.optim.Optimizer, state: TrainingState, keep: frozenset[int]
) -> Path:
    """Write step-N for `state.step`, point `latest` at it, and remove the steps that are not in `keep`."""
    final = layout.folder_of(run, state.step)
    with atomic_folder(final) as folder:
        save_file(_plain(trained_weights(model)), folder / layout.WEIGHTS)
        tensors, groups = optimizer_parts(optimizer)
        save_file(_plain(tensors), folder / layout.OPTIMIZER)
        save_file(random_state(model.device), folder / layout.RANDOM)
        _write(folder / layout.GROUPS, groups)
        _write(folder / layout.ABOUT, _about(model))
        (folder / layout.STATE).write_text(to_json(state), encoding="utf-8")
        layout.write_manifest(folder)
    layout.point(run, layout.LATEST, state.step)
    for step in layout.steps(run):
        if step not in keep | {state.step}:
            shutil.rmtree(layout.folder_of(run, step), ignore_errors=True)
    return final


def mark_best(run: Path, step: int) -> None:
    """Say which step is the best so far."""
    if layout.pointed(run, layout.BEST) != step:
        layout.point(run, layout.BEST, step)


def optimizer_parts(optimizer: torch.optim.Optimizer) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """An optimizer's state as named tensors ("number/name") and plain values."""
    whole = optimizer.state_dict()
    tensors = {
        f"{number}/{name}": value.detach()
        for number, values in whole["state"].items()
        for name, value in values.items()
        if isinstance(value, Tensor)
    }
    plain = {
        str(number): {name: value for name, value in values.items() if not isinstance(value, Tensor)}
        for number, values in whole["state"].items()
    }
    return tensors, {"state": plain, "groups": whole["param_groups"]}


def random_state(device: torch.device) -> dict[str, Tensor]:
    """The state of every random generator that training draws from."""
    found = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        found["cuda"] = torch.cuda.get_rng_state(device)
    if device.type == "mps":
        found["mps"] = torch.mps.get_rng_state()
    return found


def _about(model: Model) -> dict[str, Any]:
    return {
        "kind": model.kind,
        "base": str(model.base),
        "labels": list(model.labels),
        "method": model.method,
        **edit.to_json(model.config),
    }


def _plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
