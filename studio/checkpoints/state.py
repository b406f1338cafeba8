"""Where training stands, beside the weights.

In: what the loop counts. Out: one frozen record of plain values that travels through a checkpoint as JSON.
Knows nothing of tensors.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class TrainingState:
    """`step` optimizer steps are done; the best look so far was at `best_step` (0: the untouched one) with `best_score`
    (0..1, higher is better) and `best_loss`; `top_score` is the highest of all looks; `looks_without_better` counts
    towards the patience; `seconds` of training and `tokens` read, over all sittings. `last_look` is the step of
    the last whole look (-1 = none); `token_budget` is what fitted into memory, where that was less than wanted."""

    step: int = 0
    best_step: int = 0
    best_score: float | None = None
    best_loss: float | None = None
    top_score: float | None = None
    looks_without_better: int = 0
    seconds: float = 0.0
    tokens: int = 0
    last_look: int = -1
    token_budget: int | None = None


def to_json(state: TrainingState) -> str:
    """The state as one JSON object; floats keep every bit."""
    return json.dumps(asdict(state), indent=1)


def from_json(text: str) -> TrainingState:
    """The state of `to_json`; fields of newer versions are ignored. Raises ValueError when it is not one."""
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("not a training state")
    known = {f.name for f in fields(TrainingState)}
    return TrainingState(**{name: value for name, value in values.items() if name in known})
