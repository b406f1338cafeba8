"""How wide a range has to be that goes with a number.

In: the errors of rows that were not learned from. Out: how far the range reaches on either side. Knows no torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

SHARE = 0.8  # of texts whose true number lies in the range that is told with a given one


def reach(errors: Sequence[float], share: float = SHARE) -> float:
    """How far a range on either side of a given number reaches so that at least `share` of new rows lie in it, given
    the errors of rows that were not learned from (split conformal prediction; Lei and others 2018). Infinite where
    there are too few of them to say."""
    ordered = sorted(abs(error) for error in errors)
    place = math.ceil((len(ordered) + 1) * share)
    return ordered[place - 1] if place <= len(ordered) else math.inf
