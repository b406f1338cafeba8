"""Buttons: primary (one a page at most), secondary, small, quiet, harmful (in a question only), and icons alone.

In: words or an icon. Out: a QPushButton of the right height, reached by Tab; a click leaves no focus ring.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from studio.gui import theme
from studio.gui.widgets.text import set_property

_FONTS: dict[str, theme.FontKind] = {"small": "small", "quiet": "secondary"}
ButtonKind = Literal["primary", "secondary", "small", "quiet", "harmful"]
_INNER_RING: dict[str, str] = {"primary": "on_accent", "harmful": "surface"}  # a ring of their own colour is not seen


class Button(QPushButton):
    """A button of a `kind`. `name` is the accessible name where it differs from the words."""

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "secondary",
        *,
        clicked: Callable[[], object] | None = None,
        icon: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text.replace("&", ""), parent)
        self._icon = icon
        self.setShortcut(QKeySequence.mnemonic(text))  # "&Next": Alt+N, without an underline that never goes away
        self.setFixedHeight(28 if kind in ("small", "quiet") else 34)
        self.setFont(theme.font(_FONTS.get(kind, "strong")))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name = name
        self.setAccessibleName(name or self.text())
        self.set_kind(kind)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        theme.theme().theme_changed.connect(self._tint)

    def setText(self, text: str) -> None:
        """Say something else; a name of its own stays."""
        super().setText(text)
        self.setAccessibleName(self._name or text)

    def set_icon(self, name: str) -> None:
        """Show another icon of resources/icons."""
        if name != self._icon:
            self._icon = name
            self._tint()

    def set_kind(self, kind: ButtonKind) -> None:
        """Change how loud the button is; its height stays."""
        set_property(self, "kind", kind)
        self._tint()

    def set_blocked(self, reason: str) -> None:
        """Disable the button and say why in its tooltip; an empty reason enables it."""
        self.setEnabled(not reason)
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ring = _INNER_RING.get(str(self.property("kind")))
        if self.hasFocus() and ring:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color(ring), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 6, 6)

    def _tint(self) -> None:
        if self._icon:
            tone = {"primary": "on_accent", "quiet": "soft"}.get(str(self.property("kind")), "text")
            self.setIcon(theme.icon(self._icon, tone))
            self.setIconSize(QSize(16, 16))


class StopButton(Button):
    """A button that takes the place of the one that started something. The second half of a double click on that one
    lands here and is ignored."""

    def __init__(
        self, text: str, kind: ButtonKind = "secondary", *, clicked: Callable[[], object] | None = None,
        icon: str = "", name: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(text, kind, clicked=clicked, icon=icon, name=name, parent=parent)
        self._since = QElapsedTimer()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._since.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._since.hasExpired(QApplication.doubleClickInterval()):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing: its first half was a press on this button, or on the one that was here before."""
        event.accept()


class IconButton(QPushButton):
    """A square button that shows an icon alone; `name` is what a screen reader and the tooltip say."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(28, 28)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        set_property(self, "kind", "icon")
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        theme.theme().theme_changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self.setIcon(theme.icon(self._icon, "text"))
