"""A segmented control: a few choices side by side, one of them taken.

In: (value, words) pairs. Out: a `chosen` signal with the value.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.widgets.text import set_property


class Segmented(QFrame):
    """`name` is what a screen reader says; `value` is the choice taken; arrow keys move along."""

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str]], value: str = "", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segmented")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for key, words in choices:
            row.addWidget(self._segment(key, words), 1)
        self.set_value(value or (choices[0][0] if choices else ""))

    def _segment(self, key: str, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setCheckable(True)
        button.setFixedHeight(30)
        button.setFont(theme.font("strong"))
        button.setAccessibleName(words)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_property(button, "kind", "segment")
        button.clicked.connect(lambda _checked=False: self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        return button

    @property
    def value(self) -> str:
        """The value of the choice taken."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Take a choice without telling anyone; an unknown value changes nothing."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)

    def segment(self, value: str) -> QPushButton:
        """The button of one choice, to disable it or give it a tooltip."""
        return self._buttons[value]
