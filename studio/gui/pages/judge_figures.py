"""The further figures of a report, with their ranges and the untouched model's beside them.

In: Figures of a Report. Out: a grid that puts each name above its values where there is little room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.counting import rounded
from studio.gui import theme
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.evaluation.report import Figure

UNBROKEN = "\u2011"  # a hyphen at which no line ends: "macro-F1" is one word
LEAST_NAME = 150  # pixels: with less room beside its values, a figure's name stands above them


class Figures(QWidget):
    """Further figures: the tuned model's with its range, the untouched model's beside it. Where there is little room,
    each name has a line of its own above its values."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: Sequence[Figure] = ()
        self._is_narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these."""
        self._figures = figures
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._figures and self._is_narrow != self._wants_lines():
            self._lay_out()

    def _wants_lines(self) -> bool:
        """Whether less than a few words of a name would have room beside its values."""
        metrics = QFontMetricsF(theme.font("body"))
        values = max((metrics.horizontalAdvance(_value(figure)) for figure in self._figures), default=0.0)
        others = max(
            (metrics.horizontalAdvance(figure.shown(figure.untouched)) for figure in self._figures), default=0.0
        )
        return self.width() - values - max(others, 70.0) - 2 * 16 < LEAST_NAME

    def _lay_out(self) -> None:
        figures, self._is_narrow = self._figures, self._wants_lines()
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # until it is deleted it would stand under the others
                widget.deleteLater()
        right = Qt.AlignmentFlag.AlignRight
        is_beside = any(figure.untouched is not None for figure in figures)  # nothing is, of a model from nothing
        for column, title in ((1, self.tr("Your model")), (2, self.tr("Untouched") if is_beside else "")):
            self._grid.addWidget(Text(title, tone="soft", kind="secondary"), 0, column, right)
        top = Qt.AlignmentFlag.AlignTop
        for place, figure in enumerate(figures):
            name = Text(figure.told.replace("-", UNBROKEN), tone="soft", wrap=True)
            row = 1 + 2 * place
            values = row + 1 if self._is_narrow else row
            self._grid.addWidget(name, row, 0, 1, 3 if self._is_narrow else 1, top)
            self._grid.addWidget(_unbroken(_value(figure)), values, 1, top)
            self._grid.addWidget(_unbroken(figure.shown(figure.untouched) or "–" * is_beside, "soft"), values, 2, top)


def _unbroken(text: str, tone: str = "") -> Text:
    """A number that is never broken, at the height of the wrapped text beside it."""
    shown = Text(text, tone=tone, wrap=True)
    shown.setAlignment(Qt.AlignmentFlag.AlignRight)
    shown.setMinimumWidth(round(QFontMetricsF(shown.font()).horizontalAdvance(text)) + 4)
    return shown


def _value(figure: Figure) -> str:
    """The tuned model's number, with its range where there is one."""
    value = figure.shown(figure.value)
    if figure.low is None or figure.high is None or not figure.has_range:
        return value
    return f"{value} ({rounded(figure.low, figure.digits)} – {rounded(figure.high, figure.digits)})"
