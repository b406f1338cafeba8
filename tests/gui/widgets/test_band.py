"""One message at a time, the most important first."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.gui.widgets.band import Band, Bands


def test_one_band_is_shown_and_the_others_come_on_a_click(qtbot: QtBot) -> None:
    first, second, third = Band(), Band(kind="warn"), Band()
    bands = Bands(first, second, third)
    qtbot.addWidget(bands)
    bands.resize(600, 60)
    bands.show()
    for band in (first, second, third):
        band.say("words")
    third.want(True)
    assert third.isVisible()
    assert third.others.isHidden()
    second.want(True)
    first.want(True)
    assert [band.isVisible() for band in (first, second, third)] == [True, False, False]
    assert first.others.text() == "2 more"
    first.others.click()
    assert [band.isVisible() for band in (first, second, third)] == [False, True, False]
    second.want(True)  # nothing new: what a person looks at stays
    assert second.isVisible()
    second.want(False)
    assert first.isVisible()
    assert first.others.text() == "1 more"
    first.want(False)
    third.want(False)
    assert bands.isHidden()
