"""The examples stand on low cards, as many beside each other as there is room for, and a press opens one."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.config.samples import Sample
from studio.gui import theme
from studio.gui.pages.data.examples import ExampleCard, Examples
from studio.gui.preferences import Preferences
from studio.gui.session import Session
from studio.gui.widgets.elided import Elided
from studio.gui.window import MainWindow

LONG = "A title that is so long that it can never stand on a low card of three hundred pixels as it is"
KINDS = ("classify", "classify", "answer", "search", "find", "rate")
SAMPLES = [
    Sample(str(n), LONG if n == 1 else f"Table {n}", f"{n}.csv", kind, "100 rows", "About it.")  # type: ignore[arg-type]
    for n, kind in enumerate(KINDS)
]


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def examples(qtbot: QtBot, opened: list[str]) -> Examples:
    made = Examples(SAMPLES, opened.append)
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    qtbot.wait(1)
    return made


def test_each_says_its_goal_and_opens_its_table(examples: Examples, opened: list[str]) -> None:
    card = examples.cards[3]
    assert card.accessibleName() == "Open the example Table 3"
    assert "Search by meaning" in card.accessibleDescription()
    card.click()
    assert opened == ["3"]
    assert not card.isChecked()


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (600, 2), (905, 3), (1165, 4), (2000, 4)])
def test_as_many_columns_as_there_is_room(qtbot: QtBot, examples: Examples, width: int, columns: int) -> None:
    examples.resize(width, 600)
    qtbot.wait(1)
    tops = {card.y() for card in examples.cards}
    assert len(tops) == -(-len(SAMPLES) // columns)
    assert all(line.height() > 8 for card in examples.cards for line in card.findChildren(Elided))
    assert examples.sizeHint().width() <= 2000


@pytest.mark.parametrize("size", [(1180, 720), (1280, 800), (1440, 900)])
def test_the_first_page_shows_the_words_of_every_card(qtbot: QtBot, session: Session, size: tuple[int, int]) -> None:
    window = MainWindow(session, Preferences())
    qtbot.addWidget(window)
    theme.theme().apply("light")
    window.resize(*size)
    window.show()
    qtbot.wait(50)
    cards = window.findChildren(ExampleCard)
    assert cards
    for card in cards:
        for line in card.findChildren(Elided):
            assert line.height() >= line.fontMetrics().ascent(), card.sample.title
            assert _is_painted(card.grab(line.geometry()).toImage()), line.text()
        if size[0] >= 1440:
            title = next(line for line in card.findChildren(Elided) if line.text() == card.sample.title)
            assert QLabel.text(title) == card.sample.title


def _is_painted(picture: QImage) -> bool:
    """Whether there is anything on it beside one colour."""
    ground = QColor(picture.pixel(0, 0))
    return any(
        QColor(picture.pixel(x, y)) != ground
        for x in range(min(picture.width(), 80))
        for y in range(picture.height())
    )  # fmt: skip
