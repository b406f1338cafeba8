"""Adapters (LoRA): leaving them out, writing them, merging them into the weights they sit on. (torch)

In: a live Model. Out: the untouched model for a moment, a PEFT folder, or a plain transformers model.
Knows nothing of training; it never changes the Model it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from peft import PeftModel

from studio.models.load import Model
from studio.problems import Problem


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
