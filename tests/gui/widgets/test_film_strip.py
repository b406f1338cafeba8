"""What a model said over time, frame beside frame."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from studio.events import Sampled
from studio.gui.widgets.film_strip import FilmStrip
from studio.runs.history import History
from tests.gui import scripted


def test_an_answer_without_a_space_takes_no_more_room_than_the_others(qtbot: QtBot) -> None:
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(560, 260)
    strip.show()
    begun = replace(scripted.events()[0], score_name="next word right")
    said = ("P\ufffd" * 60, "And dise is seand tof", "Hor Theais seant to no", "CAULIZET: Has not selford")
    strip.show_history(History.of([begun, *(Sampled(500 * n, "ROMEO:", text, None) for n, text in enumerate(said))]))
    qtbot.wait(50)
    widths = {frame.width() for frame in strip.frames}
    assert max(widths) - min(widths) <= 1
    assert strip.frames[0].answer.text().replace("\u200b", "") == said[0]
