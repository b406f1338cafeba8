"""A card that can be chosen: one of a few goals, one of a few models.

In: a title, some words, perhaps chips. Out: `clicked` like any button; the chosen one lies on a wash of accent.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.text import Text


class _AtTop(QVBoxLayout):
    """A column at the top of its room. Qt's own alignment gives wrapped texts too little where the card is narrow."""

    def setGeometry(self, room: QRect) -> None:
        # Lines that do not wrap fill their room: what they ask for is not known yet when they are first laid out.
        height = self.heightForWidth(room.width()) if self.hasHeightForWidth() else room.height()
        super().setGeometry(QRect(room.x(), room.y(), room.width(), min(room.height(), height)))


class ChoiceCard(QAbstractButton):
    """A checkable card; add further lines to `body`. A disabled one says why in its tooltip."""

    def __init__(self, title: str, words: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.body = _AtTop(self)
        self.body.setContentsMargins(18, 15, 18, 15)
        self.body.setSpacing(3)
        self.title = Text(title, kind="card", wrap=True)
        self.words = Text(words, tone="soft", wrap=True)
        for text in (self.title, self.words):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.body.addWidget(text)
        self.words.setVisible(bool(words))
        theme.theme().theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self.body.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.body.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = self.heightForWidth(event.size().width())
        if least != self.minimumHeight():
            self.setMinimumHeight(least)
            # Of a card that is not on the screen yet, Qt forgets that this made it taller, and leaves its words as low
            # as they were.
            self.body.update()

    def setEnabled(self, enabled: bool) -> None:
        super().setEnabled(enabled)  # not in changeEvent, which Qt calls several times a card for each change of style
        self.setCursor(Qt.CursorShape.PointingHandCursor if enabled else Qt.CursorShape.ArrowCursor)

    def enterEvent(self, _event: object) -> None:
        self.update()

    def leaveEvent(self, _event: object) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, over = self.isChecked(), self.underMouse() and self.isEnabled()
        line = "accent" if chosen else "faint" if over else "line"
        ground = "accent_wash" if chosen else "surface" if self.isEnabled() else "window"
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():  # a ring of its own around the card, because the chosen one wears the accent already
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)
            box.adjust(4, 4, -4, -4)
        painter.setPen(QPen(theme.color(line), 1))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(box, theme.CARD_RADIUS, theme.CARD_RADIUS)
