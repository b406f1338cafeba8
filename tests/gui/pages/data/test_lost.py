"""A project whose table is damaged or gone is opened, said, and read again with its edits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.data.table.edits import SetCells
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.data import DataPage
from studio.gui.session import Session
from studio.problems import Problem
from tests.gui import scripted


@pytest.mark.parametrize("damage", ["rows gone", "rows damaged", "description damaged", "rows gone, and the file grew"])
def test_a_lost_table_is_said_and_read_again_with_its_edits(
    qtbot: QtBot, session: Session, messages: Path, damage: str
) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.edits.do((SetCells("text", ((3, "mended"),)),), "first")
    session.edits.finish_now()
    scripted.settle(session)
    assert session.change("training.epochs", 3.0) is None
    assert session.project is not None
    assert session.table is not None
    folder, snapshot = session.project.folder, session.table.folder
    session.new_project()
    if damage == "rows damaged":
        (snapshot / "table.parquet").write_bytes(b"PAR1 nonsense")
    elif damage == "description damaged":
        (snapshot / "reading.json").write_text("{")
    else:
        (snapshot / "table.parquet").unlink()
    if "grew" in damage:
        messages.write_text(messages.read_text(encoding="utf-8") + "one more,refill\n", encoding="utf-8")
    told: list[Problem] = []
    session.problem.connect(told.append)
    page = DataPage(session, Ask())
    qtbot.addWidget(page)
    page.show()
    assert page.lost.isHidden()
    session.open(folder)
    scripted.settle(session)
    assert [problem.what for problem in told] == ["The table of this project cannot be opened."]
    assert session.project is not None
    assert session.table is None
    assert session.config.training.epochs == 3.0
    session.save()
    assert len(told) == 1
    assert page.lost.isVisible()
    assert messages.name in page.lost.words.text()
    page.lost.again.click()
    scripted.settle(session)
    assert session.table is not None
    assert session.table.rows == (61 if "grew" in damage else 60)
    assert session.table.cells(3)[0] == "mended"
    assert (session.table.folder == snapshot) is ("grew" not in damage)
    assert page.lost.isHidden()
    session.open(folder)
    scripted.settle(session)
    assert session.table is not None
    assert len(told) == 1
    qtbot.waitUntil(lambda: not Job.running(), timeout=20_000)  # the page looks at the file


def test_a_project_whose_whole_data_folder_is_gone_still_shows_its_runs(session: Session, sorted_project: Path) -> None:
    shutil.rmtree(sorted_project / "data")
    session.open(sorted_project)
    scripted.settle(session)
    assert session.run is not None
