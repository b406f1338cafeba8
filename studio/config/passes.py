"""How often a run reads its rows, as its settings ask.

In: a Config with nothing left open. Out: the rule for each further reading. The loop asks here what it has to do, and
the forecast what that will take.
"""

from __future__ import annotations

from studio.config.config import Config
from studio.config.goals import GOALS

MOST_FITTED = 20_000  # rows that a last layer is fitted to: more hardly move a linear layer
# After pairs each row is read so often for each fit, under other dropout each time, as it was while learning: it is no
# single point then. Little: mean of eight models on held-out rows 84.75 % right where rows are read once without
# dropout, 84.89 % so.
_VIEWS = 4


def agreement(config: Config) -> float:
    """How much it counts that two readings of a text agree; 0 where a step reads each text once. Only where a text has
    one label, learned by itself, are there two answers whose shares can be held against each other."""
    has_one_label = GOALS[config.task.kind].head == "labels" and not config.task.has_several
    is_read_twice = has_one_label and config.training.approach == "direct"
    return config.training.agreement or 0.0 if is_read_twice else 0.0


def readings(config: Config) -> int:
    """How often each row of a step is read."""
    return 2 if agreement(config) else 1


def fits_last_layer(config: Config) -> bool:
    """Whether the network ends in a layer that can be fitted at once: it gives labels or a number, whatever lies
    before it."""
    return GOALS[config.task.kind].head in ("labels", "number")


def sets_back(config: Config) -> bool:
    """Whether the end is set back part of the way to the start, for which a copy of the start is kept and the last
    layer fitted to it once more."""
    is_asked = config.training.approach == "direct" and (config.training.kept_change or 1.0) < 1
    return is_asked and fits_last_layer(config)


def views(rows: int) -> int:
    """How often each of so many rows is read for a fit of the last layer after pairs: no more readings altogether than
    there may be rows."""
    return max(1, min(_VIEWS, MOST_FITTED // max(1, rows)))


def reads_unlabelled(config: Config) -> bool:
    """Whether rows without a label are read as well: where the last layer is fitted to one label a text."""
    has_one_label = GOALS[config.task.kind].head == "labels" and not config.task.has_several
    return bool(config.training.use_unlabelled) and has_one_label and config.training.approach != "direct"
