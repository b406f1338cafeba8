"""The chart: the points that are drawn, thinned but never smoothed over."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.widgets.chart import LINE, CurveChart, Style, nice_ticks, thin


def test_a_long_curve_keeps_its_peaks() -> None:
    ys = np.sin(np.linspace(0, 9, 100_000))
    ys[54_321] = 7.0
    x, y = thin(np.arange(100_000.0), ys, 1000)
    assert len(x) <= 1100
    assert y.max() == 7.0
    assert (x[0], x[-1]) == (0, 99_999)
    assert (np.diff(x) > 0).all()


def test_a_short_curve_is_drawn_as_it_is() -> None:
    x, y = thin(np.arange(3.0), np.array([3.0, 1.0, 2.0]))
    assert list(y) == [3.0, 1.0, 2.0]
    assert len(x) == 3


def test_round_numbers_along_the_side() -> None:
    assert nice_ticks(0, 2.6, 5) == [0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert nice_ticks(1, 1) == []
    assert nice_ticks(0, math.inf) == []


def test_values_that_are_no_numbers_are_left_out(qtbot: QtBot) -> None:
    chart = CurveChart("Loss", {"loss": Style("accent")})
    qtbot.addWidget(chart)
    chart.set_curve("loss", [1, 2, 3], [0.5, math.nan, 0.25])
    assert chart.points("loss") == [(1, 0.5), (3, 0.25)]


def test_points_and_lines_share_their_place(qtbot: QtBot) -> None:
    chart = CurveChart("Loss", {"loss": Style("accent")})
    qtbot.addWidget(chart)
    chart.resize(400, 300)
    chart.set_range(last_step=100, low=0.0, high=2.0)
    chart.show()
    view = chart._view
    drawn = view.mapTo(chart, view.mapFromScene(view.getViewBox().mapViewToScene(pg_point(50, 1.0))))
    meant = chart.place(50, 1.0)
    assert drawn.x() == pytest.approx(meant.x(), abs=2)
    assert drawn.y() == pytest.approx(meant.y(), abs=2)


def pg_point(x: float, y: float) -> object:
    from pyqtgraph import Point

    return Point(x, y)


def test_it_follows_the_theme(qtbot: QtBot) -> None:
    theme.theme().apply("light")
    chart = CurveChart("Loss", {"loss": Style("accent")})
    qtbot.addWidget(chart)
    light = chart._items["loss"].opts["pen"].color().name()
    theme.theme().apply("dark")
    assert chart._items["loss"].opts["pen"].color().name() != light
    theme.theme().apply("light")


def test_no_number_stands_in_the_words_of_the_line_to_compare_with(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = CurveChart("Score", {"score": Style("good")}, label=lambda value: f"{value:.0%}", small=True)
    qtbot.addWidget(chart)
    chart.resize(300, 92)
    chart.set_range(last_step=10, low=0.5, high=1.0)
    feet: list[tuple[float, str]] = []
    monkeypatch.setattr(chart, "_paint_at_right", lambda _painter, foot, words: feet.append((foot, words)))
    for value in range(50, 101):
        chart.set_reference(value / 100, "Keywords")
        feet.clear()
        chart.grab()
        (foot,) = {foot for foot, words in feet if words == "Keywords"}
        assert all(abs(foot - other) >= LINE for other, words in feet if words != "Keywords"), value
    chart.set_reference(None)
    feet.clear()
    chart.grab()
    assert len(feet) >= 2
