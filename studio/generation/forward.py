"""Asking a Model without changing it. (torch)

In: a Model. Out: its network's outputs without gradients and without dropout, with or without what was learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from transformers import DynamicCache

from studio.models.adapters import untouched as without_learning
from studio.models.load import Model


@contextmanager
def asking(model: Model, *, untouched: bool = False) -> Iterator[None]:
    """For one forward call: evaluation mode, no gradients, and the base model alone if `untouched`. The mode of
    training comes back afterwards. Never held across a yield of a generator."""
    was_training = model.net.training
    with ExitStack() as stack:
        # Not inference_mode: what a network caches in it could never take part in training again.
        stack.enter_context(torch.no_grad())
        if untouched:
            stack.enter_context(without_learning(model))
        if was_training:
            model.net.eval()
            stack.callback(model.net.train)
        yield


def context_limit(model: Model) -> int:
    """How many tokens the network can read, answer included."""
    limit = getattr(model.net.config, "max_position_embeddings", None)
    return int(limit) if isinstance(limit, int) and limit > 0 else 1 << 30


def new_cache(model: Model) -> DynamicCache:
    """An empty memory of keys and values, for the tokens of one conversation."""
    config: Any = model.net.config
    return DynamicCache(config=config)
