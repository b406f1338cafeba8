"""The Session: one write path, a project on disk, and what came of long work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.reading.options import ReadOptions
from studio.data.table.edits import DeleteRows
from studio.events import Progressed
from studio.gui.job import Control
from studio.gui.session import FLOW, Session
from studio.gui.work import trying
from studio.gui.work.trying import Sorted
from studio.problems import Problem
from studio.runs.project import open_project, save_project
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
    marks = session.station_states()
    assert marks["data"] == marks["goal"] == "done"
    assert {marks[later] for later in ("train", "try", "judge", "export")} == {"open"}


def test_how_a_file_was_told_to_be_read_goes_into_the_project(session: Session, messages: Path) -> None:
    session.import_file(messages, ReadOptions(delimiter=",", has_header=True))
    scripted.settle(session)
    assert (session.config.data.delimiter, session.config.data.has_header) == (",", True)
    session.import_file(messages)
    scripted.settle(session)
    assert (session.config.data.delimiter, session.config.data.has_header) == (None, None)


def test_looking_at_a_station_does_not_make_it_done(session: Session) -> None:
    for station in FLOW:
        session.go_to(station)
    assert set(session.station_states().values()) == {"open"}


def test_a_goal_without_its_column_is_not_settled(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert session.station_states()["goal"] == "done"
    session.change("data.target", "")
    scripted.settle(session)
    marks = session.station_states()
    assert (marks["data"], marks["goal"], marks["model"]) == ("done", "open", "open")


@pytest.mark.parametrize(("ended", "stopped", "mark"), [(True, False, "done"), (False, True, "done"),
                                                         (False, False, "open")])  # fmt: skip
def test_a_run_is_done_when_it_came_to_its_end_or_was_kept(
    session: Session, tmp_path: Path, ended: bool, stopped: bool, mark: str
) -> None:
    folder = scripted.project(tmp_path / "letters", kind="classify", ended=ended, stopped=stopped, judged=False)
    scripted.open_project(session, folder)
    assert session.run_status == ("finished" if ended else "stopped" if stopped else "interrupted")
    marks = session.station_states()
    assert (marks["train"], marks["try"], marks["judge"]) == (mark, "open", "open")


def test_what_was_tried_stays_tried_when_the_project_is_opened_again(
    session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "read_text", lambda *_, **__: iter((Sorted("a bill", {"billing": 1.0}, ("billing",)),)))
    scripted.open_project(session, sorted_project)
    assert session.station_states()["try"] == "open"
    assert session.read_text("a bill")
    scripted.settle(session)
    assert session.station_states()["try"] == "done"
    session.new_project()
    assert session.station_states()["try"] == "open"
    scripted.open_project(session, sorted_project)
    assert session.station_states()["try"] == "done"


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
    assert "prepare" in session.jobs
    scripted.settle(session)
    assert session.dataset is None
    assert session.trouble is not None
    assert session.trouble.what == "There are too few rows."


def test_what_was_found_about_the_old_columns_does_not_come_late(session: Session, messages: Path) -> None:
    session.import_file(messages)
    reading = session.jobs["import"]
    assert reading is not None
    reading.wait()
    looking = session.jobs["prepare"]
    assert looking is not None
    looking._thread.wait()  # it has found everything, and nothing of that was taken yet
    seen: list[object] = []
    session.set_role("topic", "input")
    session.changed.connect(lambda _: seen.append((session.dataset, session.findings)))
    looking.wait()
    assert all(found == (None, ()) for found in seen)
    scripted.settle(session)
    assert session.trouble is not None
    assert session.trouble.what == "There are too few rows."


def test_the_examples_are_read_once_and_not_by_the_window(
    session: Session, messages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.dataset is not None
    watched = [row.input for row in session.dataset.rows("watching")]

    def refuse(*_: object) -> None:
        raise AssertionError("the window reads rows")

    monkeypatch.setattr(Dataset, "rows", refuse)
    assert session.prompts == tuple(dict.fromkeys(watched))[:3]
    session.set_role("topic", "input")
    assert session.prompts == ()
    session.jobs.finish_now()


def test_opening_another_project_saves_the_one_before(session: Session, sorted_project: Path, tmp_path: Path) -> None:
    scripted.open_project(session, sorted_project)
    session.change("training.epochs", 3.0)
    scripted.open_project(session, scripted.project(tmp_path / "other", kind="classify"))
    assert open_project(sorted_project).config.training.epochs == 3.0
    assert session.config.training.epochs is None


def test_a_separate_test_file_is_read_kept_and_let_go(session: Session, messages: Path, tmp_path: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.project is not None
    folder = session.project.folder
    kept = tmp_path / "kept.csv"
    kept.write_text("text,topic\nmy bill is wrong,billing\nmore tablets please,refill\n", encoding="utf-8")
    session.import_test_file(kept)
    scripted.settle(session)
    assert session.dataset is not None
    assert [row.input for row in session.dataset.rows("test")] == ["my bill is wrong", "more tablets please"]
    assert open_project(folder).config.data.test_file == str(kept)
    kept.unlink()
    session.new_project()
    scripted.open_project(session, folder)
    assert session.dataset.test_table is not None
    assert len(session.dataset.parts["test"]) == 2
    session.drop_test_file()
    scripted.settle(session)
    assert session.dataset.test_table is None
    assert open_project(folder).config.data.test_file == ""


def test_a_project_that_names_a_test_file_reads_it_or_says_why_not(
    session: Session, sorted_project: Path, tmp_path: Path
) -> None:
    told = Told(session)
    kept = scripted.messages(tmp_path / "kept.csv")
    kept.write_text(kept.read_text(encoding="utf-8") + "one more,refill\n", encoding="utf-8")
    project = open_project(sorted_project)
    save_project(replace(project, config=change(project.config, "data.test_file", str(kept))))
    scripted.open_project(session, sorted_project)
    assert session.test_table is not None
    assert session.test_table.rows == 61
    assert session.project is not None
    shutil.rmtree(session.project.data_folder / session.project.test_snapshot)
    kept.unlink()
    scripted.open_project(session, sorted_project)
    assert "kept.csv" in " ".join(str(problem.where) + problem.what + problem.why for problem in told.problems)
    assert session.config.data.test_file == ""
    assert session.dataset is not None


def test_a_test_file_whose_reading_was_stopped_stays_chosen(
    session: Session, sorted_project: Path, tmp_path: Path
) -> None:
    told = Told(session)
    kept = scripted.messages(tmp_path / "kept.csv")
    project = open_project(sorted_project)
    save_project(replace(project, config=change(project.config, "data.test_file", str(kept))))
    session.open(sorted_project)
    session.stop("import")
    scripted.settle(session)
    assert session.test_table is None
    assert session.config.data.test_file == open_project(sorted_project).config.data.test_file == str(kept)
    assert [problem.what for problem in told.problems] == ["kept.csv was not read."]
    scripted.open_project(session, sorted_project)
    assert session.test_table is not None


def test_another_file_that_cannot_be_read_does_not_let_the_test_file_go(
    session: Session, sorted_project: Path, tmp_path: Path
) -> None:
    kept, empty = scripted.messages(tmp_path / "kept.csv"), tmp_path / "empty.csv"
    empty.write_bytes(b"")
    project = open_project(sorted_project)
    save_project(replace(project, config=change(project.config, "data.test_file", str(kept))))
    session.open(sorted_project)
    session.stop("import")
    scripted.settle(session)
    session.import_file(empty)
    scripted.settle(session)
    assert session.config.data.test_file == str(kept)


def test_opening_changes_no_choice(session: Session, messages: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.project is not None
    folder = session.project.folder
    session.change_all({"data.input": "", "data.target": "", "data.template": "About {text}", "task.kind": "answer"})
    scripted.settle(session)
    before = session.config
    session.new_project()
    scripted.open_project(session, folder)
    assert session.config == before
    assert open_project(folder).config == before


def test_a_newer_table_keeps_the_choices_whose_columns_are_there(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"

    def write(*columns: str) -> None:
        rows = [",".join(f"{name} {n % 7 if name == 'who' else n}" for name in columns) for n in range(40)]
        file.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")

    write("text", "topic", "who")
    session.import_file(file)
    scripted.settle(session)
    chosen = {"data.input": "text", "data.target": "", "data.group": "who", "data.template": ""}
    assert session.change_all(chosen) is None
    write("text", "topic", "who", "more")
    session.read_again()
    scripted.settle(session)
    data = session.config.data
    assert (data.input, data.target, data.group) == ("text", "", "who")
    write("text", "topic", "more")
    session.read_again()
    scripted.settle(session)
    data = session.config.data
    assert (data.input, data.target, data.group) == ("text", "", "")
    session.change("data.template", "{text} and {more}")
    write("text", "topic")
    session.read_again()
    scripted.settle(session)
    assert "{more}" not in session.config.data.template


def test_opening_a_project_brings_its_latest_run_back(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    assert session.history.state == "finished"
    assert session.report is not None
    assert session.station == "train"
    session.go_to("try")
    assert session.station_states()["train"] == "done"
    assert session.station_states()["judge"] == "done"


def test_deleting_a_run_removes_its_folder_and_lets_go_of_it(session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    folder = session.run.folder
    session.remove_run(session.run)
    assert not folder.exists()
    assert session.run is None
    assert session.report is None


@pytest.fixture
def judging(session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose run is being judged until it is stopped."""

    def judge(control: Control, **_: object) -> Iterator[object]:
        while not control.should_stop():
            yield Progressed("Asking")

    monkeypatch.setattr(trying, "judge", judge)
    scripted.open_project(session, sorted_project)
    session.judge()
    return session


def test_a_run_that_is_being_judged_is_not_deleted(judging: Session) -> None:
    told, run = Told(judging), judging.run
    assert run is not None
    judging.remove_run(run)
    assert run.folder.is_dir()
    assert judging.run is run
    assert "Judging" in told.problems[0].why
    judging.stop("judging")
    scripted.settle(judging)
    judging.remove_run(run)
    assert not run.folder.exists()


def test_no_other_run_is_chosen_while_one_is_judged(judging: Session) -> None:
    told, run = Told(judging), judging.run
    assert not judging.choose_run(None)
    assert judging.run is run
    assert "Judging" in told.problems[0].why
    assert judging.choose_run(run)
    assert len(told.problems) == 1


def test_a_training_that_is_refused_leaves_the_model_in_memory(
    judging: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[bool] = []
    monkeypatch.setattr(judging._warm, "drop", lambda: dropped.append(True))
    told = Told(judging)
    judging.continue_run()
    assert "Judging" in told.problems[0].why
    assert not dropped


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
        assert session.read_text("a bill that came twice")
    shares = next(answer for answer in answers if isinstance(answer, Sorted)).shares
    assert set(shares) == {"billing", "refill"}
    assert abs(sum(shares.values()) - 1) < 1e-4


@pytest.mark.parametrize(("kind", "title"), [("classify", "Sorting a text"), ("rate", "Rating a text")])
def test_a_text_is_sorted_or_rated_as_the_goal_is(
    kind: str, title: str, session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "read_text", lambda *_, **__: iter(()))
    scripted.open_project(session, sorted_project)
    run = session.run
    assert run is not None
    session.run = replace(run, config=change(run.config, "task.kind", kind))
    assert session.read_text("a bill")
    assert session.jobs.heavy is not None
    assert session.jobs.heavy.title == title
    scripted.settle(session)


def test_after_an_edit_what_was_found_stays_until_the_whole_new_answer_is_there(
    session: Session, messages: Path
) -> None:
    session.import_file(messages)
    scripted.settle(session)
    before = session.findings
    assert before
    assert not session.is_stale
    seen: list[tuple[bool, bool]] = []
    session.changed.connect(lambda _: seen.append((session.is_stale, session.findings == before)))
    assert session.table is not None
    session.edits.do((DeleteRows((session.table.numbers[0],)),), "Delete a row")
    session.edits.finish_now()
    scripted.settle(session)
    assert not session.is_stale
    assert session.checked.is_last
    stale = [is_same for is_stale, is_same in seen if is_stale]
    assert stale
    assert all(stale)
    assert session.findings


def test_where_no_new_answer_comes_what_was_found_before_goes(
    session: Session, messages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.import_file(messages)
    scripted.settle(session)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("studio.gui.work.preparing.check", fail)
    assert session.table is not None
    session.edits.do((DeleteRows((session.table.numbers[0],)),), "Delete a row")
    session.edits.finish_now()
    scripted.settle(session)
    assert not session.is_stale
    assert not session.checked.findings
