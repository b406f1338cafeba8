"""The error that training makes small, and the mean of it over rows. (torch)

In: a Model and encoded rows. Out: the objective of the model's goal, and errors of rows without learning. Knows nothing
of steps or optimizers; the objectives themselves lie in objectives/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from studio.config.edit import change
from studio.config.goals import GOALS
from studio.config.passes import agreement
from studio.models.load import Model
from studio.tokens import batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.labels import LabelLoss, balanced
from studio.training.objectives.numbers import NumberLoss
from studio.training.objectives.objective import Loss
from studio.training.objectives.pairs import PairLoss
from studio.training.objectives.preference import preference_loss
from studio.training.objectives.several import SeveralLoss, balanced_marks
from studio.training.objectives.spans import SpanLoss
from studio.training.objectives.vectors import vector_loss
from studio.training.objectives.words import WordLoss


def loss_for(model: Model, rows: Sequence[Encoded]) -> Loss:
    """The objective of the model's goal, as its Config says; `rows` are those that it will learn from. Where labels are
    weighed, each label of `rows` counts the same in total."""
    task = model.config.task
    match GOALS[task.kind].head:
        case "words":
            return preference_loss(model, rows) if GOALS[task.kind].compares else WordLoss(model)
        case "labels":
            if model.config.training.approach == "contrastive":
                return PairLoss(model)
            weigh = balanced_marks if task.has_several else balanced
            weights = weigh(rows, len(model.labels)) if task.class_weights else None
            if task.has_several:
                return SeveralLoss(model, weights)
            return LabelLoss(model, weights, agreement(model.config))
        case "number":
            return NumberLoss(model)
        case "vector":
            return vector_loss(model, rows)
        case "span":
            return SpanLoss(model)


def number_format(model: Model) -> torch.autocast:
    """The context in which the forward pass runs: 16-bit where the run decided so."""
    return torch.autocast(model.device.type, torch.bfloat16, enabled=model.config.training.precision == "bf16")


def mean_loss(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> float | None:
    """The mean error over rows, without learning; every label counts as often as it occurs. None when stopped."""
    loss, lengths = loss_unweighted(model, rows), [row.size for row in rows]
    total = 0.0
    for places in batches.micro_batches(range(len(rows)), lengths, token_budget=token_budget):
        if should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=pad_id, device=model.device)
        with torch.no_grad(), number_format(model):
            total += float(loss.summed(batch))
    return total / max(1.0, sum(loss.weight(row) for row in rows))


def row_losses(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> list[tuple[float, float]] | None:
    """Each row's summed error and its weight, without learning; the ratio of their sums is the mean error. None when
    stopped."""
    loss, lengths = loss_unweighted(model, rows), [row.size for row in rows]
    found: dict[int, tuple[float, float]] = {}
    for places in batches.micro_batches(range(len(rows)), lengths, token_budget=token_budget):
        if should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=pad_id, device=model.device)
        with torch.no_grad(), number_format(model):
            errors = loss.of_rows(batch).tolist()
        found |= {place: (error, loss.weight(rows[place])) for place, error in zip(places, errors, strict=True)}
    return [found[place] for place in range(len(rows))]


def loss_unweighted(model: Model, rows: Sequence[Encoded]) -> Loss:
    """The objective as it is measured: labels by the head, and every label counts as often as it occurs."""
    plain = change(change(model.config, "task.class_weights", False), "training.approach", "direct")
    return loss_for(replace(model, config=plain), rows)
