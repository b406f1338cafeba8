"""What long work says while it runs: frozen records of plain values, one after the other.

In: nothing. Out: the events that training, importing, judging and exporting yield. They hold no tensor, no
widget and no path object, so that each one is a line of JSON, and a recorded file replays into the same plot.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, fields
from typing import Literal


@dataclass(frozen=True)
class Event:
    """Anything that happened. `time` is seconds since the epoch."""

    time: float = field(default_factory=time.time, kw_only=True)


@dataclass(frozen=True)
class Progressed(Event):
    """Preparing or finishing: `what` in words ("Reading the file"), `done` of `total` (0 = not known), which are things
    to count, or a `unit`. It `is_midway` where a run goes on meanwhile, and no other one begins."""

    what: str
    done: int = 0
    total: int = 0
    unit: Literal["", "bytes"] = ""
    is_midway: bool = False


@dataclass(frozen=True)
class Noted(Event):
    """A plain-language line for "What happened": a decision and its reason."""

    text: str


@dataclass(frozen=True)
class Resolved(Event):
    """An open setting was decided while starting: its dotted `path`, the plain `value`, and the `reason` as one
    short phrase. The run's resolved settings take it over, so that a continued run uses the same."""

    path: str
    value: str | int | float | bool
    reason: str


@dataclass(frozen=True)
class Warned(Event):
    """The work goes on, but the user should know: what, and what to do."""

    what: str
    fix: str = ""


@dataclass(frozen=True)
class Imported(Event):
    """A file was read into the snapshot in `folder`: `rows` kept, `rejected` set aside."""

    folder: str
    rows: int
    rejected: int


@dataclass(frozen=True)
class Started(Event):
    """Training begins (or goes on, when `step` > 0). `score_name` names what Validated.score measures, `score_unit` is
    "%" where it is a share and "" where it is a number of its own. `best_by` says whether the best look is that with
    the best score or with the lowest loss; `watching` is how many rows were measured (0 = not known)."""

    run: str
    step: int
    total_steps: int
    rows: int
    epochs: float
    device: str
    precision: str
    model: str
    method: str
    parameters: int
    trainable: int
    score_name: str
    threads: int
    score_unit: str = "%"
    best_by: str = "score"
    watching: int = 0


@dataclass(frozen=True)
class Stepped(Event):
    """One optimizer step. `loss` is the mean over the step's learned tokens (or rows); `tokens` and `seconds`
    are of this step; `eta` is seconds left; `memory` is bytes in use."""

    step: int
    epoch: float
    loss: float
    learning_rate: float
    grad_norm: float
    tokens: int
    seconds: float
    memory: int
    eta: float


@dataclass(frozen=True)
class Validated(Event):
    """The watching rows were scored. `score` is a share in 0..1 (accuracy, or chrF/100), or an agreement in -1..1."""

    step: int
    loss: float
    score: float
    is_best: bool


@dataclass(frozen=True)
class Sampled(Event):
    """The model's answer to one of the user's own prompts. `confidence` is 0..1 for labels, None for text."""

    step: int
    prompt: str
    answer: str
    confidence: float | None = None


@dataclass(frozen=True)
class Saved(Event):
    """A whole checkpoint lies in `folder` (its name inside the run)."""

    step: int
    folder: str
    is_best: bool


@dataclass(frozen=True)
class Paused(Event):
    """The loop waits; nothing is lost."""

    step: int


@dataclass(frozen=True)
class Continued(Event):
    """The loop goes on after a pause."""

    step: int


@dataclass(frozen=True)
class Stopped(Event):
    """The user stopped; the best checkpoint up to here is kept."""

    step: int
    best_step: int


@dataclass(frozen=True)
class Finished(Event):
    """Training ended by itself. `reason` in words ("All 4 rounds are done", "None of 5 looks was surely better")."""

    step: int
    best_step: int
    reason: str


@dataclass(frozen=True)
class Failed(Event):
    """The work ended with a Problem, told in its fields; the last line of a failed run's record."""

    what: str
    why: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Judged(Event):
    """The report is written to `file`; `sentence` is its one plain sentence."""

    file: str
    sentence: str
    headline: str


@dataclass(frozen=True)
class Predicted(Event):
    """A file of rows was answered into the table `file`."""

    file: str
    rows: int


@dataclass(frozen=True)
class Exported(Event):
    """Something that others can open lies at `path` (a folder), whole, `size` bytes."""

    path: str
    format: str
    size: int


@dataclass(frozen=True)
class Verified(Event):
    """The export was reopened by another program and asked `total` questions; `right` gave the same answer.
    `difference` describes the first one that did not, else it is empty."""

    path: str
    right: int
    total: int
    difference: str = ""


@dataclass(frozen=True)
class Found(Event):
    """A model that the hub has under a name that was looked for: `hub` its id, `kind` "encoder" or "causal" ("" where
    it is neither), `type` as its config calls it, `parameters` counted, `bytes` of what would be fetched, `languages`
    as codes. `refused` says in words why it cannot be used here, "" where it can."""

    hub: str
    kind: str
    type: str
    parameters: int
    bytes: int
    license: str
    languages: tuple[str, ...]
    gated: bool
    refused: str


_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


def to_json(event: Event) -> str:
    """One line of JSON: the event's kind under "event", then its fields."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False)


def from_json(line: str) -> Event:
    """The event of one line. Fields of newer versions are ignored. Raises ValueError for an unknown kind."""
    values = json.loads(line)
    kind = _KINDS.get(values.pop("event", ""))
    if kind is None:
        raise ValueError("not an event")
    known = {f.name for f in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})
