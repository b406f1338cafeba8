"""What a model said over time, frame beside frame."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from studio.events import Sampled
from studio.gui.widgets.film_strip import FilmStrip, Frame
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


def test_a_text_without_spaces_keeps_its_signs_together(qtbot: QtBot) -> None:
    frame = Frame()
    qtbot.addWidget(frame)
    thai = "\u0e01\u0e47" * 20  # a consonant and the vowel sign above it
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    frame.show_sample("before", Sampled(0, "?", thai + family, None), is_last=False)
    assert frame.answer.text().split("\u200b") == ["\u0e01\u0e47"] * 20 + [family]
