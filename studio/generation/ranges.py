"""How wide a range has to be that goes with a number.

In: the errors of rows that were not learned from. Out: how far the range reaches on either side.
In: the numbers that were learned. Out: the scale on which they lie, where they have one. Knows no torch.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHARE = 0.8  # of texts whose true number lies in the range that is told with a given one


_MOST_STEPS = 21  # values of a scale such as stars, grades or 0 to 10 in halves; more is an amount without an end
_FEWEST_EACH = 3  # rows a value, on average: a scale is used again and again


@dataclass(frozen=True)
class Scale:
    """The lowest and the highest number that was learned, of a scale that ends there."""

    low: float
    high: float

    def readable(self, value: float) -> str:
        """8.5 of 0–10."""
        return f"{shown(value, self)} of {self.low:g}–{self.high:g}"

    def held(self, number: float) -> float:
        """The number itself, or the end of the scale beyond which it lies."""
        return min(max(number, self.low), self.high)


def scale_of(learned: Iterable[float | None]) -> Scale | None:
    """The scale on which these numbers lie; None where they have no ends of their own, such as prices or days."""
    counted = Counter(number for number in learned if number is not None)
    if not 2 <= len(counted) <= _MOST_STEPS or counted.total() < _FEWEST_EACH * len(counted):
        return None
    return Scale(min(counted), max(counted))


def given(value: float, scale: Scale | None) -> float:
    """The number that is given for what a model says: this is what people get, and so what is judged."""
    return value if scale is None else scale.held(value)


def ends(value: float, reach: float, scale: Scale | None) -> tuple[float, float]:
    """The range that goes with a number, within the scale where there is one."""
    return given(value - reach, scale), given(value + reach, scale)


def readable(value: float, scale: Scale | None) -> str:
    """The given number as people read it."""
    return shown(value, None) if scale is None else scale.readable(given(value, scale))


def shown(value: float, scale: Scale | None) -> str:
    """A number in as many digits as say something: 8.5 on a wide scale, 0.46 on a narrow one."""
    if scale is None:
        return f"{value:.3g}"
    return f"{value:.{1 if scale.high - scale.low >= 4 else 2}f}"


def reach(errors: Sequence[float], share: float = SHARE) -> float:
    """How far a range on either side of a given number reaches so that at least `share` of new rows lie in it, given
    the errors of rows that were not learned from (split conformal prediction; Lei and others 2018). Infinite where
    there are too few of them to say."""
    ordered = sorted(abs(error) for error in errors)
    place = math.ceil((len(ordered) + 1) * share)
    return ordered[place - 1] if place <= len(ordered) else math.inf
