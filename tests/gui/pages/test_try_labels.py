"""A whole file for a model that sorts: how it is read is found by looking, seen, and told otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio import flow
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import preview
from studio.events import Event, Predicted
from studio.gui.ask import Ask
from studio.gui.pages.data.reading import ReadingDialog
from studio.gui.pages.try_labels import LabelWords
from studio.gui.pages.try_one import TryOne
from studio.gui.session import Session
from studio.problems import Problem
from tests.gui import scripted


class Asked(Ask):
    """Chooses the files it was given."""

    def __init__(self, file: Path, out: Path) -> None:
        self.file, self.out = file, out

    def open_file(self, *_: object, **__: object) -> Path | None:
        return self.file

    def save_as(self, *_: object, **__: object) -> Path | None:
        return self.out


def test_a_file_that_was_read_wrongly_is_read_again_as_it_is_told(
    qtbot: QtBot, session: Session, sorted_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model is left out; that the file has the column to read is asked as it would be."""
    told: list[ReadOptions] = []

    def predict(_folder: Path, file: Path, out: Path, *, options: ReadOptions, **_: Any) -> Iterator[Event]:
        told.append(options)
        seen = preview(file, options)
        if "text" not in seen.columns:
            raise Problem("The file has no column “text”.", f"It has {', '.join(seen.columns)}.")
        yield Predicted(str(out), len(seen.rows))

    monkeypatch.setattr(flow, "predict", predict)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))  # seconds to import, and not needed here
    file = tmp_path / "letters.csv"
    file.write_text("A report of the clinic\n" * 3 + "id~text\n" + "".join(f"{n}~bill {n}\n" for n in range(9)))
    scripted.open_project(session, sorted_project)
    face = TryOne(session, Asked(file, tmp_path / "out.csv"), LabelWords())
    qtbot.addWidget(face)
    face.show()
    assert not face.file.reread.isVisible()
    face.file.choose.click()
    scripted.settle(session)
    assert face.file.reread.isVisible()
    face.file.reread.click()
    dialog = face.findChild(ReadingDialog)
    assert dialog is not None
    assert dialog.options() == ReadOptions()
    qtbot.waitUntil(lambda: dialog._looking is None, timeout=20_000)
    dialog.choices["delimiter"].choose("~")
    dialog.choices["skip"].choose(3)
    qtbot.waitUntil(lambda: dialog._accept.isEnabled() and dialog._model.columnCount() == 2, timeout=20_000)
    dialog._accept.click()
    scripted.settle(session)
    assert told == [ReadOptions(), ReadOptions(delimiter="~", skip=3)]
    assert face.file.words.text() == "9 rows answered in out.csv."
    face.file.choose.click()  # another file is found by looking again
    scripted.settle(session)
    assert told[-1] == ReadOptions()
