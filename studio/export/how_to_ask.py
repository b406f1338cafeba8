"""What somebody has to know who asks an exported classifier: thresholds, pairs, numbers, long texts.

In: a Run, and how its outputs are to be read. Out: the arguments of `formats.classifier_lines`, and sentences for the
card.
"""

from __future__ import annotations

from typing import Any

from studio.config.goals import GOALS
from studio.data.roles.columns import columns_of
from studio.generation.naming import below
from studio.generation.ranges import SHARE
from studio.runs.calibration import Calibration
from studio.runs.run import Run


def how_to_ask(run: Run, told: Calibration) -> dict[str, Any]:
    """As `formats.classifier_lines` takes it."""
    return {
        "thresholds": thresholds_of(run, told),
        "least": told.least,
        "below": below(run.labels),
        "is_number": GOALS[run.config.task.kind].head == "number",
        "is_pair": bool(columns_of(run.config.data).pair),
    }


def thresholds_of(run: Run, told: Calibration) -> dict[str, float] | None:
    """The share from which on each label is named; None where a text has one label."""
    return dict(zip(run.labels, told.thresholds, strict=True)) if told.thresholds else None


def limits_of(run: Run, told: Calibration) -> list[str]:
    """What the exported model alone does otherwise than the program did, and what goes with its outputs."""
    found: list[str] = []
    goal, task = GOALS[run.config.task.kind], run.resolved.task
    if goal.head not in ("labels", "number"):
        return found
    if task.has_several:
        found.append(
            "A text can have several labels or none: each label has a share of its own (sigmoid) and is named from its "
            "threshold on, which was chosen on the watching rows. The thresholds stand in studio.json and above."
        )
    if told.least:
        why = f"that parted them best among the {told.rows:,} watching rows" if told.rows else "as it was chosen"
        found.append(
            f"A label counts from a share of {told.least:.3g} on ({why}); below it the answer is "
            f"“{below(run.labels)}”. The network alone always names its likeliest label: use the lines above."
        )
    if goal.head == "number" and told.reach is not None:
        found.append(
            f"A number is meant with a range of {told.reach:.4g} on either side: {SHARE:.0%} of the {told.rows:,} "
            "watching rows lie in it."
        )
    if task.windows and run.facts.longest_tokens > (task.max_tokens or run.facts.longest_tokens):
        found.append(
            f"Texts of more than {task.max_tokens:,} tokens were read in parts, whose logits were averaged. This "
            "folder alone reads the beginning only: split longer texts and average what the parts get."
        )
    return found
