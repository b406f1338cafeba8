"""Writing a checkpoint: whole or not there, and nothing old goes before. (torch)

In: a Model, its optimizer and the TrainingState. Out: RUN/checkpoints/step-N/ and the pointer to the best.
Everything is safetensors and JSON. Knows nothing of when to save or what is best.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from studio.atomic import atomic_file, atomic_folder
from studio.checkpoints import layout
from studio.checkpoints.state import TrainingState, to_json
from studio.config import edit
from studio.models.load import Model, trained_weights


def write_checkpoint(
    run: Path,
    *,
    model: Model,
    optimizer: torch.optim.Optimizer,
    state: TrainingState,
    keep: frozenset[int] = frozenset(),
) -> Path:
    """Save where training stands; afterwards only this checkpoint, the best one and the steps in `keep` remain."""
    final = layout.folder_of(run, state.step)
    with atomic_folder(final) as folder:
        _write_tensors(folder / layout.WEIGHTS, trained_weights(model))
        _write_optimizer(folder, optimizer)
        _write_tensors(folder / layout.RANDOM, _random_state())
        _write_text(folder / layout.STATE, to_json(state))
        _write_text(folder / layout.ABOUT, _about(model, run))
        _write_text(folder / layout.MANIFEST, layout.manifest_of(folder))
    _prune(run, keep | {state.step})
    return final


def mark_best(run: Path, step: int) -> None:
    """Point at the best checkpoint. Raises ValueError when there is none of this step."""
    if not layout.folder_of(run, step).is_dir():
        raise ValueError(f"there is no checkpoint of step {step}")
    with atomic_file(run / layout.CHECKPOINTS / layout.BEST) as path:
        _write_text(path, json.dumps({"step": step}))


def _prune(run: Path, keep: frozenset[int]) -> None:
    pointed = layout.best_step(run)
    for step in layout.steps_of(run):
        if step not in keep and step != pointed:
            shutil.rmtree(layout.folder_of(run, step))


def _write_optimizer(folder: Path, optimizer: torch.optim.Optimizer) -> None:
    held = optimizer.state_dict()
    tensors: dict[str, Tensor] = {}
    plain: dict[str, dict[str, Any]] = {}
    for number, entries in held["state"].items():
        for name, value in entries.items():
            if isinstance(value, Tensor):
                tensors[f"{number}.{name}"] = value
            else:
                plain.setdefault(str(number), {})[name] = value
    _write_tensors(folder / layout.OPTIMIZER, tensors)
    _write_text(folder / layout.GROUPS, json.dumps({"groups": held["param_groups"], "plain": plain}))


def _random_state() -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"cuda.{n}": value for n, value in enumerate(torch.cuda.get_rng_state_all())}
    return states


def _about(model: Model, run: Path) -> str:
    base, home = model.base.resolve(), run.resolve()
    # A model that was made for the run moves with it.
    place = f"../../{base.relative_to(home).as_posix()}" if base.is_relative_to(home) else str(base)
    values = {
        "kind": model.kind,
        "base": place,
        "labels": list(model.labels),
        "method": model.method,
        "config": edit.to_json(model.config),
    }
    return json.dumps(values, ensure_ascii=False, indent=1)


def _write_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, path)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
