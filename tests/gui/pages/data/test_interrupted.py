"""The start page tells of a run that was interrupted, and goes on with it at one press."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.events import Saved
from studio.gui.ask import Ask
from studio.gui.job import Control, Job
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.start import ProjectButton
from studio.gui.session import Session
from studio.gui.work import running
from tests.gui import scripted


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A project whose run ended in the middle."""
    return scripted.project(tmp_path / "Customer messages", kind="classify", ended=False, judged=False)


def start_page(qtbot: QtBot, session: Session, *recent: Path) -> DataPage:
    page = DataPage(session, Ask(), recent)
    qtbot.addWidget(page)
    page.show()
    return page


def interrupted_page(qtbot: QtBot, session: Session, *recent: Path) -> DataPage:
    page = start_page(qtbot, session, *recent)
    qtbot.waitUntil(page.interrupted.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)
    return page


def test_the_first_interrupted_project_is_told_with_what_is_safe(
    qtbot: QtBot, session: Session, sorted_project: Path, torn: Path
) -> None:
    page = interrupted_page(qtbot, session, sorted_project, torn)
    said = "“Customer messages” was learning when it ended: 40 of 80 steps are safe."
    assert page.interrupted.words.text() == said
    assert page._start.button.property("kind") == "secondary"  # one loud button a page


def test_continue_opens_the_project_and_goes_on_from_the_last_checkpoint(
    qtbot: QtBot, session: Session, torn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    continued: list[Path] = []

    def go_on(_: Control, folder: Path) -> list[object]:  # the run's model exists in its record only
        continued.append(folder)
        return []

    monkeypatch.setattr(running, "go_on", go_on)
    page = interrupted_page(qtbot, session, torn)
    page.interrupted.go_on.click()
    scripted.settle(session)
    assert session.project is not None
    assert session.project.folder == torn
    assert session.station == "train"
    assert continued == [torn / "runs" / "run-1"]
    session.new_project()
    assert not page.interrupted.isVisible()


def test_not_now_hides_it_for_this_start(qtbot: QtBot, session: Session, torn: Path) -> None:
    page = interrupted_page(qtbot, session, torn)
    page.interrupted.not_now.click()
    session.new_project()
    assert page._start.isVisible()
    assert not page.interrupted.isVisible()
    assert page._start.button.property("kind") == "primary"


def test_opening_the_project_from_elsewhere_takes_the_card_away(qtbot: QtBot, session: Session, torn: Path) -> None:
    page = interrupted_page(qtbot, session, torn)
    scripted.open_project(session, torn)
    session.new_project()
    assert page._start.isVisible()
    assert not page.interrupted.isVisible()


def test_only_a_newest_run_that_is_interrupted_counts(tmp_path: Path, sorted_project: Path, torn: Path) -> None:
    stopped = scripted.project(tmp_path / "halved", kind="classify", stopped=True, judged=False)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "project.json").write_text("{", encoding="utf-8")
    look = partial(running.find_interrupted, Control())
    assert list(look((damaged, stopped, sorted_project))) == []
    assert list(look((damaged, torn))) == [running.Interrupted(torn, "Customer messages", safe=40, total=80)]


def test_a_run_that_saved_nothing_is_told_so(qtbot: QtBot, session: Session, torn: Path) -> None:
    record = torn / "runs" / "run-1" / "events.jsonl"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f'"{Saved.__name__}"' not in line]
    record.write_text("".join(kept), encoding="utf-8")
    page = interrupted_page(qtbot, session, torn)
    assert "Nothing was saved yet" in page.interrupted.words.text()


def test_a_run_that_was_stopped_halfway_is_told_where_its_project_is_listed(
    qtbot: QtBot, session: Session, sorted_project: Path, tmp_path: Path
) -> None:
    halfway = scripted.project(tmp_path / "Halfway", kind="classify", stopped=True, judged=False)
    page = start_page(qtbot, session, halfway, sorted_project)
    listed = page._start.recent
    qtbot.waitUntil(
        lambda: (
            {b.folder: b.accessibleDescription() for b in listed.findChildren(ProjectButton)}.get(halfway)
            == "stopped at step 40 of 80"
        ),
        timeout=10_000,
    )
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)
    (other,) = (b for b in listed.findChildren(ProjectButton) if b.folder == sorted_project)
    assert "stopped" not in other.accessibleDescription()
    assert page.interrupted.isHidden()
