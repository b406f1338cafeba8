"""In the least window nothing is cut off: columns shrink, titles are whole, and a message above a page leaves its
layout as it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.editors import QuietCombo
from studio.gui.job import Control, Outcome
from studio.gui.pages.goal.cards import GoalCards
from studio.gui.pages.model_own import OwnModelCard
from studio.gui.pages.report_card import ReportCard
from studio.gui.pages.training_setup import TrainingSetup
from studio.gui.preferences import Preferences
from studio.gui.session import Session, Station
from studio.gui.widgets.card import Card
from studio.gui.widgets.chat import MessageBox
from studio.gui.widgets.film_strip import FilmStrip
from studio.gui.widgets.legend import LINE, Legend
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.text import Text
from studio.gui.window import LEAST, MainWindow
from studio.problems import Problem
from studio.runs.history import History
from tests.gui import scripted

PLACE = 728  # pixels: what the sidebar and the margins leave of the least window
BUSY = Problem("Something is still running.", "“Exporting” belongs to this project.", "Wait until it ends.")


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> MainWindow:
    opened = MainWindow(session, Preferences())
    qtbot.addWidget(opened)
    opened.resize(LEAST)
    opened.show()
    return opened


def too_wide(page: QWidget) -> list[tuple[int, int]]:
    """The columns on show whose cards are cut at the right: how wide they are, and how wide their place is."""
    shown = [column for column in page.findChildren(FlowScroll) if column.isVisible()]
    widths = [(inside.width(), column.viewport().width()) for column in shown if (inside := column.widget())]
    return [(inside, place) for inside, place in widths if inside > place]


@pytest.mark.parametrize("kind", ["rate", "search", "prefer", "classify"])
def test_no_setting_is_cut_before_training(qtbot: QtBot, session: Session, kind: str) -> None:
    session.change("task.kind", kind)
    setup = TrainingSetup(session)
    theme.theme().dress(setup)
    qtbot.addWidget(setup)
    setup.resize(PLACE, 480)
    setup.show()
    setup.form.more.click()
    assert not too_wide(setup)
    left = setup.findChildren(FlowScroll)[0]
    for field in setup.form.fields.values():
        if field.isVisible():
            right = field.mapTo(left.viewport(), QPoint(field.width(), 0)).x()
            assert right <= left.viewport().width() - 20, field.entry.path


def test_a_model_from_nothing_stays_in_its_column(qtbot: QtBot, session: Session) -> None:
    session.change("task.kind", "pretrain")
    column = FlowScroll()
    theme.theme().dress(column)
    column.add(OwnModelCard(session))
    qtbot.addWidget(column)
    column.resize(364, 480)
    column.show()
    inside = column.widget()
    assert inside is not None
    assert inside.width() <= column.viewport().width()
    assert all(box.width() <= 324 for box in column.findChildren(QuietCombo))


def test_a_name_stands_above_its_value_where_the_card_is_narrow(qtbot: QtBot) -> None:
    pairs = KeyValueList([("Order that agrees (Spearman)", "0.75 (0.59 to 0.85)"), ("Made on", "26 Nov, 19:06")])
    qtbot.addWidget(pairs)
    pairs.show()
    texts = {text.text(): text for text in pairs.findChildren(Text)}
    name, value = texts["Order that agrees (Spearman)"], texts["0.75 (0.59 to 0.85)"]
    pairs.resize(400, 200)
    qtbot.waitUntil(lambda: value.x() > name.geometry().right() and value.y() == name.y())
    pairs.resize(200, 200)
    qtbot.waitUntil(lambda: value.y() > name.y() and value.x() == name.x() == 0)
    assert pairs.minimumSizeHint().width() < 200
    pairs.resize(400, 200)
    qtbot.waitUntil(lambda: value.y() == name.y())


def test_the_report_card_is_whole(qtbot: QtBot, window: MainWindow, session: Session, sorted_project: Path) -> None:
    session.open(sorted_project)
    session.go_to("export")
    page = window.page("export")
    qtbot.waitUntil(lambda: bool(page.findChildren(ReportCard)) and page.findChildren(ReportCard)[0].isVisible())
    qtbot.waitUntil(lambda: not too_wide(page))


@pytest.mark.parametrize("station", ["goal", "train"])
def test_a_message_above_a_page_leaves_its_layout(
    qtbot: QtBot, window: MainWindow, session: Session, sorted_project: Path, station: Station
) -> None:
    session.open(sorted_project)
    session.go_to(station)
    page = window.page(station)
    qtbot.waitUntil(lambda: page.height() >= LEAST.height())
    session.problem.emit(BUSY)
    qtbot.waitUntil(window.problem.isVisible)
    qtbot.waitUntil(lambda: window.problem.height() > 60)
    assert page.height() >= LEAST.height()
    assert page.width() == window.width() - window.sidebar.width()
    cards = window.page("goal").findChildren(GoalCards)[0]
    if station == "goal":
        places = [card.geometry() for card in cards.cards.values()]
        assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[:n])
    window.problem.clear()
    qtbot.waitUntil(lambda: page.height() == window.height())


@pytest.mark.parametrize("kind", ["rate", "search"])
def test_another_goal_begins_at_its_top(window: MainWindow, session: Session, messages: Path, kind: str) -> None:
    session.go_to("train")
    columns = window.page("train").findChildren(FlowScroll) + window.page("data").findChildren(FlowScroll)
    for column in columns:
        column.verticalScrollBar().setRange(0, 100)
        column.verticalScrollBar().setValue(80)
    session.change("training.epochs", 3.0)
    assert all(column.verticalScrollBar().value() == 80 for column in columns)
    session.change("task.kind", kind)
    assert all(column.verticalScrollBar().value() == 0 for column in columns)


def test_a_title_is_whole_and_what_stands_beside_it_gives_way(qtbot: QtBot) -> None:
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.show_history(History.of(scripted.events()))
    strip.resize(330, 140)
    strip.show()
    qtbot.waitUntil(lambda: QLabel.text(strip.title) == "Your own example, over time")
    strip.prompt.setText("“There is water dripping out of the light switch in the hall.”")
    qtbot.waitUntil(lambda: QLabel.text(strip.prompt).endswith("…"))
    assert QLabel.text(strip.title) == "Your own example, over time"


def test_a_legend_that_does_not_fit_has_lines_of_its_own(qtbot: QtBot) -> None:
    legend = Legend()
    card = Card("Loss", trailing=legend)
    qtbot.addWidget(card)
    card.add(QWidget(), 1)
    card.resize(700, 300)
    card.show()
    legend.set_entries([("accent", "training 0.0922", False), ("second", "watching rows 0.418", True)])
    qtbot.waitUntil(lambda: legend.x() > card.title.x())
    assert legend.height() < 2 * LINE
    card.resize(352, 300)
    qtbot.waitUntil(lambda: legend.y() > card.title.y() and legend.width() >= legend.sizeHint().width())
    card.resize(240, 300)
    qtbot.waitUntil(lambda: legend.height() >= 2 * LINE)
    assert legend.geometry().right() <= card.width() - 20
    card.resize(700, 300)
    qtbot.waitUntil(lambda: legend.x() > card.title.x() and legend.height() < 2 * LINE)


def test_what_a_box_asks_for_is_never_cut(qtbot: QtBot) -> None:
    box = MessageBox("Text", "Write or paste a text. Enter rates it.")
    qtbot.addWidget(box)
    box.resize(500, 40)
    box.show()
    assert box.shown_placeholder == "Write or paste a text. Enter rates it."
    box.resize(230, 40)
    assert box.shown_placeholder == "Write or paste a text."
    assert box.placeholderText() == "Write or paste a text. Enter rates it."
    box.resize(500, 40)
    assert box.shown_placeholder == "Write or paste a text. Enter rates it."


def test_a_message_to_wait_goes_with_what_it_waits_for(qtbot: QtBot, window: MainWindow, session: Session) -> None:
    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            time.sleep(0.01)
        yield from ()

    session.jobs.begin("exporting", "Exporting", work)
    session.new_project()
    assert window.problem.problem is not None
    qtbot.waitUntil(lambda: not window.problem._is_new)
    session.ended.emit("listing", Outcome("finished"))
    assert window.problem.problem is not None
    session.stop("exporting")
    qtbot.waitUntil(lambda: "exporting" not in session.jobs, timeout=30_000)
    assert window.problem.problem is None
