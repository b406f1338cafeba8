"""The last layer of a classifier, fitted at once to what the encoder makes of the rows. (torch)

In: a Model and its encoded training rows. Out: the same Model, whose last layer is the best linear one for the encoder
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
from torch import Tensor
from torch.nn import functional as F

from studio.events import Event, Progressed
from studio.models.head import MeanPooledClassifier
from studio.models.load import Model
from studio.tokens.batches import micro_batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.labels import balanced

MOST_ROWS = 20_000  # more rows hardly move a linear layer
STRENGTH = 0.1  # inverse weight of the penalty, as scikit-learn's C; the inputs are about 0.6 wide each
_ROUNDS = 100
_SAY_EVERY = 1_000


def can_fit(model: Model) -> bool:
    """Whether the last layer can be fitted at once: it reads the mean of the encoder's vectors. Other architectures
    keep their own start and learn in steps."""
    return model.head == "labels" and isinstance(model.net, MeanPooledClassifier)


def fit_head(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> Iterator[Event]:
    """Fit the last layer to up to MOST_ROWS rows, evenly taken, the labels weighed as the Config says. The same rows
    and encoder give the same layer, whatever it was before. Leaves the head as it was when stopped."""
    net = model.net
    assert isinstance(net, MeanPooledClassifier)
    stride = -(-len(rows) // MOST_ROWS)
    chosen = list(rows[::stride])
    features = torch.empty(len(chosen), net.dense.out_features)
    done = 0
    for places in micro_batches(range(len(chosen)), [len(row.ids) for row in chosen], token_budget=token_budget):
        if should_stop():
            return
        features[places] = _features(net, model, [chosen[place] for place in places], pad_id)
        if (done + len(places)) // _SAY_EVERY > done // _SAY_EVERY:
            yield Progressed("Reading every row once", done + len(places), len(chosen))
        done += len(places)
    yield Progressed("A quick first fit")
    weights = balanced(rows, len(model.labels)) if model.config.task.class_weights else None
    _fit(net, features, torch.tensor([row.label for row in chosen]), weights)


def _features(net: MeanPooledClassifier, model: Model, rows: Sequence[Encoded], pad_id: int) -> Tensor:
    batch = collate(rows, pad_id=pad_id, device=model.device)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        found = net.pooled(batch.ids, batch.attention).float().cpu()
    net.train(was_training)
    return found


def _fit(net: MeanPooledClassifier, features: Tensor, labels: Tensor, weights: Tensor | None) -> None:
    """Multinomial logistic regression with a squared penalty, solved by L-BFGS on the whole table at once."""
    weight = torch.zeros(net.classifier.out_features, features.shape[1], requires_grad=True)
    bias = torch.zeros(net.classifier.out_features, requires_grad=True)
    penalty = 1 / (2 * STRENGTH * len(labels))
    solver = torch.optim.LBFGS([weight, bias], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def error() -> Tensor:
        solver.zero_grad()
        loss = F.cross_entropy(features @ weight.T + bias, labels, weight=weights) + penalty * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    solver.step(error)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        net.classifier.weight.copy_(weight)
        net.classifier.bias.copy_(bias)
