"""How long things take: what is left, and when work is worth saving.

In: the seconds of steps, looks and savings. Out: an estimate, and whether to save now. Knows nothing of what is timed.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_SAVE_EVERY = 60.0  # seconds of work that a power cut may cost
_SAVING_SHARE = 20  # saving takes at most one part in so many of the time


@dataclass
class Pace:
    """Medians over recent steps and looks, so that one interruption does not frighten anybody."""

    clock: Callable[[], float] = time.monotonic
    steps: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    looks: deque[float] = field(default_factory=lambda: deque(maxlen=5))
    _saved_at: float = field(init=False)
    _save_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._saved_at = self.clock()

    def left(self, *, steps: int, looks: int) -> float:
        """Seconds until so many steps and looks are made; 0 while nothing was timed."""
        step = statistics.median(self.steps) if self.steps else 0.0
        look = statistics.median(self.looks) if self.looks else 0.0
        return steps * step + looks * look

    def saved(self, seconds: float) -> None:
        """A checkpoint was written just now, in so many seconds."""
        self._saved_at, self._save_seconds = self.clock(), seconds

    def save_is_due(self) -> bool:
        """Whether enough work has gathered since the last checkpoint."""
        return self.clock() - self._saved_at >= max(_SAVE_EVERY, _SAVING_SHARE * self._save_seconds)
