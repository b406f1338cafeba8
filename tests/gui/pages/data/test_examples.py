"""The examples stand on low cards, as many beside each other as there is room for, and a press opens one."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.config.samples import Sample
from studio.gui.pages.data.examples import Examples
from studio.gui.widgets.elided import Elided

LONG = "A title that is so long that it can never stand on a low card of three hundred pixels as it is"
KINDS = ("classify", "classify", "answer", "search", "find", "rate")
SAMPLES = [
    Sample(str(n), LONG if n == 1 else f"Table {n}", f"{n}.csv", kind, "100 rows", "a minute", "About it.")  # type: ignore[arg-type]
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
    assert "a minute" in card.toolTip()
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
