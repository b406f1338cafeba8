"""Where a dialog for a file opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.ask import Ask
from studio.gui.preferences import Preferences


def test_a_file_is_looked_for_where_the_last_one_was(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    chosen = tmp_path / "tables" / "letters.csv"
    chosen.parent.mkdir()

    def choose(_parent: object, _title: str, start: str, *_: object) -> tuple[str, str]:
        started.append(start)
        return str(chosen), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.chdir(tmp_path)
    ask = Ask()
    assert ask.open_file(None, "A file") == chosen
    assert Path(started[0]).is_dir()
    assert Path(started[0]) != tmp_path
    ask.open_file(None, "A file")
    ask.save_as(None, "The report", suggested="report.md", kinds="Text (*.md)")
    assert started[1:] == [str(chosen.parent), str(chosen.parent / "report.md")]


def test_several_files_come_by_name_and_the_folder_is_remembered(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [str(tmp_path / name) for name in ("train.csv", "test.csv")]
    kinds: list[str] = []

    def choose(_parent: object, _title: str, _start: str, wanted: str) -> tuple[list[str], str]:
        kinds.append(wanted)
        return names, ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    assert Ask().open_files(None, "Files") == (tmp_path / "test.csv", tmp_path / "train.csv")
    assert Preferences().folder == tmp_path
    names.clear()
    assert Ask().open_files(None, "Files") == ()
    assert all(f"*{ending} " in kinds[0] for ending in (".csv", ".xlsx", ".json", ".jsonl", ".parquet", ".zip"))
    assert kinds[0].endswith("All files (*)")


def test_a_folder_is_read_or_nothing(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [str(tmp_path), ""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers.pop(0))
    assert Ask().choose_folder(None, "A folder") == tmp_path
    assert Ask().choose_folder(None, "A folder") is None


def test_the_buttons_of_a_file_dialog_have_their_height(qtbot: QtBot) -> None:
    theme.theme().apply("light")
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    assert all(button.height() >= 30 for button in dialog.findChildren(QPushButton))
