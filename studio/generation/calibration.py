"""What the watching rows say about how to read a model's outputs: thresholds of labels, the range of a number.

In: a tuned Model and the rows that watched its training. Out: a Calibration, kept in RUN/calibration.json for the
checkpoint that it is about. (torch)
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.atomic import atomic_file
from studio.checkpoints.layout import best_step
from studio.data.parts.dataset import Dataset
from studio.generation.labels import label_shares, numbers
from studio.generation.thresholds import thresholds
from studio.models.load import Model
from studio.tasks.example import Example
from studio.tasks.none_of_these import none_label, rejecting
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer

CALIBRATION_FILE = "calibration.json"  # in a run
SHARE = 0.8  # of texts whose true number lies in the range that is told with a given one


@dataclass(frozen=True)
class Calibration:
    """`thresholds`: the share from which on each label is named, () where a text has one label. `reach`: how far the
    range goes on either side of a number, None where the rows are too few to tell or nothing is rated. `rows` are
    those that told it. `least`: the share from which on the one label of a text counts (tasks/none_of_these.py)."""

    thresholds: tuple[float, ...] = ()
    reach: float | None = None
    rows: int = 0
    least: float = 0.0


NOT_CALIBRATED = Calibration()


def calibrated(folder: Path, model: Model, tokenizer: Tokenizer, task: Task, dataset: Dataset) -> Calibration:
    """The Calibration of the run's best checkpoint, which `model` is: as it was kept, or made now (seconds) and
    kept."""
    step = best_step(folder)
    kept = read_calibration(folder)
    if kept is not None:
        return kept
    made = calibrate(model, tokenizer, task, dataset)
    if made != NOT_CALIBRATED:
        with atomic_file(folder / CALIBRATION_FILE) as file:
            file.write_text(json.dumps({"step": step, **asdict(made)}), encoding="utf-8")
    return made


def read_calibration(folder: Path) -> Calibration | None:
    """What was kept about the run's best checkpoint; None where nothing was, or about another one."""
    try:
        found = json.loads((folder / CALIBRATION_FILE).read_text(encoding="utf-8"))
        if found["step"] != best_step(folder):
            return None
        thresholds, least = tuple(map(float, found["thresholds"])), float(found["least"])
        return Calibration(thresholds, found["reach"], int(found["rows"]), least)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is made again


def calibrate(model: Model, tokenizer: Tokenizer, task: Task, dataset: Dataset) -> Calibration:
    """Asks the model about every watching row."""
    rows = list(dataset.rows("watching"))
    examples = [task.asked(row) for row in rows]
    if model.head == "number":
        told = [row.value for row in rows]
        given = numbers(model, tokenizer, examples)
        errors = [number - value for number, value in zip(given, told, strict=True) if value is not None]
        found = reach(errors, SHARE)
        return Calibration(reach=found if math.isfinite(found) else None, rows=len(errors))
    if model.head == "labels" and dataset.columns.sign:
        shares = list(label_shares(model, tokenizer, examples))
        truth = [[label in row.labels for label in model.labels] for row in rows]
        return Calibration(thresholds=thresholds(shares, truth), rows=len(rows))
    if model.head == "labels":
        return _least(model, tokenizer, examples, [row.target for row in rows])
    return NOT_CALIBRATED


def _least(model: Model, tokenizer: Tokenizer, examples: Sequence[Example], truth: Sequence[str]) -> Calibration:
    """From which share on a label counts: as it was chosen, or as the watching rows of none of these tell."""
    if model.config.task.unsure_below is not None:
        return Calibration(least=model.config.task.unsure_below)
    if not none_label(model.labels):
        return NOT_CALIBRATED
    found = rejecting(model.labels, list(label_shares(model, tokenizer, examples)), truth)
    return NOT_CALIBRATED if found is None else Calibration(rows=len(truth), least=found.threshold)


def reach(errors: Sequence[float], share: float) -> float:
    """How far a range on either side of a given number reaches so that at least `share` of new rows lie in it, given
    the errors of rows that were not learned from (split conformal prediction; Lei and others 2018). Infinite where
    there are too few of them to say."""
    ordered = sorted(abs(error) for error in errors)
    place = math.ceil((len(ordered) + 1) * share)
    return ordered[place - 1] if place <= len(ordered) else math.inf
