"""What every test of the window gets: no thread is left running, and a session that is shut down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.job import Job
from studio.gui.session import Session
from tests.gui import scripted


@pytest.fixture(autouse=True)
def no_job_left() -> Iterator[None]:
    """A job that outlives its test would speak into the next one."""
    yield
    left = Job.running()
    for job in left:
        job.finish_now()
    assert not left, f"left running: {[job.title for job in left]}"


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:  # Qt has to be there first
    opened = Session()
    yield opened
    opened.shut_down()


@pytest.fixture
def sorted_project(tmp_path: Path) -> Path:
    """A project with a finished run that sorts, and its report."""
    return scripted.project(tmp_path / "letters", kind="classify")


@pytest.fixture
def answered_project(tmp_path: Path) -> Path:
    """A project with a finished run that answers, and its report."""
    return scripted.project(tmp_path / "leaflets", kind="answer")


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """A table of sixty messages with two topics."""
    return scripted.messages(tmp_path / "messages.csv")
