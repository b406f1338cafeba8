"""One of the user's own examples over time: what the model said before, on the way, and now.

In: a History. Out: four small cards, and arrows to the next example. Knows nothing of models.
"""

from __future__ import annotations

import re
from itertools import pairwise
from unicodedata import category

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.events import Sampled
from studio.gui import theme, words
from studio.gui.widgets.button import IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text
from studio.runs.history import History

_LONG_RUN = re.compile(r"\S{25,}")  # no word: its lines may end anywhere, or one frame would take the others' room
_JOINER, _BELONGS = "\u200d", ("Mn", "Mc", "Me", "Cf", "Sk")  # Unicode's marks, joiners and modifiers
FRAMES = 4
SHORT = 160  # characters of an answer that a frame shows


def _breakable(run: str) -> str:
    """The same text, to be broken before any sign that does not belong to the one before it, as an accent does."""
    parts = [
        sign if before == _JOINER or category(sign) in _BELONGS else f"\u200b{sign}" for before, sign in pairwise(run)
    ]
    return run[0] + "".join(parts)


class Frame(Card):
    """What the model said at one moment."""

    def __init__(self) -> None:
        super().__init__(kind="raised", padding=14)
        self.body.setSpacing(4)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.moment, self.answer = Text(kind="secondary", tone="soft"), Text(wrap=True)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._font = theme.font()
        self.add(self.moment)
        self.add(self.answer, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.answer.setFont(self._font)  # the style sheet, applied at the first show, brings the first font back

    def show_sample(self, moment: str, sample: Sampled, *, is_last: bool) -> None:
        """Show what was said; the last frame is set in bold where the answer is a label."""
        said = " ".join(sample.answer.split()) or self.tr("(nothing)")
        if sample.confidence is not None:
            said = words.unbroken(f"{said} {words.whole_percent(sample.confidence)}")
        self.moment.setText(moment)
        short = said if len(said) <= SHORT else said[: SHORT - 1].rstrip() + "…"
        self.answer.setText(_LONG_RUN.sub(lambda run: _breakable(run.group()), short))
        self.answer.setToolTip(sample.answer)
        self._font = theme.font("strong" if is_last and sample.confidence is not None else "body")
        self.answer.setFont(self._font)
        self.setAccessibleName(f"{moment}: {said}")


class FilmStrip(Card):
    """Hidden while there is nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        trailing = QWidget()
        row = QHBoxLayout(trailing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        super().__init__(self.tr("Your own example, over time"), trailing=trailing, parent=parent)
        self.prompt = Elided("", tone="soft", at=Qt.TextElideMode.ElideRight)  # gives way to the title
        self.count = Text(tone="soft", kind="secondary")
        self.back = IconButton("chevron-left", self.tr("Example before"), clicked=lambda: self._turn(-1))
        self.next = IconButton("chevron-right", self.tr("Next example"), clicked=lambda: self._turn(1))
        for widget in (self.prompt, self.back, self.count, self.next):
            row.addWidget(widget)
        frames = QHBoxLayout()
        frames.setSpacing(10)
        self.frames = [Frame() for _ in range(FRAMES)]
        for frame in self.frames:
            frames.addWidget(frame, 1)
        self.add(frames, 1)
        self._samples: dict[str, list[Sampled]] = {}
        self._chosen = 0
        self._is_on = self._head_start = self._is_one_fit = False
        self.hide()

    def show_history(self, history: History, *, is_on: bool = False) -> None:
        """Show the samples so far; while the run `is_on`, the last one is how the model is now."""
        self._samples = {}
        for sample in history.samples:
            self._samples.setdefault(sample.prompt, []).append(sample)
        self._is_on, self._head_start, self._is_one_fit = is_on, history.head_start, history.is_one_fit
        self.setVisible(bool(self._samples))
        if self._samples:
            self._show()

    def _turn(self, by: int) -> None:
        self._chosen = (self._chosen + by) % len(self._samples)
        self._show()

    def _show(self) -> None:
        prompts = list(self._samples)
        self._chosen = min(self._chosen, len(prompts) - 1)
        prompt = prompts[self._chosen]
        several = len(prompts) > 1
        for widget in (self.back, self.next, self.count):
            widget.setVisible(several)
        self.count.setText(f"{self._chosen + 1}/{len(prompts)}")
        self.prompt.setText(f"“{' '.join(prompt.split())}”")
        samples = _spread(self._samples[prompt])
        for number, frame in enumerate(self.frames):
            frame.setVisible(number < len(samples))
            if number < len(samples):
                is_last = number == len(samples) - 1 and number > 0
                frame.show_sample(self._moment(samples[number], is_last=is_last), samples[number], is_last=is_last)
                frame.moment.setToolTip(self._about_start() if samples[number].step == 0 else "")

    def _about_start(self) -> str:
        if not self._head_start or self._is_one_fit:
            return ""
        return self.tr("In a few seconds the model's last layer was fitted to your rows; now the model itself learns.")

    def _moment(self, sample: Sampled, *, is_last: bool) -> str:
        if sample.step == 0:
            # What a classifier says before its last layer is fitted would mean nothing.
            return self.tr("quick first fit") if self._head_start else self.tr("before")
        if is_last and self._is_on:
            return self.tr("now")
        return self.tr("step {step}").format(step=f"{sample.step:,}")


def _spread(samples: list[Sampled]) -> list[Sampled]:
    """The first, the last, and two between them: early ones, when most changes."""
    if len(samples) <= FRAMES:
        return samples
    last = len(samples) - 1
    return [samples[n] for n in sorted({0, max(1, last // 6), max(2, last // 3), last})]
