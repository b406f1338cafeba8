"""The head of the table: names of columns, each with a chip that says what the column is for beside it, or below it
where columns are many, and an arrow where rows are sorted by it.

In: the chips by column, and whether there are menus. Out: `asked` with a section whose menu is wanted, by mouse or by
keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractScrollArea, QHeaderView, QToolTip, QWidget

from studio.gui import theme
from studio.gui.widgets.chip import HEIGHT, ChipKind, chip_width, paint_chip
from studio.gui.widgets.column_widths import NARROW

PADDING = 12
HEAD_HEIGHT, STACKED_HEIGHT = 42, 60  # of names with their chips beside, and below them
_GAP = 10  # between a name and its chip
_CHEVRON = 16  # room of the small chevron
_ARROW = 14  # room of the arrow beside the name of the column that rows are sorted by
_JOIN = " · "  # between the parts of a name that several rows of a heading gave


class RoleHeader(QHeaderView):
    """Where there are menus, every column carries a small chevron, and Tab, the arrow keys and Space reach it."""

    asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.chips: dict[str, tuple[str, ChipKind]] = {}
        self.sort: tuple[str, bool] | None = None  # the column by which rows are sorted, and whether downwards
        self.bare = -1  # the section that has no menu
        self.is_stacked = False
        self._offers = False
        self._over, self._at = -1, 0  # the section under the mouse, and the one that the keyboard is at
        self.setHighlightSections(False)
        self.setFixedHeight(HEAD_HEIGHT)
        self.setMinimumSectionSize(NARROW)
        self.setMouseTracking(True)
        self.sectionClicked.connect(self.ask)
        self.offer(False)

    def offer(self, offers: bool) -> None:
        """Say whether the columns have menus."""
        self._offers = offers
        self.setSectionsClickable(offers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if offers else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("What the columns are for") if offers else "")
        hint = self.tr("Left and right go from column to column; Space opens its menu: what it is for, order, filter.")
        self.setAccessibleDescription(hint if offers else "")
        self.viewport().update()

    def stack(self, stacked: bool) -> None:
        """Put the chips below the names, or beside them."""
        self.is_stacked = stacked
        self.setFixedHeight(STACKED_HEIGHT if stacked else HEAD_HEIGHT)
        self.viewport().update()

    def width_wanted(self, name: str, *, short: bool = False) -> int:
        """Pixels that a column's name and chip take; `short`: of a name of several parts only the last."""
        words, _ = self.chips.get(name, ("", "plain"))
        parts = name.split(_JOIN)
        shown = _JOIN.join(["…", parts[-1]]) if short and len(parts) > 1 else name
        own = QFontMetricsF(theme.font("small")).horizontalAdvance(shown) + (_ARROW if self._way(name) else 0)
        arrow = _CHEVRON if self._offers else 0
        chip = chip_width(words) + arrow if words else 0.0
        if self.is_stacked:
            inside = max(own, chip) if words else own + arrow
        else:
            inside = own + (_GAP + chip if words else arrow)
        return round(inside + 2 * PADDING + 8)

    def about(self, section: int) -> str:
        """What a column is for and how that is changed, in words."""
        name = self._name(section)
        words, _ = self.chips.get(name, ("", "plain"))
        if not self._has_menu(section):
            return name
        role = self.tr("“{name}” is the {role}.").format(name=name, role=words)
        unused = self.tr("“{name}” is not used.").format(name=name)
        menu = self.tr("Click for what it is for, its order, a filter, and what stands in it.")
        sorts = {"": "", "up": self.tr("Rows are sorted by it."), "down": self.tr("Rows are sorted by it, backwards.")}
        return " ".join(part for part in (role if words else unused, sorts[self._way(name)], menu) if part)

    def _way(self, name: str) -> str:
        """How rows are sorted by a column: "up", "down", or not: ""."""
        if self.sort is None or self.sort[0] != name:
            return ""
        return "down" if self.sort[1] else "up"

    def _has_menu(self, section: int) -> bool:
        return self._offers and section != self.bare

    def _name(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def ask(self, section: int) -> None:
        """Open the menu of a column, where there is one."""
        if self._has_menu(section):
            self._at = section
            self.asked.emit(section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        opens = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}
        if step is not None and self.count():
            self._at = min(max(0, self._at + step), self.count() - 1)
            self._show_section()
        elif event.key() in opens and self._at < self.count():
            self.ask(self._at)
        else:
            super().keyPressEvent(event)

    def _show_section(self) -> None:
        """Scroll the section of the keyboard into view; the table's scroll bar moves the head as well."""
        table = self.parent()
        bar = table.horizontalScrollBar() if isinstance(table, QAbstractScrollArea) else None
        left, wide = self.sectionPosition(self._at), self.sectionSize(self._at)
        if bar is not None and left < self.offset():
            bar.setValue(left)
        elif bar is not None and left + wide > self.offset() + self.viewport().width():
            bar.setValue(left + wide - self.viewport().width())
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._at = min(self._at, max(0, self.count() - 1))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))
        if (
            self._has_menu(self._over) and self.cursor().shape() != Qt.CursorShape.SplitHCursor
        ):  # Qt's, between two columns
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self._hover(-1)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())
            QToolTip.showText(event.globalPos(), self.about(section) if section >= 0 else "", self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.logicalIndexAt(event.pos())
        if section >= 0 and event.reason() == event.Reason.Mouse:
            self.ask(section)

    def _hover(self, section: int) -> None:
        if section != self._over:
            self._over = section
            self.viewport().update()

    def menu_place(self, section: int) -> QPoint:
        """Where the menu of a section opens, on the screen."""
        return self.viewport().mapToGlobal(QPoint(self.sectionViewportPosition(section) + PADDING, self.height() - 4))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        name = self._name(section)
        words, kind = self.chips.get(name, ("", "plain"))
        offers = self._has_menu(section)
        over = offers and section == self._over
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text" if over else "soft"))
        below = self.is_stacked and bool(words)
        inside = rect.width() - 2 * PADDING
        chip = min(chip_width(words) + (_CHEVRON if offers else 0), inside if below else inside * 0.6) if words else 0.0
        way = self._way(name)
        beside = 0.0 if below else chip + _GAP if words else _CHEVRON
        metrics = painter.fontMetrics()
        shown = short_name(name, metrics, max(12, round(inside - beside - (_ARROW if way else 0))))
        line = rect.adjusted(PADDING, 7, 0, 7 + 20 - rect.height()) if below else rect.adjusted(PADDING, 0, 0, 0)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        x = line.x() + metrics.horizontalAdvance(shown) + (_GAP if words else 4)
        if way:
            _paint_arrow(painter, QPointF(x + 1, line.center().y() + 0.5), 1 if way == "down" else -1)
            x += _ARROW
        if below:
            self._paint_role(painter, QRectF(line.x(), rect.y() + 31, chip, HEIGHT), words, kind, over)
        elif words:
            self._paint_role(painter, QRectF(x, rect.center().y() - HEIGHT / 2, chip, HEIGHT), words, kind, over)
        elif offers:
            _paint_chevron(painter, QPointF(x + 6, rect.center().y() + 1), "text" if over else "faint")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.hasFocus() and section == self._at:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_role(self, painter: QPainter, box: QRectF, words: str, kind: ChipKind, over: bool) -> None:
        if not self._offers:
            paint_chip(painter, box.x(), box.y(), words, kind, box.width())
            return
        tone = "soft" if kind == "plain" else kind
        painter.setPen(theme.color(tone) if over else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("raised" if kind == "plain" else f"{kind}_wash"))
        edge = 0.5 if over else 0.0
        painter.drawRoundedRect(box.adjusted(edge, edge, -edge, -edge), HEIGHT / 2, HEIGHT / 2)
        painter.setPen(theme.color(tone))
        inside = box.adjusted(9, 0, -_CHEVRON - 4, 0)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(inside.width()) + 2)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, shown)
        _paint_chevron(painter, QPointF(box.right() - 13, box.center().y() + 0.5), tone)


def short_name(name: str, metrics: QFontMetrics, room: int) -> str:
    """A column's name in so many pixels. Of one that several rows of a heading gave, the last parts stay: they tell
    columns under the same heading apart."""
    if metrics.horizontalAdvance(name) <= room:
        return name
    parts = name.split(_JOIN)
    for first in range(1, len(parts)):
        short = _JOIN.join(["…", *parts[first:]])
        if metrics.horizontalAdvance(short) <= room or first == len(parts) - 1:
            return metrics.elidedText(short, Qt.TextElideMode.ElideRight, room)
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)


def _paint_chevron(painter: QPainter, middle: QPointF, tone: str) -> None:
    painter.setPen(QPen(theme.color(tone), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    arms = (QPointF(-3.5, -1.75), QPointF(0, 1.75), QPointF(3.5, -1.75))
    painter.drawPolyline(QPolygonF([middle + arm for arm in arms]))


def _paint_arrow(painter: QPainter, middle: QPointF, down: int) -> None:
    painter.setPen(QPen(theme.color("accent"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    tip = middle + QPointF(0, 4.5 * down)
    painter.drawLine(middle - QPointF(0, 4.5 * down), tip)
    painter.drawPolyline(QPolygonF([tip + QPointF(-3, -3 * down), tip, tip + QPointF(3, -3 * down)]))
