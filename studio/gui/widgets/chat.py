"""A conversation as it is written: what a person asked at the right, what a model answered at the left.

In: pieces of text. Out: bubbles that grow with their words, plain text only, and Copy. Knows nothing of models.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import LINE_HEIGHT, Text

WIDEST = 560
INSET = 14
SHARE = 0.86  # of the column's width that a bubble takes at most


class Words(QTextEdit):
    """Text that can be selected and is never anything but text; it is as high as its lines."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "words")
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.setFont(theme.font())
        self.document().setDocumentMargin(0)
        self.add(text)

    def add(self, piece: str) -> None:
        """Append plain text."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        airy = QTextBlockFormat()
        airy.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(airy)
        cursor.insertText(piece)

    def fit(self, room: int) -> QSize:
        """Take at most `room` pixels of width and as much height as that needs."""
        self.document().setTextWidth(room)
        wide = min(room, round(self.document().idealWidth()) + 1)
        self.document().setTextWidth(wide)
        size = QSize(max(12, wide), round(self.document().size().height()))
        self.setFixedSize(size)
        return size

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the conversation scrolls, not one turn of it


class Bubble(QFrame):
    """One turn. It is as wide as its words and at most `SHARE` of the column."""

    def __init__(self, text: str, *, is_question: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "accent" if is_question else "raised")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(INSET, 10, INSET, 10)
        self.words = Words(text)
        column.addWidget(self.words)
        self._room = WIDEST
        self._name()

    def add(self, piece: str) -> None:
        """Append to the words."""
        self.words.add(piece)
        self._name()
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Take at most `room` pixels."""
        self._room = room
        size = self.words.fit(room - 2 * INSET - 2)
        self.setFixedSize(QSize(size.width() + 2 * INSET + 2, size.height() + 22))

    def text(self) -> str:
        """What it says."""
        return self.words.toPlainText()

    def _name(self) -> None:
        self.words.setAccessibleName(self.text())


class ChatColumn(Card):
    """One side's conversation. The newest turn is at the bottom; it follows the words while they come."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        self.subtitle = Text(subtitle, tone="soft")
        super().__init__(title, trailing=self.subtitle, parent=parent)
        self._scroll = FlowScroll(spacing=12, at_foot=True)
        self._scroll.setAccessibleName(title)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add(self._scroll, 1)
        self._foot = QHBoxLayout()
        self.copy = Button(self.tr("Copy"), "small", icon="copy", clicked=self._copy)
        self.copy.setAccessibleName(self.tr("Copy the last answer"))
        self.count = Text(tone="soft", kind="secondary")
        self._foot.addWidget(self.copy)
        self._foot.addStretch(1)
        self._foot.addWidget(self.count)
        self.add(self._foot)
        self._bubbles: list[Bubble] = []
        self._answer: Bubble | None = None
        self.answer = ""
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._follow)
        self._show_foot()

    def ask(self, text: str) -> None:
        """A new question; the answer to it follows."""
        self._add(Bubble(text, is_question=True), Qt.AlignmentFlag.AlignRight)
        self._answer, self.answer = None, ""
        self.count.setText("")
        self._show_foot()

    def say(self, piece: str) -> None:
        """More of the answer; blank space before its first word is left out."""
        if self._answer is None:
            self._answer = Bubble("", is_question=False)
            self._add(self._answer, Qt.AlignmentFlag.AlignLeft)
        shown = piece if self.answer.strip() else piece.lstrip()
        self.answer += piece
        if shown:
            self._answer.add(shown)

    def end(self, note: str = "") -> None:
        """The answer is whole; `note` says why where it ended early."""
        if self._answer is None:
            self.say("")
            assert self._answer is not None
        if not self.answer.strip():
            self._answer.add(self.tr("(no words)"))
        count = len(self.answer.split())
        words = self.tr("1 word") if count == 1 else self.tr("{n} words").format(n=f"{count:,}")
        self.count.setText(f"{words} · {note}" if note else words)
        self._show_foot()

    def take_back(self) -> None:
        """Forget the last question and its answer."""
        for bubble in self._bubbles[-2:]:
            self._drop(bubble)
        self._bubbles, self._answer, self.answer = self._bubbles[:-2], None, ""
        self.count.setText("")
        self._show_foot()

    def clear(self) -> None:
        """Start a new conversation."""
        for bubble in self._bubbles:
            self._drop(bubble)
        self._bubbles, self._answer, self.answer = [], None, ""
        self.count.setText("")
        self._show_foot()

    def _drop(self, bubble: Bubble) -> None:
        self._scroll.column.removeWidget(bubble)
        bubble.deleteLater()

    def turns(self) -> list[str]:
        """The words of every turn, in order."""
        return [bubble.text() for bubble in self._bubbles]

    def _add(self, bubble: Bubble, side: Qt.AlignmentFlag) -> None:
        self._bubbles.append(bubble)
        self._scroll.column.addWidget(bubble, 0, side)
        bubble.fit(self._room())

    def _room(self) -> int:
        return int(min(WIDEST, max(160, self._scroll.viewport().width() * SHARE)))

    def _show_foot(self) -> None:
        self.copy.setVisible(bool(self.answer))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.strip())

    def _follow(self, _low: int, high: int) -> None:
        self._scroll.verticalScrollBar().setValue(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # the scroll area has its new width after this event

    def _fit(self) -> None:
        for bubble in self._bubbles:
            bubble.fit(self._room())


class MessageBox(QPlainTextEdit):
    """Where a message is written: Enter sends it, Shift+Enter starts a new line. While it is empty it says what belongs
    here, in as many whole sentences as fit on its line."""

    sent = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFont(theme.font())
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()
        self._say_what_fits()

    def placeholderText(self) -> str:
        """The whole of what is said while nothing is written."""
        return self._placeholder

    def setPlaceholderText(self, text: str) -> None:
        """Say something else while nothing is written."""
        self._placeholder = text
        self._say_what_fits()

    @property
    def shown_placeholder(self) -> str:
        """As much of it as is on show."""
        return super().placeholderText()

    def _say_what_fits(self) -> None:
        metrics, said = QFontMetricsF(self.font()), re.split(r"(?<=[.?!]) ", self._placeholder)
        room = self.viewport().width() - 2 * self.document().documentMargin()
        while len(said) > 1 and metrics.horizontalAdvance(" ".join(said)) > room:
            said.pop()
        if " ".join(said) != super().placeholderText():
            super().setPlaceholderText(" ".join(said))

    def _grow(self) -> None:
        lines = min(6, max(1, round(self.document().size().height())))  # as they are broken, not as they were typed
        self.setFixedHeight(round(QFontMetricsF(self.font()).lineSpacing() * lines) + 26)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.sent.emit()
        else:
            super().keyPressEvent(event)
