"""The Qt that is installed fits this Python."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on, None and True are never counted")
def test_no_call_takes_more_nones_than_it_gives(qtbot: QtBot) -> None:
    """PySide6 6.12.0 forgets to count them: after some ten thousand calls Python ends with “deallocating None”."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(1000):
        label.update()
        label.property("not there")
        label.isEnabled()
    lost = before[0] - sys.getrefcount(None), before[1] - sys.getrefcount(True)
    assert max(lost) < 100, f"lost {lost[0]} None and {lost[1]} True"
