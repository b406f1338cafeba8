"""Adapters (LoRA): leaving them out, writing them, merging them into the weights they sit on. (torch)

In: a live Model. Out: the untouched model for a moment, a PEFT folder, or a plain transformers model.
Knows nothing of training; it never changes the Model it is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import PeftModel
from torch import nn

from studio.config import edit
from studio.models.gate import check_folder
from studio.models.head import LastTokenClassifier, MeanPooledClassifier, fold_number, to_native
from studio.models.load import Model, body_place, load_model, load_weights, number_scale, trained_weights
from studio.problems import Problem

_DTYPES = {"bf16": torch.bfloat16, "f16": torch.float16}


def adapter_of(model: Model) -> PeftModel | None:
    """The part of the network that carries the adapter, or None where all weights were trained."""
    return next((module for module in model.net.modules() if isinstance(module, PeftModel)), None)


@contextmanager
def untouched(model: Model) -> Iterator[None]:
    """Inside the block, `model` answers as the base model did before learning. Raises a Problem where all weights
    were trained: then `load.load_base` loads the base a second time."""
    adapter = adapter_of(model)
    if adapter is None:
        raise Problem(
            "The untouched model is not inside this one.",
            "All weights were trained, so nothing can be left out.",
            "Load the base model beside it.",
        )
    with adapter.disable_adapter():
        yield


def write_adapter(model: Model, folder: Path, *, base_name: str) -> None:
    """Write the adapter of a causal model as a PEFT folder: adapter_config.json and adapter_model.safetensors.
    `base_name` is what others know the base model as; peft itself would write a path of this computer."""
    adapter = adapter_of(model)
    if adapter is None or model.head != "words":
        raise Problem(
            "This model has no adapter of its own.",
            "All weights were trained, or its classifier belongs to it."
            if adapter is None
            else "An adapter for sorting texts only works with its classifier.",
            "Export the whole model instead.",
        )
    adapter.save_pretrained(str(folder), safe_serialization=True)
    (folder / "README.md").unlink(missing_ok=True)  # peft's empty form; the export writes its own card
    config = folder / "adapter_config.json"
    values = json.loads(config.read_text(encoding="utf-8")) | {"base_model_name_or_path": base_name}
    values["target_modules"] = sorted(values["target_modules"])
    config.write_text(json.dumps(values, indent=1), encoding="utf-8")


def merged(model: Model, dtype: torch.dtype | None = None) -> nn.Module:
    """An ordinary transformers model with everything learned inside, on the processor, in `dtype` or else in the number
    format that the base's files have. The sums are made in 32-bit on a second copy of the base."""
    fresh = _copy(model)
    net = fresh.net
    if isinstance(net, PeftModel):
        net = net.merge_and_unload()
    elif (adapter := adapter_of(fresh)) is not None:
        holder, place = body_place(net)
        setattr(holder, place, adapter.merge_and_unload())
    if isinstance(net, MeanPooledClassifier):
        net = to_native(net)
    if isinstance(net, LastTokenClassifier):
        net = net.native
    if model.head == "number":
        fold_number(net, *number_scale(model))
    net.requires_grad_(False).eval()
    return net.to(dtype or _DTYPES.get(check_folder(model.base).dtype, torch.float32))


def _copy(model: Model) -> Model:
    config = edit.change(model.config, "training.precision", "fp32")
    config = edit.change(config, "training.gradient_checkpointing", False)
    fresh = load_model(model.base, labels=model.labels, config=config, device=torch.device("cpu"))
    load_weights(fresh, trained_weights(model))
    return fresh
