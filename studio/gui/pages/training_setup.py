"""Before training: how long and how carefully, what that will cost, and which examples to watch.

In: a Session. Out: choices through the session. Knows nothing of training itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.config.automatic import resolved
from studio.config.edit import entry
from studio.config.goals import GOALS
from studio.counting import counted
from studio.gui import words
from studio.gui.form import Form
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.prompt_box import ExampleBox
from studio.gui.widgets.segmented import Segmented
from studio.gui.widgets.text import Text
from studio.gui.work.preparing import MOST_PROMPTS

if TYPE_CHECKING:
    from studio.models.fit import Forecast

PRESET = "training.preset"
SIDE, NARROW_SIDE = 356, 300
NARROW = 800  # pixels: below this width the form needs some of the side's


class TrainingSetup(QWidget):
    """The form at the left; forecast and examples at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = FlowScroll()
        left.add(self._preset_card())
        left.add(self._form_card())
        self._right = right = FlowScroll(width=SIDE)
        self.trouble = ProblemPanel()
        right.add(self.trouble)
        right.add(self._forecast_card())
        right.add(self._prompts_card())
        row.addWidget(left, 1)
        row.addWidget(right)
        session.changed.connect(self._refresh)
        session.saving.connect(self._hand_over)
        self._refresh(frozenset({"config", "dataset", "facts", "project"}))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.set_width(NARROW_SIDE if self.width() < NARROW else SIDE)

    def _preset_card(self) -> Card:
        card = Card(self.tr("How carefully?"))
        preset = entry(PRESET)
        self.preset = Segmented(preset.words.title, preset.words.choices)
        self.preset.chosen.connect(self._choose_preset)
        self.preset_words = Text(tone="soft", wrap=True)
        card.add(self.preset)
        card.add(self.preset_words)
        return card

    def _form_card(self) -> Card:
        card = Card(self.tr("Settings"))
        card.add(
            Text(
                self.tr("All of them have a sensible automatic value. Change only what you know."),
                tone="soft",
                wrap=True,
            )
        )
        card.body.addSpacing(6)
        self.form = Form(self.session, ("training", "task", "model", "data"), without=(PRESET,))
        card.add(self.form)
        return card

    def _forecast_card(self) -> Card:
        card = Card(self.tr("What it will take"))
        self.forecast_words = Text(tone="soft", wrap=True)
        self.forecast_pairs = KeyValueList()
        card.add(self.forecast_words)
        card.add(self.forecast_pairs)
        return card

    def _prompts_card(self) -> Card:
        card = Card(self.tr("Your own examples"))
        card.add(Text(self.tr("See over time what the model makes of these."), tone="soft", wrap=True))
        self.prompts = [ExampleBox() for _ in range(MOST_PROMPTS)]
        for number, box in enumerate(self.prompts, start=1):
            box.asked.setAccessibleName(self.tr("Example {n}").format(n=number))
            box.source.setAccessibleName(self.tr("Text of example {n}").format(n=number))
            box.source.setPlaceholderText(self.tr("The text in which the answer stands"))
            box.finished.connect(self._take_prompts)
            card.add(box)
        return card

    def _choose_preset(self, value: str) -> None:
        self.session.change(PRESET, value)

    def _hand_over(self) -> None:
        if any(box.is_written for box in self.prompts):
            self._take_prompts()

    def _take_prompts(self) -> None:
        written = tuple(box.text() for box in self.prompts)
        for box in self.prompts:
            box.take()
        if tuple(text for text in written if text.strip()) != self.session.prompts:
            self.session.set_prompts(written)

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"config", "facts", "dataset", "project", "run"}:
            self.preset.set_value(self.session.config.training.preset)
            self.preset_words.setText(self._about_preset())
            self._look_again()
        if topics & {"dataset", "project"}:
            self._show_prompts(over_typing="opened" in topics)

    def _about_preset(self) -> str:
        chosen = resolved(self.session.config, self.session.automatic)
        if chosen.training.approach == "frozen":
            return self.tr("In seconds: the model stays as it came, and only its last layer is fitted to your rows.")
        return {
            "quick": self.tr("A first look at what is possible, in the shortest time."),
            "balanced": self.tr(
                "What fits most tables: enough rounds, and it ends early when it stops getting better."
            ),
            "thorough": self.tr("More rounds and more patience, for the last few points."),
        }[self.session.config.training.preset]

    def _show_prompts(self, *, over_typing: bool) -> None:
        prompts, goal = self.session.prompts, GOALS[self.session.config.task.kind]
        is_parted = "context" in goal.roles
        another = self.tr("Another beginning") if goal.whole_text else self.tr("Another text")
        for number, box in enumerate(self.prompts):
            box.set_parted(is_parted)
            box.asked.setPlaceholderText(self.tr("Another question") if is_parted else another)
            text = prompts[number] if number < len(prompts) else ""
            if (over_typing or not box.is_typed_in) and box.text() != text:
                box.set_text(text)

    def _look_again(self) -> None:
        session = self.session
        if session.trouble is not None:
            self.trouble.show_problem(session.trouble)
        else:
            self.trouble.clear()
        self.show_forecast(session.forecast)

    def show_forecast(self, forecast: Forecast | None) -> None:
        """Tell time, memory, disk and rows of a run; None while they are not known."""
        session = self.session
        if forecast is None or session.dataset is None:
            waiting = self.tr("Looking at the rows and the model…")
            self.forecast_words.setText("" if session.trouble is not None else waiting)
            self.forecast_pairs.set([])
            return
        self.forecast_words.setText(forecast.sentence)
        self.forecast_words.set_tone("soft" if forecast.fits else "warn")
        one, many = self.tr("{count} row"), self.tr("{count} rows")
        parts = {part: counted(len(rows), one, many) for part, rows in session.dataset.parts.items()}
        self.forecast_pairs.set(
            [
                (self.tr("Memory"), words.memory(forecast.memory, forecast.room)),
                (self.tr("Disk"), self.tr("up to {size}").format(size=words.size(forecast.disk))),
                (self.tr("To learn"), parts["training"]),
                (self.tr("To watch"), parts["watching"]),
                (self.tr("To judge"), parts["test"]),
            ]
        )
