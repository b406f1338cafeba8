"""A History: what a run has shown so far, as lists that a plot can draw.

In: events, one by one, or a run's recorded file. Out: steps and their losses, looks, samples, checkpoints,
the log, and how the run stands. Knows nothing of windows, models or what lies in a checkpoint.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from studio.config import edit
from studio.events import (
    Continued,
    Event,
    Failed,
    Finished,
    Noted,
    Paused,
    Progressed,
    Resolved,
    Sampled,
    Saved,
    Started,
    Stepped,
    Stopped,
    Validated,
    Warned,
    from_json,
)
from studio.runs.run import EVENTS_FILE

State = Literal["waiting", "running", "paused", "stopped", "finished", "failed"]
Severity = Literal["note", "warning", "problem"]

_SMOOTHING = 0.9
_HEAD_START = {"A quick first fit", "Fitting the head"}  # what training/head_start.py says of itself, and said


class Line(NamedTuple):
    """One line of "What happened": when (seconds since the epoch), how serious, and the words."""

    time: float
    severity: Severity
    text: str


@dataclass
class History:
    """Lists `steps` to `memory` (bytes) have one entry per step, `seconds` and `tokens` being of that step;
    `looks`, `samples` and `saved` hold their events in order; `eta` is seconds left, nan while not known; `worked` the
    seconds on the clock in which it got ready, learned and looked, pauses and interruptions left out. `stages` are
    those of the latest preparation, each as it stood last, and `is_preparing` says whether it goes on; `head_start`
    whether the last layer was fitted before the first step; `midway` is what goes on between two steps, if that takes
    long; `number_format` tells in what numbers it computes."""

    started: Started | None = None
    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    smoothed: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    grad_norms: list[float] = field(default_factory=list)
    epochs: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    looks: list[Validated] = field(default_factory=list)
    samples: list[Sampled] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    state: State = "waiting"
    eta: float = math.nan
    worked: float = 0.0
    ended: Finished | Stopped | Failed | None = None
    stages: list[Progressed] = field(default_factory=list)
    is_preparing: bool = False
    head_start: bool = False
    midway: Progressed | None = None
    number_format: str = ""
    _average: float = 0.0
    _at: float = math.nan  # when the last event came
    _decided: dict[str, Line] = field(default_factory=dict)  # by the settings' paths

    @classmethod
    def of(cls, events: Iterable[Event]) -> History:
        """The history of these events."""
        history = cls()
        for event in events:
            history.add(event)
        return history

    @property
    def step(self) -> int:
        """The last step that was made; 0 before the first."""
        return self.steps[-1] if self.steps else (self.started.step if self.started else 0)

    @property
    def best(self) -> Validated | None:
        """The look that the kept model comes from; None where it was kept without one, after an early stop."""
        best = next((look for look in reversed(self.looks) if look.is_best), None)
        if best is not None and isinstance(self.ended, Stopped) and self.ended.best_step != best.step:
            return None
        return best

    @property
    def goes_by_loss(self) -> bool:
        """Whether the look with the lowest loss is kept, whatever its score."""
        return self.started is not None and self.started.best_by == "loss"

    @property
    def score_unit(self) -> str:
        """ "%" where the score is a share, "" where it is a number of its own."""
        return self.started.score_unit if self.started is not None else "%"

    @property
    def kept_unmeasured(self) -> int:
        """The step whose model was kept without a look at it, because of a stop before the second look; 0 where there
        was a look."""
        stopped = self.ended if isinstance(self.ended, Stopped) else None
        if stopped is None or any(look.step == stopped.best_step for look in self.looks):
            return 0
        return stopped.best_step

    @property
    def is_one_fit(self) -> bool:
        """Whether the last layer is fitted and that is all: a run without steps."""
        return self.started is not None and self.started.total_steps == 0

    def speed(self, steps: int = 10) -> float:
        """Tokens a second over the last `steps` steps; 0 before the first."""
        seconds = sum(self.seconds[-steps:])
        return sum(self.tokens[-steps:]) / seconds if seconds > 0 else 0.0

    def add(self, event: Event) -> None:
        """Take one more event in. Kinds that say nothing about training leave everything as it is."""
        self._count_time(event)
        self.midway = event if isinstance(event, Progressed) and event.is_midway else None
        match event:
            case Progressed(is_midway=False):
                self._prepare(event)
            case Started():
                self._start(event)
            case Stepped():
                self._step(event)
            case Validated():
                self.looks.append(event)
            case Sampled():
                self.samples.append(event)
            case Saved():
                self.saved.append(event)
            case Paused():
                self.state = "paused"
                self._note(event, "note", f"Paused after step {event.step:,}.")
            case Continued():
                self.state = "running"
                self._note(event, "note", f"Continued after step {event.step:,}.")
            case Noted(text=text):
                self._note(event, "note", text)
            case Resolved(path="training.precision"):
                self.number_format = _number_format(event)
            case Resolved():
                self._decide(event)
            case Warned():
                self._note(event, "warning", f"{event.what} {event.fix}".strip())
            case Stopped() | Finished() | Failed():
                self._end(event)

    def _count_time(self, event: Event) -> None:
        """Add the time since the last event, unless this one begins another sitting or ends a pause."""
        begins = isinstance(event, Started) or (isinstance(event, Progressed) and not event.is_midway)
        is_anew = begins and self.started is not None and not self.is_preparing
        if not (is_anew or self.ended is not None or self.state == "paused" or math.isnan(self._at)):
            self.worked += max(0.0, event.time - self._at)
        self._at = event.time

    def _prepare(self, event: Progressed) -> None:
        if not self.is_preparing:
            self.stages = []
        self.is_preparing = True
        self.stages = [stage for stage in self.stages if _name(stage) != _name(event)] + [event]
        self.head_start = self.head_start or event.what in _HEAD_START

    def _start(self, event: Started) -> None:
        """A run that goes on continues from a checkpoint: what came after that is made again."""
        keep = bisect_right(self.steps, event.step)
        per_step = (self.steps, self.losses, self.learning_rates, self.grad_norms, self.epochs)
        for series in (*per_step, self.seconds, self.tokens, self.memory):
            del series[keep:]
        losses, self.losses, self.smoothed, self._average = self.losses, [], [], 0.0
        for loss in losses:
            self._add_loss(loss)
        self.looks = [look for look in self.looks if look.step <= event.step]
        self.samples = [sample for sample in self.samples if sample.step <= event.step]
        self.saved = [saved for saved in self.saved if saved.step <= event.step]
        if event.step == 0 and not self.saved:  # from the very start, with the first look still to come
            self.looks, self.samples = [], []
        self.started, self.state, self.ended, self.is_preparing = event, "running", None, False
        words = f"Training went on after step {event.step:,}." if event.step else "Training began."
        self._note(event, "note", words)

    def _step(self, event: Stepped) -> None:
        self.state = "running"
        self.steps.append(event.step)
        self._add_loss(event.loss)
        self.learning_rates.append(event.learning_rate)
        self.grad_norms.append(event.grad_norm)
        self.epochs.append(event.epoch)
        self.seconds.append(event.seconds)
        self.tokens.append(event.tokens)
        self.memory.append(event.memory)
        self.eta = event.eta

    def _add_loss(self, loss: float) -> None:
        """A running average over about ten steps, corrected for its start at zero."""
        self.losses.append(loss)
        self._average = _SMOOTHING * self._average + (1 - _SMOOTHING) * loss
        self.smoothed.append(self._average / (1 - _SMOOTHING ** len(self.losses)))

    def _end(self, event: Finished | Stopped | Failed) -> None:
        self.ended, self.is_preparing = event, False
        match event:
            case Finished(reason=reason):
                self.state = "finished"
                why = ", which has the lowest loss" if self.goes_by_loss else ""
                kept = "" if self.is_one_fit else f" The model {self._moment(event.best_step)} is kept{why}."
                self._note(event, "note", f"{reason}.{kept}")
            case Stopped(step=0):
                self.state = "stopped"
                self._note(event, "note", "Stopped before the first step. Nothing was learned, and nothing is lost.")
            case Stopped():
                self.state = "stopped"
                kept = f"The best model up to here is that {self._moment(event.best_step)}."
                if self.kept_unmeasured:
                    kept = "The model is kept as this step left it; how good it is was not measured yet."
                self._note(event, "note", f"Stopped after step {event.step:,}. {kept}")
            case Failed():
                self.state = "failed"
                self._note(event, "problem", " ".join(p for p in (event.what, event.why, event.fix) if p))

    def _moment(self, step: int) -> str:
        if step:
            return f"of step {step:,}"
        return "after the quick first fit" if self.head_start else "from before it learned"

    def _decide(self, event: Resolved) -> None:
        """Of what is decided anew at each look, the last word alone stays."""
        former = self._decided.get(event.path)
        self.notes = [line for line in self.notes if line is not former]
        self._note(event, "note", _decision(event))
        self._decided[event.path] = self.notes[-1]

    def _note(self, event: Event, severity: Severity, text: str) -> None:
        self.notes.append(Line(event.time, severity, text))


def _name(stage: Progressed) -> str:
    return stage.what.rstrip("…")


def _number_format(event: Resolved) -> str:
    if event.value == "bf16":
        return "It computes with shorter numbers (16-bit), which is faster here."
    return "It computes with full-length numbers (32-bit); shorter ones are no faster here."


def _decision(event: Resolved) -> str:
    words = edit.entry(event.path).words
    if isinstance(event.value, float):  # its reason says it, rounded
        return f"{words.title}: {event.reason}."
    return f"{words.title}: {dict(words.choices).get(str(event.value), event.value)} ({event.reason})."


def replay(folder: Path) -> History:
    """The history of the run in `folder`, empty if nothing was recorded. A last line that was torn when the
    program was killed is left out; other damaged lines are counted in a warning."""
    file = folder / EVENTS_FILE
    if not file.exists():
        return History()
    history, damaged = History(), 0
    *lines, last = file.read_bytes().split(b"\n")
    for number, line in enumerate([*lines, last]):
        try:
            history.add(from_json(line.decode("utf-8")))
        except (ValueError, TypeError):
            damaged += number < len(lines)
    if damaged:
        history.add(Warned(f"{damaged:,} lines of this run's record cannot be read; the curves may have gaps."))
    return history
