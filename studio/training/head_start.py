"""The last layer of a classifier, fitted at once to what the encoder makes of the rows. (torch)

In: a Model and its encoded training rows. Out: the same Model, whose last layer is the best linear one for the body
as it stands. Knows nothing of steps, looks or checkpoints.

It is the whole training where the encoder stays as it came; it follows the encoder where that learns from pairs, which
name no labels; and it is a head start where everything learns. A random head sends noise into the encoder and bends
what it already knows; fitting the head first and then training everything keeps it and ends better, most of all with
few rows (Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution").
Training then starts from what the untouched encoder can do at best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.config.passes import MOST_FITTED, views
from studio.events import Progressed
from studio.models.head import MeanPooledClassifier, last_features, last_layer
from studio.models.load import Model
from studio.tokens.batches import micro_batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.labels import balanced
from studio.training.objectives.numbers import scaled
from studio.training.objectives.several import balanced_marks, marks

STRENGTH = 0.1  # inverse weight of the penalty, as scikit-learn's C; the inputs are about 0.6 wide each
# Where the dense layer below never learns, its inputs are made so small that its tanh hardly bends them. Learned from
# pairs, 10 rows of each of 77 labels, mean of ten models on held-out rows: 84.5 % right as the layer is, 84.7 % so.
_STRAIGHT = 0.3
_ROUNDS = 100
_FLAT = 1e-6  # spread below which an input says nothing
_SAY_EVERY = 1_000


def fit_head(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> Iterator[Progressed]:
    """Fit the last layer to up to MOST_FITTED rows, evenly taken, the labels weighed as the Config says. The same rows
    and body give the same layer, whatever it was before. Leaves the head as it was when stopped."""
    net, layer = model.net, last_layer(model.net)
    size = 1.0 if isinstance(net, MeanPooledClassifier) else None
    if isinstance(net, MeanPooledClassifier) and model.config.training.approach == "contrastive":
        size = _STRAIGHT
        _straighten(net)
    stride = -(-len(rows) // MOST_FITTED)
    chosen = list(rows[::stride])
    times = views(len(chosen)) if size == _STRAIGHT else 1
    read = chosen * times
    features = torch.empty(len(read), layer.in_features, device=model.device)
    done = 0
    for number, places in enumerate(_read_in(chosen, times, token_budget)):
        if should_stop():
            return
        dice = number if times > 1 else None
        features[places] = _features(model, [read[place] for place in places], pad_id, dice)
        if (done + len(places)) // _SAY_EVERY > done // _SAY_EVERY:
            yield Progressed("Reading every row once", (done + len(places)) // times, len(chosen))
        done += len(places)
    yield Progressed("A quick first fit")
    _fit(layer, features, _error_of(model, rows, read), rows=len(chosen), size=size)


def _read_in(rows: Sequence[Encoded], times: int, token_budget: int) -> Iterator[list[int]]:
    """Places in so many times the rows, one view after the other, in batches."""
    sizes = [row.size for row in rows]
    for view in range(times):
        for places in micro_batches(range(len(rows)), sizes, token_budget=token_budget):
            yield [view * len(rows) + place for place in places]


def _straighten(net: MeanPooledClassifier) -> None:
    with torch.no_grad():
        nn.init.eye_(net.dense.weight).mul_(_STRAIGHT)


def _features(model: Model, rows: Sequence[Encoded], pad_id: int, dice: int | None) -> Tensor:
    """What the last layer reads of these rows; where `dice` are thrown, under the dropout that they give."""
    net = model.net
    batch = collate(rows, pad_id=pad_id, device=model.device)
    was_training = net.training
    net.train(dice is not None)
    if dice is not None:
        torch.manual_seed(dice)  # each step of training throws dice of its own as well
    with torch.no_grad():
        found = batch.mean_by_row(last_features(net, batch.inputs).float())
    net.train(was_training)
    return found


def _error_of(model: Model, rows: Sequence[Encoded], chosen: Sequence[Encoded]) -> Callable[[Tensor], Tensor]:
    """The error of what a last layer gives for the `chosen` rows, as the goal counts it; `rows` weigh the labels."""
    task, count = model.config.task, len(model.labels)
    if model.head == "number":
        numbers = scaled(chosen, model).to(model.device)
        return lambda given: (given[:, 0] - numbers).square().mean()
    if task.has_several:
        truth = marks(chosen, count).to(model.device)
        weighed = balanced_marks(rows, count).to(model.device) if task.class_weights else None
        return lambda given: F.binary_cross_entropy_with_logits(given, truth, pos_weight=weighed) * count
    labels = torch.tensor([row.label for row in chosen], device=model.device)
    weights = balanced(rows, count).to(model.device) if task.class_weights else None
    return lambda given: F.cross_entropy(given, labels, weight=weights)


def _fit(
    layer: nn.Linear, features: Tensor, error_of: Callable[[Tensor], Tensor], *, rows: int, size: float | None
) -> None:
    """A linear layer with a squared penalty, which `rows` different rows outweigh, solved by L-BFGS on the whole table
    at once. The inputs count in units of `size`; where that is None, they were made for other ends, and each is counted
    in its own spread, so that none outweighs the others."""
    has_bias = layer.bias is not None
    spread = features.square().mean(0).sqrt().clamp(min=_FLAT)
    scale = spread if size is None else torch.full_like(spread, size)
    inputs = features / scale
    weight = features.new_zeros(layer.out_features, features.shape[1], requires_grad=True)
    bias = features.new_zeros(layer.out_features, requires_grad=has_bias)
    penalty = 1 / (2 * STRENGTH * rows)
    trained = [weight, bias] if has_bias else [weight]
    solver = torch.optim.LBFGS(trained, max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def error() -> Tensor:
        solver.zero_grad()
        loss = error_of(inputs @ weight.T + bias) + penalty * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    solver.step(error)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        layer.weight.copy_(weight / scale)
        if has_bias:
            layer.bias.copy_(bias)
