"""What the watching rows say about how a model's outputs are to be read. (torch)

In: a tuned Model and the rows that watched its training. Out: a Calibration (runs/calibration.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from studio.data.parts.dataset import Dataset
from studio.generation.labels import label_shares, numbers
from studio.generation.ranges import reach, scale_of
from studio.generation.rejecting import rejecting
from studio.generation.thresholds import thresholds
from studio.models.load import Model
from studio.runs.calibration import NOT_CALIBRATED, Calibration, keep_calibration, read_calibration
from studio.tasks.example import Example
from studio.tasks.none_of_these import none_label
from studio.tasks.task import Task
from studio.tokens.tokenizer import Tokenizer


def calibrated(folder: Path, model: Model, tokenizer: Tokenizer, task: Task, dataset: Dataset) -> Calibration:
    """The Calibration of the run's best checkpoint, which `model` is: as it was kept, or made now (seconds) and
    kept."""
    kept = read_calibration(folder)
    if kept is not None:
        return kept
    made = calibrate(model, tokenizer, task, dataset)
    if made != NOT_CALIBRATED:
        keep_calibration(folder, made)
    return made


def calibrate(model: Model, tokenizer: Tokenizer, task: Task, dataset: Dataset) -> Calibration:
    """Asks the model about every watching row."""
    if model.head not in ("labels", "number"):
        return NOT_CALIBRATED
    rows = list(dataset.rows("watching"))
    examples = [task.asked(row) for row in rows]
    if model.head == "number":
        told = [row.value for row in rows]
        given = numbers(model, tokenizer, examples)
        errors = [number - value for number, value in zip(given, told, strict=True) if value is not None]
        found = reach(errors)
        scale = scale_of(row.value for row in dataset.rows("training"))
        ends = None if scale is None else (scale.low, scale.high)
        return Calibration(reach=found if math.isfinite(found) else None, rows=len(errors), scale=ends)
    if model.config.task.has_several:
        shares = list(label_shares(model, tokenizer, examples))
        truth = [[label in row.labels for label in model.labels] for row in rows]
        return Calibration(thresholds=thresholds(shares, truth), rows=len(rows))
    return _least(model, tokenizer, examples, [row.target for row in rows])


def _least(model: Model, tokenizer: Tokenizer, examples: Sequence[Example], truth: Sequence[str]) -> Calibration:
    """From which share on a label counts: as it was chosen, or as the watching rows of none of these tell."""
    if model.config.task.unsure_below is not None:
        return Calibration(least=model.config.task.unsure_below)
    if not none_label(model.labels):
        return NOT_CALIBRATED
    found = rejecting(model.labels, list(label_shares(model, tokenizer, examples)), truth)
    return NOT_CALIBRATED if found is None else Calibration(rows=len(truth), least=found.threshold)
