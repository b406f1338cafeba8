"""Runs: a long list with long names, on a small page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.gui.ask import Ask
from studio.gui.pages.runs import RunsPage
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text
from tests.gui import scripted

LONG = "the long run before the holidays, with everything that came in since the spring"


class Yes(Ask):
    """Agrees to everything."""

    def confirm(self, *_: object, **__: object) -> bool:
        return True


@pytest.fixture
def many(qtbot: QtBot, session: Session, sorted_project: Path) -> RunsPage:
    first = sorted_project / "runs" / "run-1"
    for number in range(2, 30):
        shutil.copytree(first, first.parent / f"run-{number}")
    shutil.copytree(first, first.parent / LONG)
    scripted.open_project(session, sorted_project)
    page = RunsPage(session, Yes())
    qtbot.addWidget(page)
    page.resize(800, 640)
    page.show()
    with qtbot.waitSignal(session.idle, timeout=20_000):
        page.shown()
    QApplication.processEvents()
    return page


def test_a_long_name_gives_way_in_its_middle_and_is_told_whole(many: RunsPage) -> None:
    name = next(text for text in many.findChildren(Elided) if text.text() == LONG)
    shown = QLabel.text(name)
    assert shown.startswith("the")
    assert shown.endswith("spring")
    assert "…" in shown
    assert name.toolTip() == name.accessibleName() == LONG
    short = next(text for text in many.findChildren(Elided) if text.text() == "run-7")
    assert (QLabel.text(short), short.toolTip()) == ("run-7", "")


def test_the_columns_stand_under_their_names_beside_a_scroll_bar(qtbot: QtBot, many: RunsPage) -> None:
    assert many.list.verticalScrollBar().maximum() > 0
    title = next(text for text in many.findChildren(Text) if text.text() == "Best")
    score = next(text for text in many.findChildren(Text) if text.text() == "90.0 %")
    qtbot.waitUntil(lambda: title.mapTo(many, QPoint()).x() == score.mapTo(many, QPoint()).x())


def test_after_deleting_the_list_stays_where_it_was(qtbot: QtBot, many: RunsPage, session: Session) -> None:
    bar = many.list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place, last = bar.value(), many.rows()[-1].run.folder.name
    session.station = "runs"
    with qtbot.waitSignal(session.idle, timeout=20_000):
        next(b for b in many.findChildren(Button) if b.accessibleName() == f"Delete {last}").click()
    assert len(many.rows()) == 29
    qtbot.waitUntil(lambda: bar.value() == place)
