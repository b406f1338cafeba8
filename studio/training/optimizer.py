"""The optimizer: AdamW with its own rate for a new head, and no decay on biases and norms. (torch)

In: a Model and a resolved Config. Out: an optimizer, and the rates that each step scales. Knows nothing of rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.models.load import Model, encoder_body

# From nothing the size of gradients changes fast, so a shorter memory of it suits (GPT-3, Brown et al. 2020).
_BETAS = {False: (0.9, 0.999), True: (0.9, 0.95)}


def make_optimizer(model: Model, config: Config) -> torch.optim.AdamW:
    """AdamW over everything that is trained, at full learning rate."""
    wants = config.training
    assert wants.learning_rate is not None
    body, head = _body_and_head(model)
    groups = []
    for parameters, rate in ((body, wants.learning_rate), (head, wants.head_learning_rate)):
        for decays in (True, False):
            chosen = [p for p in parameters if (p.ndim >= 2) == decays]
            if chosen:
                assert rate is not None
                groups.append({"params": chosen, "lr": rate, "weight_decay": wants.weight_decay if decays else 0.0})
    return torch.optim.AdamW(groups, betas=_BETAS[GOALS[config.task.kind].from_nothing], fused=True)


def set_rates(optimizer: torch.optim.Optimizer, peaks: Sequence[float], share: float) -> None:
    """Give each group its share of its peak learning rate."""
    for group, peak in zip(optimizer.param_groups, peaks, strict=True):
        group["lr"] = peak * share


def _body_and_head(model: Model) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """What is trained, split into what was there before and what starts from nothing."""
    trained = [p for p in model.net.parameters() if p.requires_grad]
    if model.head == "words":
        return trained, []
    known = {id(p) for p in encoder_body(model).parameters()}
    return [p for p in trained if id(p) in known], [p for p in trained if id(p) not in known]
