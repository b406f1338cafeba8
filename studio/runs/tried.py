"""Whether somebody has tried the model of a run, as the model is now.

In: a run's folder. Out: RUN/tried.json with the checkpoint that was tried. Knows nothing of what was asked or answered.
"""

from __future__ import annotations

import json
from pathlib import Path

from studio.atomic import atomic_file
from studio.checkpoints.layout import best_step
from studio.problems import Problem

TRIED_FILE = "tried.json"


def note_tried(run: Path) -> None:
    """The best model of the run has answered somebody."""
    with atomic_file(run / TRIED_FILE) as path:
        path.write_text(json.dumps({"best_step": best_step(run)}), encoding="utf-8")


def was_tried(run: Path) -> bool:
    """Whether that was the model that the run holds now; after more training it is another one. What cannot be read was
    not tried."""
    try:
        tried = json.loads((run / TRIED_FILE).read_text(encoding="utf-8"))
        return isinstance(tried, dict) and "best_step" in tried and tried["best_step"] == best_step(run)
    except (OSError, ValueError, Problem):
        return False
