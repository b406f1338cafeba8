"""Whether long work should stop: the answer where nobody can ask for it.

In: nothing. Out: a `should_stop` for work that nobody stops.
"""

from __future__ import annotations


def never() -> bool:
    """Nobody asks to stop."""
    return False
