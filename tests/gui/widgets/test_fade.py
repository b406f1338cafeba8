"""A column that goes on says so: it fades out at the edge beyond which there is more."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll


class Block(QWidget):
    """As tall as many cards, and red all over."""

    def __init__(self) -> None:
        super().__init__()
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, _width: int) -> int:
        return 1000

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor("#FF0000"))


@pytest.fixture
def column(qtbot: QtBot) -> FlowScroll:
    scroll = FlowScroll()
    qtbot.addWidget(scroll)
    scroll.resize(300, 400)
    scroll.add(Block())
    scroll.show()
    QApplication.processEvents()
    return scroll


def edges(scroll: FlowScroll) -> tuple[bool, bool]:
    return scroll._fade.top.isVisible(), scroll._fade.bottom.isVisible()


def test_each_edge_fades_only_where_more_lies_beyond_it(column: FlowScroll) -> None:
    bar = column.verticalScrollBar()
    seen = []
    for place in (0, 300, bar.maximum()):
        bar.setValue(place)
        seen.append(edges(column))
    assert seen == [(False, True), (True, True), (True, False)]


def test_with_room_for_everything_nothing_fades(column: FlowScroll) -> None:
    column.resize(300, 1200)
    QApplication.processEvents()
    assert edges(column) == (False, False)
    column.resize(300, 500)
    QApplication.processEvents()
    assert edges(column) == (False, True)
    assert column._fade.bottom.geometry().bottom() == column.viewport().geometry().bottom()


def last_pixel(scroll: FlowScroll) -> QColor:
    return scroll.grab().toImage().pixelColor(20, scroll.height() - 1)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_fades_into_the_ground_it_lies_on(qtbot: QtBot, column: FlowScroll, mode: theme.Mode) -> None:
    def distance(name: str) -> int:
        found, wanted = last_pixel(column), theme.color(name)
        pairs = zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True)  # type: ignore[arg-type]
        return max(abs(one - other) for one, other in pairs)

    theme.theme().apply(mode)
    assert distance("window") < 12
    card = Card()
    qtbot.addWidget(card)
    card.add(column, 1)
    card.resize(300, 400)
    card.show()
    QApplication.processEvents()
    assert distance("surface") < 12
    column.setParent(None)  # both are closed on their own
    theme.theme().apply("light")
