"""A column of cards: its bar takes nothing of the cards' width."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll, PageFrame


def test_cards_keep_their_width_when_the_column_scrolls(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    row = QHBoxLayout(whole)
    side = FlowScroll(width=340)
    card = Card("A card")
    card.setMinimumWidth(340)
    card.setFixedHeight(400)
    side.add(card)
    row.addStretch(1)
    row.addWidget(side)
    for height, scrolls in ((600, False), (300, True), (600, False)):
        whole.resize(900, height)
        whole.show()
        qtbot.wait(20)
        assert side.verticalScrollBar().isVisible() == scrolls
        assert side.viewport().width() == card.width() == 340


def test_a_page_gets_the_room_that_there_is_whatever_height_it_would_like_best(qtbot: QtBot) -> None:
    pages, page = QStackedWidget(), QWidget()
    column = QVBoxLayout(page)
    text = QLabel("a long text that wraps " * 400)
    text.setWordWrap(True)
    column.addWidget(text)
    pages.addWidget(page)
    frame = PageFrame(pages, least=300)
    qtbot.addWidget(frame)
    frame.resize(400, 500)
    frame.show()
    assert text.heightForWidth(380) > 1_000
    qtbot.waitUntil(lambda: pages.height() == 500, timeout=1000)
    assert frame.verticalScrollBar().maximum() == 0
    frame.resize(400, 200)  # as where a message takes its part
    qtbot.waitUntil(lambda: pages.height() == 300, timeout=1000)
    assert frame.verticalScrollBar().maximum() == 100
