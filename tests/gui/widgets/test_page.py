"""A column of cards: its bar takes nothing of the cards' width."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll


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
