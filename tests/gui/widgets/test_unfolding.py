"""Words on one line that unfold where they do not fit."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.gui.widgets.unfolding import Unfolding


def test_words_that_do_not_fit_unfold_and_fold_again(qtbot: QtBot) -> None:
    long = "many words " * 40
    line = Unfolding(long)
    qtbot.addWidget(line)
    line.resize(300, 30)
    line.show()
    assert line.text() == long
    assert line.arrow.isVisible()
    low = line.sizeHint().height()
    line.arrow.click()
    assert line._whole.isVisible()
    assert line.heightForWidth(300) > 2 * low
    line.arrow.click()
    assert not line._whole.isVisible()
    line.setText("few words")
    assert not line.arrow.isVisible()
