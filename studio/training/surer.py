"""Which of two looks at the watching rows is the surer one.

In: the loss and the score of each, and how the goal is counted. Out: yes or no. Knows nothing of models and steps.
"""

from __future__ import annotations

import math

Look = tuple[float, float]  # loss, lower is better; score, higher is better


def is_surer(new: Look, old: Look, *, by_loss: bool, watching: int, top_score: float | None = None) -> bool:
    """Where the goal goes `by_loss`, the lower one is better. Where it goes by the score, the lower loss decides as
    long as the old look is within one standard error of the highest score, on so many `watching` rows; where a new
    highest score leaves it behind, the new look is the better one. `top_score` is the highest so far, where it is
    another than the old look's. On few watching rows the highest score is partly luck, and the loss, to which every
    row adds its certainty, is steadier (after the one-standard-error rule of Breiman et al. 1984)."""
    (loss, score), (old_loss, old_score) = new, old
    if by_loss:
        return loss < old_loss
    top = max(0.0, score, top_score or old_score)  # an agreement of ranks can lie below 0
    good_enough = top - math.sqrt(top * (1 - top) / max(1, watching))
    if score < good_enough:
        return False
    return old_score < good_enough or loss < old_loss
