"""The page Judge of a model that rates: of two numbers beside a text it says whose is which."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.evaluation.scores import Miss
from studio.generation.ranges import Scale
from studio.gui.pages.judge_report import _MissRow
from studio.gui.widgets.chip import Chip


@pytest.mark.parametrize(("scale", "given"), [(Scale(0, 10), "9.2"), (Scale(0, 1), "9.21"), (None, "9.21")])
def test_yours_and_the_models_number_are_named(qtbot: QtBot, scale: Scale | None, given: str) -> None:
    row = _MissRow(Miss(3, "Fine.", 4.0, 9.2134), scale)
    qtbot.addWidget(row)
    assert [chip.text for chip in row.findChildren(Chip)] == ["yours 4", f"model {given}"]
    assert row.accessibleName() == f"Fine.: it is 4, it was given {given}"
