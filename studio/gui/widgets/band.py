"""Messages above a page, one at a time, so that they leave the room to what the page is about.

In: bands in the order of their importance, each with a line of words and buttons. Out: the first that is wanted, with
the count of the others, which come one after the other on a click.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.counting import counted
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, CardKind
from studio.gui.widgets.unfolding import Unfolding


class Band(Card):
    """A line of words and buttons. It is shown by the Bands it belongs to, while it is wanted."""

    settled = Signal()  # whether it is wanted may have changed

    def __init__(self, *buttons: QWidget, kind: CardKind = "card", tone: str = "") -> None:
        super().__init__(kind=kind, padding=10)
        self.body.setContentsMargins(14, 9, 12, 9)
        self.is_wanted = False
        self.words = Unfolding(tone=tone, is_sentence=True)
        self.others = Button("", "quiet")
        self.others.hide()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.words, 1)
        for button in (*buttons, self.others):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.add(row)
        self.hide()

    def say(self, words: str) -> None:
        """What it says; a screen reader says it as the band's name."""
        self.words.setText(words)
        self.setAccessibleName(words)

    def want(self, wanted: bool) -> None:
        """Whether it is to be seen."""
        self.is_wanted = wanted
        self.settled.emit()


class Bands(QWidget):
    """The most important comes first, also where it comes later than another one."""

    def __init__(self, *bands: Band) -> None:
        super().__init__()
        self._bands = bands
        self._wanted: list[Band] = []
        self._shown: Band | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for band in bands:
            column.addWidget(band)
            band.settled.connect(self._settle)
            band.others.clicked.connect(self._turn)
        self.hide()

    def _settle(self) -> None:
        wanted = [band for band in self._bands if band.is_wanted]
        if wanted != self._wanted:
            self._wanted, self._shown = wanted, wanted[0] if wanted else None
        self._show()

    def _turn(self) -> None:
        if self._shown is not None:
            had_focus = self._shown.others.hasFocus()
            self._shown = self._wanted[(self._wanted.index(self._shown) + 1) % len(self._wanted)]
            self._show()
            if had_focus:
                self._shown.others.setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self) -> None:
        more = len(self._wanted) - 1
        for band in self._bands:
            if band is not self._shown:
                band.hide()
        self.setVisible(self._shown is not None)
        if self._shown is not None:
            others = self._shown.others
            others.setVisible(more > 0)
            others.setText(self.tr("{count} more").format(count=more))
            name = counted(more, self.tr("Show the other message"), self.tr("Show the next of {count} other messages"))
            others.setAccessibleName(name)
            others.setToolTip(name)
            self._shown.show()
