"""Probes: how the loop looks at the model without knowing tasks or prompts.

In: nothing. Out: the type that `flow.py` fills with questions from further right in the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.config.automatic import Automatic

if TYPE_CHECKING:
    from studio.models.load import Model


@dataclass(frozen=True)
class Probes:
    """`score` measures the watching rows: (mean loss, score in 0..1), or None when it was asked to stop midway.
    `sample` answers the user's own prompts: (prompt, answer, confidence or None) each. Both find the model in
    evaluation mode and may take seconds. `settled` gives what the last look decided, by the settings' paths; it holds
    for the best look."""

    score: Callable[[Model], tuple[float, float] | None]
    sample: Callable[[Model], list[tuple[str, str, float | None]]]
    settled: Callable[[], Mapping[str, Automatic]] = dict
