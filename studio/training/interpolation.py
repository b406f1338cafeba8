"""Between the model as it came and the model as it learned. (torch)

In: a Model before and after learning, and how much of the change is kept. Out: the same Model with weights in between;
only its last layer, which means nothing to other weights, is left to be fitted anew. Knows nothing of steps or looks.

Weights on the straight line between both often do better on new texts than either end: of what the rows taught the
common part is kept and the accidental part is damped (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models",
WiSE-FT).
"""

from __future__ import annotations

from torch import Tensor, lerp, no_grad

from studio.models.head import last_layer
from studio.models.load import Model, trained_weights


def starting_weights(model: Model) -> dict[str, Tensor]:
    """A copy of what learning will change, by parameter name; it takes as much memory as these weights."""
    return {name: weight.clone() for name, weight in trained_weights(model).items()}


def interpolate(model: Model, start: dict[str, Tensor], kept: float) -> None:
    """Set the weights to `kept` (0..1) of the way from `start` to where they are, all but those of the last layer."""
    last = {id(parameter) for parameter in last_layer(model.net).parameters()}
    with no_grad():
        for name, parameter in model.net.named_parameters():
            if name in start and id(parameter) not in last:
                parameter.copy_(lerp(start[name], parameter, kept))
