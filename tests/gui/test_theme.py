"""The look: what matters can be read in both themes, and a switch needs no restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.gui import theme

GROUNDS = ("window", "surface", "raised")
PAIRS = [
    *((tone, ground) for tone in ("text", "soft", "accent", "good", "bad", "warn") for ground in GROUNDS),
    *((tone, f"{tone}_wash") for tone in ("accent", "good", "warn", "bad", "plum", "teal")),
    *(("text", f"{tone}_wash") for tone in ("accent", "good", "warn", "bad")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
]


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    theme.theme().apply("light")
    yield
    theme.theme().apply("light")


def luminance(name: str) -> float:
    channels = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in QColor(theme.tokens()[name]).getRgbF()[:3]
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(mode: theme.Mode, ink: str, ground: str) -> None:
    theme.theme().apply(mode)
    low, high = sorted((luminance(ink), luminance(ground)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_switch_recolours_what_is_open_and_tells_who_paints(qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(theme.theme().theme_changed):
        theme.theme().apply("dark")
    assert theme.color("text").name().upper() == "#ECEAE3"
    label.ensurePolished()
    assert label.palette().color(label.foregroundRole()).name().upper() == "#ECEAE3"


def test_choosing_the_same_again_restyles_nothing(qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.theme().theme_changed):
        theme.theme().apply("light")


def test_figures_have_one_width_in_every_step_of_the_scale() -> None:
    for kind in ("body", "secondary", "title", "big"):
        found = theme.font(kind)
        assert found.isFeatureSet(QFont.Tag("tnum"))


def test_every_icon_takes_the_colour_it_is_asked_for() -> None:
    for path in (paths.resources() / "icons").glob("*.svg"):
        if "currentColor" in path.read_text(encoding="utf-8"):
            image = theme.pixmap(path.stem, "accent", 16, 2.0).toImage()
            inked = {
                image.pixelColor(x, y).name() for x in range(32) for y in range(32)
                if image.pixelColor(x, y).alpha() == 255
            }  # fmt: skip
            assert inked == {theme.color("accent").name()} or not inked - {theme.color("accent").name()}, path.name


def test_an_unknown_colour_is_an_error() -> None:
    with pytest.raises(KeyError):
        theme.color("mauve")
