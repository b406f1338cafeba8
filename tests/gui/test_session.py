"""The Session: one write path, a project on disk, and what came of long work."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from studio.gui.session import Session
from studio.gui.work import Sorted
from studio.problems import Problem
from studio.runs.project import open_project
from tests.gui import scripted
from tests.tiny import tiny_encoder_folder


class Told:
    """What the session told."""

    def __init__(self, session: Session) -> None:
        self.topics: list[frozenset[str]] = []
        self.problems: list[Problem] = []
        session.changed.connect(self.topics.append)
        session.problem.connect(self.problems.append)


def test_a_change_is_checked_told_once_and_saved(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    told = Told(session)
    assert session.change("training.epochs", 3.0) is None
    assert told.topics == [frozenset({"config"})]
    session.save()
    assert open_project(sorted_project).config.training.epochs == 3.0


def test_a_wrong_value_comes_back_and_changes_nothing(session: Session) -> None:
    told = Told(session)
    problem = session.change("training.epochs", -1)
    assert problem is not None
    assert "Rounds" in problem.what
    assert session.config.training.epochs is None
    assert not told.topics


def test_a_file_becomes_a_project_with_roles_and_rows(session: Session, messages: Path, home: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.project is not None
    assert session.project.folder == home / "projects" / "messages"
    assert (session.config.data.input, session.config.data.target) == ("text", "topic")
    assert session.config.task.kind == "classify"
    assert session.dataset is not None
    assert sum(len(rows) for rows in session.dataset.parts.values()) == 60
    assert 1 <= len(session.prompts) <= 3
    assert session.marks()["data"] == "open"
    session.go_to("goal")
    assert session.marks()["data"] == "done"


def test_a_file_that_cannot_be_read_leaves_no_project(session: Session, tmp_path: Path, home: Path) -> None:
    told = Told(session)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    session.import_file(empty)
    scripted.settle(session)
    assert session.project is None
    assert [problem.what for problem in told.problems]
    assert not list((home / "projects").glob("*/project.json"))


def test_exchanging_the_roles_looks_at_the_rows_again(session: Session, messages: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    session.set_role("topic", "input")
    assert (session.config.data.input, session.config.data.target) == ("topic", "text")
    assert "look" in session.jobs
    scripted.settle(session)
    assert session.trouble is not None or session.dataset is not None


def test_opening_a_project_brings_its_latest_run_back(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    assert session.history.state == "finished"
    assert session.report is not None
    assert session.station == "train"
    session.go_to("try")
    assert session.marks()["train"] == "done"
    assert session.marks()["judge"] == "done"


def test_deleting_a_run_removes_its_folder_and_lets_go_of_it(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    folder = session.run.folder
    session.remove_run(session.run)
    assert not folder.exists()
    assert session.run is None
    assert session.report is None


def test_a_second_project_is_refused_while_something_runs(
    session: Session, messages: Path, sorted_project: Path
) -> None:
    told = Told(session)
    session.import_file(messages)
    session.open(sorted_project)
    assert told.problems[0].what == "Something is still running."
    scripted.settle(session)


def test_it_trains_stops_and_sorts_for_real(qtbot: QtBot, session: Session, messages: Path, tmp_path: Path) -> None:
    model = tiny_encoder_folder(tmp_path)
    session.import_file(messages)
    scripted.settle(session)
    told = Told(session)
    session.change_all({"model.base": str(model), "training.max_steps": 4, "training.rows_per_step": 4})
    scripted.settle(session)
    assert not told.problems, told.problems[0].details
    assert session.trouble is None
    assert session.forecast is not None
    with qtbot.waitSignal(session.ended, timeout=60_000):
        session.start_training()
    assert not told.problems, told.problems[0].details
    assert session.run is not None
    assert session.run_status == "finished"
    assert session.history.step == 4
    assert session.history.best is not None
    answers: list[object] = []
    session.happened.connect(lambda _kind, events: answers.extend(events))
    with qtbot.waitSignal(session.ended, timeout=60_000):
        assert session.sort_text("a bill that came twice")
    shares = next(answer for answer in answers if isinstance(answer, Sorted)).shares
    assert set(shares) == {"billing", "refill"}
    assert abs(sum(shares.values()) - 1) < 1e-4
