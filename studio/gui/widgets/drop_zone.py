"""Where files are dropped: the large zone of an empty project, and a curtain over the window while a file hovers.

In: a drag with files in it. Out: `dropped_files` names them; the zone's buttons ask for some instead.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.text import Text

CENTRED = Qt.AlignmentFlag.AlignHCenter


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """The local files and folders of a drag, by name."""
    return tuple(sorted(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()))


def _paint_dashes(painter: QPainter, box: QRectF, name: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color(name), 2)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 16, 16)


class DropMark(QWidget):
    """The arrow on a wash of accent."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(56, 56)
        theme.theme().theme_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_wash"))
        painter.drawRoundedRect(self.rect(), 14, 14)
        painter.drawPixmap(16, 16, theme.pixmap("arrow-down", "accent", 24, self.devicePixelRatioF()))


class DropZone(QWidget):
    """A dashed area with buttons for files and a folder. Dropping is taken by the window, wherever the file falls."""

    def __init__(self, choose_files: Callable[[], object], choose_folder: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(DropMark(), 0, CENTRED)
        column.addSpacing(8)
        column.addWidget(Text(self.tr("Drop a file here"), kind="heading"), 0, CENTRED)
        kinds = self.tr("CSV, Excel, JSON, Parquet or text, also zipped. It is read, never changed.")
        column.addWidget(Text(kinds, tone="soft"), 0, CENTRED)
        column.addSpacing(16)
        self.button = Button(self.tr("&Choose a file"), "primary", clicked=choose_files)
        self.button.setToolTip(self.tr("Several at once, where training and test rows have files of their own."))
        self.folder = Button(
            self.tr("or a whole folder"), "quiet", clicked=choose_folder, name=self.tr("Choose a folder")
        )
        column.addWidget(self.button, 0, CENTRED)
        column.addWidget(self.folder, 0, CENTRED)
        column.addStretch(1)
        self.setMinimumHeight(250)
        self.setAccessibleName(self.tr("Drop a file here"))
        theme.theme().theme_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint_dashes(QPainter(self), QRectF(self.rect()), "line")


class DropCurtain(QWidget):
    """Covers the page while a file hovers over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def draw_over(self, left: int) -> None:
        """Show it over the window, right of `left` pixels."""
        self.setGeometry(self._window.rect().adjusted(left, 0, 0, 0))
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("window", 0.86))
        inside = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        _paint_dashes(painter, inside, "accent")
        painter.setFont(theme.font("title"))
        painter.setPen(theme.color("accent"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, self.tr("Drop to read this file"))
