"""The user's own examples on the Try page: a press on one asks the model.

In: a Session with a run. Out: `chosen` with the whole example. What a button says of it is for the page to tell.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

_SHORT = 44  # letters on a button


class OwnExamples(Card):
    """`told` gives what stands on an example's button, "" for one that cannot be asked; away where there is none."""

    chosen = Signal(str)

    def __init__(self, session: Session, about: str, *, parent: QWidget, told: Callable[[str], str] = str) -> None:
        super().__init__(self.tr("Try one of your own"), parent=parent)
        self._session, self._told = session, told
        self.buttons: list[Button] = []
        self.add(Text(about, tone="soft", wrap=True))
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.add(self._column)
        session.changed.connect(self._changed)
        self._show()

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "dataset", "project"}:
            self._show()

    def _show(self) -> None:
        for button in self.buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        run = self._session.run
        asked = [(prompt, self._told(prompt)) for prompt in (run.prompts if run is not None else ())]
        self.buttons = [self._button(prompt, line) for prompt, line in asked if line]
        for button in self.buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(self.buttons))

    def _button(self, prompt: str, told: str) -> Button:
        line = short(told)
        button = Button(line, "small", name=" ".join(told.split()), clicked=lambda: self.chosen.emit(prompt))
        button.setToolTip(prompt)
        return button


def short(text: str, letters: int = _SHORT) -> str:
    """A text on one line, cut after so many letters."""
    line = " ".join(text.split())
    return line if len(line) <= letters else line[: letters - 1] + "…"
