"""What holds for the rows that are shown, in words, each with a way to let it go.

In: conditions, words, a message. Out: `let_go` with the place of a condition, `undo_asked`, `stop_asked`, `all_asked`,
`row_asked`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from superqt import QFlowLayout

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.text import Text

_PATIENCE_MS = 250  # until it is said that something is being looked for
_WIDEST = 330.0  # pixels of words on one condition


class StateLine(QWidget):
    """Out of the way where nothing has to be said."""

    let_go = Signal(int)
    undo_asked = Signal()
    stop_asked = Signal()
    all_asked = Signal()
    row_asked = Signal(int)  # counted from 1

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[str, ...] = ()
        self._shown: tuple[tuple[str, ...], str] = ((), "")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 10)
        column.setSpacing(6)
        self._flow = QWidget()
        self._items = QFlowLayout(self._flow)
        self._items.setContentsMargins(0, 0, 0, 0)
        self._items.setHorizontalSpacing(8)
        self._items.setVerticalSpacing(6)
        column.addWidget(self._flow)
        self._done = _Told(self.tr("Undo"))
        self._done.button.clicked.connect(self.undo_asked)
        self._row = 0
        self.show_row = Button(self.tr("Show"), "small", clicked=lambda: self.row_asked.emit(self._row))
        self._done.put_first(self.show_row)
        self._looking = _Told(self.tr("Stop"))
        self._looking.button.clicked.connect(self.stop_asked)
        self._missed = _Told(self.tr("Show all rows"))
        self._missed.button.clicked.connect(self.all_asked)
        for told in (self._done, self._looking, self._missed):
            column.addWidget(told)
            told.hide()
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._say_looking)
        self._settle()

    def text(self) -> str:
        """What is said, as one text."""
        return " · ".join(self._parts)

    def say(self, conditions: Sequence[str], words: str) -> None:
        """Conditions that can be let go, then plain words."""
        self._parts = (*conditions, *([words] if words else []))
        if (tuple(conditions), words) != self._shown:
            self._shown = (tuple(conditions), words)
            self._fill(conditions, words)
        self._settle()

    def _fill(self, conditions: Sequence[str], words: str) -> None:
        while (item := self._items.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, condition in enumerate(conditions):
            self._items.addWidget(LetGo(condition, partial(self.let_go.emit, place)))
        if words:
            said = Text(words, tone="soft", kind="secondary")
            said.setMinimumHeight(28 if conditions else 18)
            self._items.addWidget(said)
        self._flow.setVisible(bool(conditions or words))

    def tell_done(self, words: str, *, row: int = 0) -> None:
        """Say what was just done to the rows, with a way back, and with a way to the `row` that came of it, counted
        from 1; "" takes it away."""
        self._row = row
        if row:
            words += " " + self.tr("It is row {number}.").format(number=f"{row:,}")
        self._done.say(words)
        self.show_row.setVisible(bool(row))
        self._settle()

    def tell_note(self, words: str) -> None:
        """Say something that goes away with the next thing that is done."""
        self._done.say(words, with_button=False)
        self.show_row.hide()
        self._settle()

    def forget(self, words: str) -> None:
        """Take this away, unless something else is said by now."""
        if self._done.words.text() == words:
            self.tell_done("")

    def tell_missed(self, words: str) -> None:
        """Say that a row is not among those that are shown, with a way to all rows; "" takes it away."""
        self._missed.say(words)
        self._settle()

    def tell_looking(self, words: str) -> None:
        """Say, after a moment, that rows are being looked for, with a way to stop; "" takes it away."""
        self._looking.words.setText(words)
        if words:
            self._patience.start()
        else:
            self._patience.stop()
            self._looking.hide()
            self._settle()

    def _say_looking(self) -> None:
        self._looking.say(self._looking.words.text())
        self._settle()

    def _settle(self) -> None:
        told = [self._done.words.text() if not self._done.isHidden() else "", *self._parts]
        self.setVisible(any(told) or not (self._looking.isHidden() and self._missed.isHidden()))


class LetGo(Button):
    """A condition with a cross: a click lets it go."""

    def __init__(self, words: str, let_go: partial[None]) -> None:
        short = QFontMetricsF(theme.font("small")).elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST)
        super().__init__(
            short, "small", clicked=let_go, icon="close", name=self.tr("Let go: {what}").format(what=words)
        )
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands after the words
        self.setToolTip(words if short != words else self.tr("Let this go"))


class _Told(QWidget):
    """A sentence and a button."""

    def __init__(self, button: str) -> None:
        super().__init__()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.words = Text(kind="secondary")
        self.button = Button(button, "small")
        row.addWidget(self.words)
        row.addWidget(self.button)
        row.addStretch(1)

    def put_first(self, button: Button) -> None:
        """Another button, before the one there is."""
        button.hide()
        self._row.insertWidget(1, button)

    def say(self, words: str, *, with_button: bool = True) -> None:
        """Show the sentence; "" takes it away."""
        self.words.setText(words)
        self.button.setVisible(with_button)
        self.button.setAccessibleName(f"{self.button.text()}: {words}")
        self.setVisible(bool(words))
