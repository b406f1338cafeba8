"""Where files are dropped: both ways of asking for some are on the zone, and a drag gives its local files by name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.widgets.drop_zone import DropCurtain, DropZone, dropped_files


def test_files_and_a_folder_are_asked_for_by_buttons_that_are_seen(qtbot: QtBot) -> None:
    asked: list[str] = []
    zone = DropZone(lambda: asked.append("files"), lambda: asked.append("folder"))
    qtbot.addWidget(zone)
    zone.resize(700, 300)
    zone.show()
    buttons = zone.findChildren(QPushButton)
    assert [button.accessibleName() for button in buttons] == ["Choose a file", "Choose a folder"]
    for button in buttons:
        assert button.isVisible()
        assert zone.rect().contains(button.geometry())
        button.click()
    assert asked == ["files", "folder"]


def test_the_zone_is_tall_enough_for_what_is_in_it(qtbot: QtBot) -> None:
    zone = DropZone(lambda: None, lambda: None)
    qtbot.addWidget(zone)
    zone.resize(500, zone.minimumHeight())
    zone.show()
    QCoreApplication.processEvents()
    boxes = [widget.geometry() for widget in zone.children() if isinstance(widget, QWidget)]
    assert all(above.bottom() < below.top() for above, below in pairwise(boxes))
    assert zone.rect().contains(boxes[0])
    assert zone.rect().contains(boxes[-1])


def test_a_drag_gives_its_local_files_and_folders_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    names = [tmp_path / "test.csv", folder, tmp_path / "a b.csv"]
    data = QMimeData()
    data.setUrls([*(QUrl.fromLocalFile(str(name)) for name in names), QUrl("https://example.org/x.csv")])
    assert dropped_files(data) == (tmp_path / "a b.csv", folder, tmp_path / "test.csv")
    assert dropped_files(QMimeData()) == ()


def test_the_curtain_covers_the_window_beside_what_is_left_free(qtbot: QtBot) -> None:
    zone = DropZone(lambda: None, lambda: None)
    qtbot.addWidget(zone)
    zone.resize(700, 300)
    curtain = DropCurtain(zone)
    zone.show()
    assert not curtain.isVisible()
    curtain.draw_over(200)
    assert curtain.isVisible()
    assert curtain.geometry().getRect() == (200, 0, 500, 300)
