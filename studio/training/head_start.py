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

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import NamedTuple

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
# Rows without a label are told by the model's own guesses, sharpened, all together as much as the labelled rows; so
# often it guesses anew. Of 3,000 held-out rows, learned from 10 of each of 77 labels and 4,283 rows without: 86.1, 84.3
# and 84.3 % right without those, 87.1, 85.2 and 85.3 % with them (three draws); half or one and a half times the weight
# end alike. Of 1,000, little more than the labelled ones, it is no gain (automatic.UNLABELLED_TIMES).
_GUESSED = 3
_SHARPNESS = 2
_GUESS_ROUNDS = 30
_FLAT = 1e-6  # spread below which an input says nothing
_SAY_EVERY = 1_000


class Layer(NamedTuple):
    """The weights of a last layer."""

    weight: Tensor
    bias: Tensor | None


def layer_of(model: Model) -> Layer:
    """A copy of the last layer's weights."""
    layer = last_layer(model.net)
    bias = layer.bias
    return Layer(layer.weight.detach().clone(), None if bias is None else bias.detach().clone())


def put_layer(model: Model, kept: Layer) -> None:
    """Put a copy of them back."""
    layer = last_layer(model.net)
    with torch.no_grad():
        layer.weight.copy_(kept.weight)
        if kept.bias is not None:
            layer.bias.copy_(kept.bias)


def fit_head(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
    unlabelled: Sequence[Encoded] = (),
) -> Generator[Progressed, None, Layer | None]:
    """Fit the last layer to up to MOST_FITTED rows, evenly taken, the labels weighed as the Config says. The same rows
    and body give the same layer, whatever it was before. Leaves the head as it was when stopped.

    With `unlabelled` rows, where each row has one label, it then also fits what the layer itself makes of them (Lee
    2013, "Pseudo-Label"; with soft labels, sharpened), and returns (through `yield from`) the layer without them, so
    that the better one can be kept; else None.
    """
    net, layer = model.net, last_layer(model.net)
    size = 1.0 if isinstance(net, MeanPooledClassifier) else None
    if isinstance(net, MeanPooledClassifier) and model.config.training.approach == "contrastive":
        size = _STRAIGHT
        _straighten(net)
    stride = -(-len(rows) // MOST_FITTED)
    chosen = list(rows[::stride])
    times = views(len(chosen)) if size == _STRAIGHT else 1
    reading = _Reading(model, pad_id, token_budget, should_stop)
    features = yield from reading.of(chosen, times, "Reading every row once")
    others = None
    if unlabelled and features is not None:
        others = yield from reading.of(unlabelled, 1, "Reading the rows without a label")
    if features is None or (unlabelled and others is None):
        return None
    before = layer_of(model)
    yield Progressed("A quick first fit")
    error_of = _error_of(model, rows, chosen * times)
    _fit(layer, features, error_of, rows=len(chosen), size=size)
    if others is None:
        return None
    plain = layer_of(model)
    yield Progressed("Learning from rows without a label")
    for _ in range(_GUESSED):
        if should_stop():
            put_layer(model, before)
            return None
        both, error = torch.cat([features, others]), _with_guesses(error_of, layer, others, known=len(features))
        _fit(layer, both, error, rows=len(chosen), size=size, goes_on=True)
    return plain


class _Reading(NamedTuple):
    """Reads rows as the body stands."""

    model: Model
    pad_id: int
    token_budget: int
    should_stop: Callable[[], bool]

    def of(self, rows: Sequence[Encoded], times: int, words: str) -> Generator[Progressed, None, Tensor | None]:
        """What the last layer reads of the rows, (`times` the rows, width), one view after the other; under
        dropout where there are several. None where it was stopped."""
        read = list(rows) * times
        features = torch.empty(len(read), last_layer(self.model.net).in_features, device=self.model.device)
        done = 0
        for number, places in enumerate(_read_in(rows, times, self.token_budget)):
            if self.should_stop():
                return None
            dice = number if times > 1 else None
            features[places] = _features(self.model, [read[place] for place in places], self.pad_id, dice)
            if (done + len(places)) // _SAY_EVERY > done // _SAY_EVERY:
                yield Progressed(words, (done + len(places)) // times, len(rows))
            done += len(places)
        return features


def _with_guesses(
    error_of: Callable[[Tensor], Tensor], layer: nn.Linear, others: Tensor, *, known: int
) -> Callable[[Tensor], Tensor]:
    """The error over `known` rows and over others together, whose labels are what `layer` guesses now, sharpened."""
    with torch.no_grad():
        own: Tensor = layer(others)
        guesses = (own.float().log_softmax(1) * _SHARPNESS).softmax(1)

    def error(given: Tensor) -> Tensor:
        told = -(guesses * given[known:].log_softmax(1)).sum(1).mean()
        both: Tensor = (error_of(given[:known]) + told) / 2
        return both

    return error


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
    layer: nn.Linear,
    features: Tensor,
    error_of: Callable[[Tensor], Tensor],
    *,
    rows: int,
    size: float | None,
    goes_on: bool = False,
) -> None:
    """A linear layer with a squared penalty, which `rows` different rows outweigh, solved by L-BFGS on the whole table
    at once. The inputs count in units of `size`; where that is None, they were made for other ends, and each is counted
    in its own spread, so that none outweighs the others. It begins at zero, or goes on from the layer as it is."""
    has_bias = layer.bias is not None
    spread = features.square().mean(0).sqrt().clamp(min=_FLAT)
    scale = spread if size is None else torch.full_like(spread, size)
    inputs = features / scale
    weight, bias = features.new_zeros(layer.out_features, features.shape[1]), features.new_zeros(layer.out_features)
    if goes_on:
        weight = layer.weight.detach() * scale
        bias = layer.bias.detach().clone() if has_bias else bias
    weight.requires_grad_()
    bias.requires_grad_(has_bias)
    penalty = 1 / (2 * STRENGTH * rows)
    trained = [weight, bias] if has_bias else [weight]
    most = _GUESS_ROUNDS if goes_on else _ROUNDS
    solver = torch.optim.LBFGS(trained, max_iter=most, line_search_fn="strong_wolfe")

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
