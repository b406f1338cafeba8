"""How the outputs of a run's model are to be read: thresholds of several labels, the range that goes with a number.

In: what the watching rows said (generation/calibration.py). Out: a Calibration, kept in RUN/calibration.json for the
checkpoint that it is about.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.atomic import atomic_file
from studio.checkpoints.layout import best_step

CALIBRATION_FILE = "calibration.json"  # in a run


@dataclass(frozen=True)
class Calibration:
    """`thresholds`: the share from which on each label is named, () where a text has one label. `reach`: how far the
    range goes on either side of a number, None where the rows are too few to tell or nothing is rated. `rows` are
    those that told it. `least`: the share from which on the one label of a text counts (generation/naming.py).
    `scale`: the lowest and the highest number of the scale that was learned, None where the numbers have no ends."""

    thresholds: tuple[float, ...] = ()
    reach: float | None = None
    rows: int = 0
    least: float = 0.0
    scale: tuple[float, float] | None = None


NOT_CALIBRATED = Calibration()


def keep_calibration(folder: Path, made: Calibration) -> None:
    """Keep it for the run's best checkpoint."""
    with atomic_file(folder / CALIBRATION_FILE) as file:
        file.write_text(json.dumps({"step": best_step(folder), **asdict(made)}), encoding="utf-8")


def read_calibration(folder: Path) -> Calibration | None:
    """What was kept about the run's best checkpoint; None where nothing was, or about another one."""
    try:
        found = json.loads((folder / CALIBRATION_FILE).read_text(encoding="utf-8"))
        if found["step"] != best_step(folder):
            return None
        reach = None if found["reach"] is None else float(found["reach"])
        scale = None if found["scale"] is None else (float(found["scale"][0]), float(found["scale"][1]))
        thresholds = tuple(map(float, found["thresholds"]))
        return Calibration(thresholds, reach, int(found["rows"]), float(found["least"]), scale)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None  # it is made again
