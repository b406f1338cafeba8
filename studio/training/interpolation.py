"""Between the model as it came and the model as it learned. (torch)

In: a Model as it came, weights that it had learned, and how much of the change is kept. Out: the Model with weights in
between. Knows nothing of steps or looks.

Weights on the straight line between both often do better on new texts than either end: of what the rows taught the
common part is kept and the accidental part is damped (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models",
WiSE-FT).
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, no_grad

from studio.models.load import Model, trained_weights

Weights = dict[str, Tensor]


def copied(model: Model) -> Weights:
    """A copy of what learns, by parameter name; it takes as much memory as these weights."""
    return {name: weight.clone() for name, weight in trained_weights(model).items()}


def interpolate(model: Model, learned: Mapping[str, Tensor], kept: float) -> None:
    """Move what learns `kept` (0..1) of the way to the `learned` weights. Of an adapter's two factors only the one that
    began at zero is set between: so their product is `kept` of what it was, too."""
    with no_grad():
        for name, weight in trained_weights(model).items():
            weight.lerp_(learned[name], 1.0 if "lora_A" in name else kept)
