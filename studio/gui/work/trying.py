"""The tuned model at use: it answers, sorts, fills in a file, is judged and exported.

In: the folder of a run. Out: pieces of answers (`SidePiece`), labels (`Sorted`), numbers (`Rated`), places in a text
(`Located`), or the flow's events.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.events import Event, Noted, Progressed, Warned
from studio.generation.ranges import Scale, ends

if TYPE_CHECKING:
    from studio.config.generation import GenerationConfig
    from studio.data.reading.options import ReadOptions
    from studio.flow import Opened
    from studio.generation.answer import Piece
    from studio.generation.chances import Chance
    from studio.generation.spans import Answered
    from studio.gui.job import Control
    from studio.tasks.example import Example, Turn

    Question = tuple[Turn, ...] | Example
    Begun = tuple[tuple[Turn, ...], tuple[int, ...]]  # a beginning, and the tokens that were written behind it

Side = Literal["tuned", "base"]


class Warm:
    """The tuned model that was tried last, kept in memory until another one is needed."""

    def __init__(self) -> None:
        self._held: tuple[Path, Opened] | None = None  # the checkpoint, and what came of it

    def open(self, folder: Path) -> Generator[Progressed, None, Opened]:
        """The best model of the run in `folder`; seconds where it is not in memory yet. Who got it keeps it, whatever
        is dropped meanwhile."""
        from studio.checkpoints import read

        best = read.best(folder)
        held = self._held
        if held is None or held[0] != best:
            yield Progressed("Loading the model")
            from studio import flow

            held = self._held = None  # the old one goes before the new one comes
            held = self._held = (best, flow.open_tuned(folder))
        return held[1]

    def drop(self) -> None:
        """Free the memory."""
        self._held = None


@dataclass(frozen=True)
class SidePiece:
    """One more piece of an answer, by the tuned model or the base model."""

    side: Side
    piece: Piece


@dataclass(frozen=True)
class Shortened:
    """The text that is asked about is too long to be read whole."""


@dataclass(frozen=True)
class Weighed:
    """How likely each token of a text was for one side, from its second token on."""

    side: Side
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class Sorted:
    """Every label with its share, likeliest first, and the labels that the text gets; where it can have several, also
    from which share on each label is named. `notices` say how a text was read that is too long."""

    text: str
    shares: dict[str, float]
    named: tuple[str, ...]
    limits: dict[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def is_unsure(self) -> bool:
        """Whether the likeliest label is not likely enough to count."""
        return not self.limits and self.named != tuple(self.shares)[:1]


@dataclass(frozen=True)
class Rated:
    """The number that a text gets, the range that goes with it (None where too few rows tell), how many rows tell it,
    and the scale on which it lies where the numbers have one. `notices` say how a text was read that is too long."""

    text: str
    value: float
    range: tuple[float, float] | None
    rows: int
    notices: tuple[str, ...] = ()
    scale: Scale | None = None


@dataclass(frozen=True)
class Located:
    """What was found in a text for a question."""

    question: str
    text: str
    found: Answered


def notice_text(event: Event) -> str:
    """What a notice says, for people."""
    if isinstance(event, Warned):
        return f"{event.what} {event.fix}".strip()
    return event.text if isinstance(event, Noted) else ""


def answer(
    control: Control,
    warm: Warm,
    folder: Path,
    questions: dict[Side, Question],
    generation: GenerationConfig,
) -> Iterator[object]:
    """Let each side answer its conversation, or its question about a text, one after the other."""
    from studio import flow

    opened = yield from warm.open(folder)
    for side, question in questions.items():
        if isinstance(question, tuple):
            turns = question
        else:
            example = flow.asked(opened, question)
            turns = example.turns
            if example.source is not None and example.source.is_shortened:
                yield Shortened()
        for piece in flow.chat(opened, turns, generation, untouched=side == "base", should_stop=control.should_stop):
            yield SidePiece(side, piece)


def weigh(control: Control, warm: Warm, folder: Path, texts: dict[Side, Begun]) -> Iterator[object]:
    """Say for each side how likely each token was, of its beginning and of what it wrote."""
    from studio import flow

    opened = yield from warm.open(folder)
    for side, (turns, tokens) in texts.items():
        if control.should_stop():
            return
        yield Weighed(side, flow.weigh(opened, turns, tokens, untouched=side == "base"))


def read_text(_: Control, warm: Warm, folder: Path, text: str) -> Iterator[object]:
    """Let the tuned model read one text and say which labels, or which number, it gets."""
    from studio import flow

    opened = yield from warm.open(folder)
    known, notices = opened.calibration, tuple(map(notice_text, flow.notices(opened, text)))
    if opened.model.head == "number":
        for value in flow.rate_texts(opened, [text]):
            scale = Scale(*known.scale) if known.scale else None
            range_ = None if known.reach is None else ends(value, known.reach, scale)
            yield Rated(text, value, range_, known.rows, notices, scale)
        return
    limits = dict(zip(opened.run.labels, known.thresholds, strict=True)) if known.thresholds else {}
    for shares in flow.sort_texts(opened, [text]):
        yield Sorted(text, shares, opened.labels_of(shares), limits, notices)


def find_answer(_: Control, warm: Warm, folder: Path, question: str, text: str) -> Iterator[object]:
    """Let the tuned model find the answer to one question."""
    from studio import flow

    opened = yield from warm.open(folder)
    yield Located(question, text, flow.find_answer(opened, question, text))


def predict(
    control: Control, folder: Path, file: Path, out: Path, options: ReadOptions | None = None
) -> Iterator[object]:
    """Answer every row of a file into a new table."""
    from studio import flow
    from studio.data.reading.options import ReadOptions

    yield from flow.predict(folder, file, out, options=options or ReadOptions(), should_stop=control.should_stop)


def judge(control: Control, folder: Path) -> Iterator[object]:
    """Write the run's report, on the rows that were kept for that when the run was made."""
    from studio import flow

    yield from flow.judge(folder, should_stop=control.should_stop)


def export(control: Control, folder: Path, to: str, out: Path) -> Iterator[object]:
    """Write the model for other programs, prove it, and note both in the run."""
    from studio import flow
    from studio.runs.exports import note_exports

    yield from note_exports(folder, flow.export(folder, to=to, out=out, should_stop=control.should_stop))
