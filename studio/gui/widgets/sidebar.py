"""The sidebar: the flow from data to export, the runs, and at its foot the machine and the settings.

In: the marks of the stations, the project's name, recent projects. Out: `chosen` with a station, and what the
project menu was asked for. Tab stops here once, at the row where the keyboard was last; the arrow keys, Home and End
move along the rows, Enter and Space open one. Knows nothing of the session.
"""

from __future__ import annotations

from collections.abc import Sequence

import psutil
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from studio.counting import counted
from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.mark import MarkState, paint_mark
from studio.gui.widgets.text import Text

WIDTH = 208
_ALONG: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_TO_END: dict[int, int] = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
_OPEN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ProjectButton(Button):
    """Opens the project's menu; the keys that move along the sidebar are left to it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ALONG or event.key() in _TO_END:
            event.ignore()
        elif event.key() in _OPEN:
            self.click()
        else:
            super().keyPressEvent(event)


class StationButton(QAbstractButton):
    """A row of the sidebar; `icon` replaces the mark where the row is no station of the flow."""

    def __init__(self, text: str, *, icon: str = "", hint: str = "") -> None:
        super().__init__()
        self._icon, self._share, self._words = icon, 0.25, ""
        self._state: MarkState = "open"
        self.setText(text)
        self.setCheckable(True)
        self.setFixedHeight(34)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(hint)
        self.setAccessibleName(text)
        theme.theme().theme_changed.connect(self.update)

    def set_state(self, state: MarkState, words: str, share: float = 0.25) -> None:
        """Show how the station stands; `words` say it to a screen reader."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(f"{self.text()}, {words}" if words else self.text())
        if (state, share) != (self._state, self._share):
            self._state, self._share = state, share
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPEN:
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()  # Qt would walk to the next button anywhere; the sidebar walks along its rows

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 24, 34)

    def enterEvent(self, _event: object) -> None:
        self.update()

    def leaveEvent(self, _event: object) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        mark = QRectF(10, (self.height() - 16) / 2, 16, 16)
        if self._icon:
            tone = "text" if self.isChecked() else "soft"
            painter.drawPixmap(mark.topLeft(), theme.pixmap(self._icon, tone, 16, self.devicePixelRatioF()))
        else:
            state: MarkState = "here" if self.isChecked() and self._state == "open" else self._state
            paint_mark(painter, mark, state, self._share)
        painter.setFont(theme.font("strong" if self.isChecked() else "body"))
        painter.setPen(theme.color("text" if self.isChecked() or self.underMouse() else "soft"))
        room = QRectF(36, 0, self.width() - 44, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_ground(self, painter: QPainter) -> None:
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(theme.color("accent_wash"))
            painter.drawRoundedRect(ground, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        elif self.underMouse():
            painter.setBrush(theme.color("line", 0.45))
            painter.drawRoundedRect(ground, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(ground, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)


class Sidebar(QWidget):
    """`stations` are (key, words, icon) in order; an empty key leaves a gap."""

    chosen = Signal(str)

    def __init__(self, stations: Sequence[tuple[str, str, str]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Stations"))
        self.buttons: dict[str, StationButton] = {}
        self.project = ProjectButton("", "quiet", icon="chevron-down", name=self.tr("Project"))
        self.project.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands after the name
        self._machine = Text(self._processor(), kind="caption", tone="soft", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 18, 12, 16)
        self._column.setSpacing(2)
        self._add_brand()
        for key, words, icon in stations:
            if key == "settings":
                self._add_foot()
            if key == "runs":
                self._column.addSpacing(16)
            self._add_station(key, words, icon)
        self._rows: tuple[QAbstractButton, ...] = (self.project, *self.buttons.values())
        self._stop_at(self._rows[-1])

    def _stop_at(self, row: QAbstractButton) -> None:
        """Let Tab stop at this row and at no other."""
        for other in self._rows:
            other.setFocusPolicy(Qt.FocusPolicy.TabFocus if other is row else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the rows; the way ends at the first and at the last."""
        at = next((n for n, row in enumerate(self._rows) if row.hasFocus()), None)
        if at is None or not (event.key() in _ALONG or event.key() in _TO_END):
            super().keyPressEvent(event)
            return
        ends = _TO_END.get(event.key())
        place = ends if ends is not None else min(max(at + _ALONG[event.key()], 0), len(self._rows) - 1)
        self._stop_at(self._rows[place])
        self._rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _add_brand(self) -> None:
        brand = Text(self.tr("Finetune Studio"), kind="brand")
        brand.setContentsMargins(10, 0, 0, 0)
        self._column.addWidget(brand)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.project)
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addSpacing(8)

    def _add_station(self, key: str, words: str, icon: str) -> None:
        number = len(self.buttons) + 1
        hint = self.tr("Ctrl+{number}").format(number=number) if number <= 8 else ""
        button = StationButton(words, icon=icon, hint=hint)
        button.clicked.connect(lambda _checked=False: self.chosen.emit(key))
        self.buttons[key] = button
        self._column.addWidget(button)

    def _add_foot(self) -> None:
        self._column.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(10, 0, 0, 10)
        column.setSpacing(1)
        column.addWidget(Text(self.tr("Nothing leaves this computer."), kind="caption", tone="good", wrap=True))
        column.addWidget(self._machine)
        self._column.addLayout(column)

    def show_card(self, name: str, memory: int) -> None:
        """Name the graphics card that computes, with its `memory` in bytes, above the processor."""
        card = self.tr("{card} · {memory} GB").format(card=name, memory=round(memory / 2**30))
        self._machine.setText(f"{card}\n{self._processor()}")

    def _processor(self) -> str:
        cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
        memory = round(psutil.virtual_memory().total / 2**30)
        words = counted(cores, self.tr("CPU, {count} core"), self.tr("CPU, {count} cores"))
        return self.tr("{cpu} · {memory} GB").format(cpu=words, memory=memory)

    def select(self, station: str) -> None:
        """Show which station is open."""
        for key, button in self.buttons.items():
            button.setChecked(key == station)
        if not any(row.hasFocus() for row in self._rows):  # who stands elsewhere in the sidebar stays there
            self._stop_at(self.buttons[station])

    def set_project(self, name: str) -> None:
        """Show the project's name."""
        metrics = self.project.fontMetrics()
        self.project.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, WIDTH - 70))
        self.project.setAccessibleName(self.tr("Project: {name}").format(name=name))

    def open_menu(self, menu: QMenu) -> None:
        """Open the project's menu below its name."""
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.project.mapToGlobal(self.project.rect().bottomLeft()))
