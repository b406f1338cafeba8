"""A file that comes to be read in the middle of other work: everything goes on with the table that it began with, and
nothing is shown of a table that is not there any more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest
from pytestqt.qtbot import QtBot

from studio.data.checkup.kept import FINDINGS_FILE
from studio.data.reading.options import ReadOptions
from studio.data.table import take_up as taking
from studio.data.table.edits import DeleteRows, SetCells
from studio.data.table.snapshots import is_whole
from studio.data.table.table import Table
from studio.gui.ask import Ask
from studio.gui.job import Control, Job
from studio.gui.pages.data.data import DataPage
from studio.gui.session import Session
from studio.gui.work import loading, preparing, running
from studio.problems import Problem
from studio.runs.hold import HOLD_FILE, is_held
from studio.runs.project import PROJECT_FILE, open_project
from tests.gui import scripted

ROOT = Path(__file__).parents[2]
SKIPPED = ReadOptions(skip=1, has_header=False)  # the same file without its first line: rows lie in other places


@pytest.fixture
def opened(session: Session, messages: Path) -> Session:
    """A session with sixty messages, of which the fourth was edited."""
    session.import_file(messages)
    scripted.settle(session)
    do(session, SetCells("text", ((3, "mended"),)), title="first")
    return session


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """Another file: ninety rows in the same columns."""
    file = tmp_path / "others.csv"
    rows = [f"quite another text {n},{'ab'[n % 2]}" for n in range(90)]
    file.write_text("text,topic\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def do(session: Session, *edits: SetCells | DeleteRows, title: str) -> None:
    assert session.edits.do(edits, title)
    session.edits.finish_now()
    scripted.settle(session)


def titles(session: Session) -> list[str]:
    log = session.edits.log
    assert log is not None
    return [group.title for group in log.groups]


def table(session: Session) -> Table:
    assert session.table is not None
    return session.table


def cell(session: Session, row: int) -> str:
    return table(session).cells(row)[0]


class Gate:
    """Stands before work: what comes is told by `reached`, and goes on after `open`."""

    def __init__(self) -> None:
        self.came, self._may_go = Event(), Event()

    def wait(self) -> None:
        self.came.set()
        assert self._may_go.wait(30)

    def reached(self) -> None:
        assert self.came.wait(30)

    def open(self) -> None:
        self._may_go.set()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Holds a reading just before the edits are made again."""
    gate, real = Gate(), taking.take_up

    def held(*args: object, **kwargs: object) -> object:
        gate.wait()
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "take_up", held)
    return gate


def held(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> Gate:
    """Holds the first call of a work function just before its first event."""
    gate, real = Gate(), getattr(module, name)
    calls: list[int] = []

    def work(control: Control, **kwargs: object) -> Iterator[object]:
        calls.append(1)
        if len(calls) == 1:
            gate.wait()
        yield from real(control, **kwargs)

    monkeypatch.setattr(module, name, work)
    return gate


def import_only(session: Session, file: Path, options: ReadOptions | None = None) -> None:
    """Read a file while other jobs stand still."""
    session.import_file(file, options)
    while (job := session.jobs["import"]) is not None:
        job.wait()


def do_now(session: Session, *edits: SetCells | DeleteRows, title: str) -> None:
    assert session.edits.do(edits, title)
    session.edits.finish_now()


def one_more(file: Path) -> None:
    """Another row at the top, so that all others lie elsewhere."""
    head, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([head, "one more,refill\n", *rows]), encoding="utf-8")


def test_edits_made_while_the_file_is_read_are_made_again(opened: Session, messages: Path, reading: Gate) -> None:
    one_more(messages)
    opened.import_file(messages)
    do_now(opened, SetCells("text", ((5, "while reading"),)), title="second")
    reading.reached()
    do_now(opened, SetCells("text", ((6, "while made again"),)), title="third")
    do_now(opened, DeleteRows((0,)), title="taken back")
    opened.edits.undo()
    reading.open()
    scripted.settle(opened)
    assert titles(opened) == ["first", "second", "third"]
    assert [cell(opened, row) for row in (4, 6, 7)] == ["mended", "while reading", "while made again"]
    assert len(table(opened).numbers) == 61


def test_an_edit_between_the_replay_and_its_use_is_made_again_once(
    opened: Session, messages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_more(messages)
    rounds: list[int] = []
    real = loading.fit_edits

    def fit(control: Control, *args: object, **kwargs: object) -> Iterator[object]:
        rounds.append(1)
        yield from real(control, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "fit_edits", fit)
    opened.import_file(messages)
    job = opened.jobs["import"]
    assert job is not None
    assert job._thread.wait(30_000)  # the new table lies there, and nobody has looked at it
    do_now(opened, SetCells("text", ((7, "late"),)), title="second")
    do_now(opened, DeleteRows((9,)), title="third")
    opened.edits.undo()
    scripted.settle(opened)
    assert len(rounds) == 2
    assert titles(opened) == ["first", "second"]
    assert (cell(opened, 4), cell(opened, 8)) == ("mended", "late")
    assert table(opened).rows == 61
    assert len(table(opened).numbers) == 61
    assert opened.edits.stack.count() == 2


def test_an_edit_while_the_same_file_is_read_in_the_same_way_stays(opened: Session, messages: Path) -> None:
    folder = table(opened).folder
    opened.import_file(messages)
    do_now(opened, SetCells("text", ((5, "meanwhile"),)), title="second")
    scripted.settle(opened)
    assert table(opened).folder == folder
    assert (titles(opened), cell(opened, 5)) == (["first", "second"], "meanwhile")


def test_edits_stay_with_their_table_where_another_file_comes(opened: Session, messages: Path, others: Path) -> None:
    told: list[Problem] = []
    opened.problem.connect(told.append)
    opened.import_file(others)
    do_now(opened, SetCells("text", ((5, "meanwhile"),)), title="second")
    scripted.settle(opened)
    assert titles(opened) == []
    assert [problem.what for problem in told] == ["Your 2 changes stay with the file that they were made to."]
    opened.import_file(messages)
    scripted.settle(opened)
    assert (titles(opened), cell(opened, 5)) == (["first", "second"], "meanwhile")


def test_a_reading_that_is_stopped_at_its_end_changes_nothing(opened: Session, messages: Path, reading: Gate) -> None:
    folder = table(opened).folder
    opened.import_file(messages, SKIPPED)
    reading.reached()
    opened.stop("import")
    reading.open()
    scripted.settle(opened)
    assert table(opened).folder == folder
    assert titles(opened) == ["first"]
    assert opened.project is not None
    assert open_project(opened.project.folder).snapshot == folder.name
    assert [path for path in opened.project.data_folder.iterdir() if is_whole(path)] == [folder]  # nothing is left


def test_a_table_that_came_and_was_given_up_before_anybody_looked_is_dropped(opened: Session, messages: Path) -> None:
    folder = table(opened).folder
    opened.import_file(messages, SKIPPED)
    job = opened.jobs["import"]
    assert job is not None
    assert job._thread.wait(30_000)
    opened.stop("import")
    scripted.settle(opened)
    assert table(opened).folder == folder
    assert opened.config.data.skip is None


def test_a_first_file_that_is_given_up_leaves_no_folder(session: Session, messages: Path) -> None:
    session.import_file(messages)
    job, incoming = session.jobs["import"], session._incoming
    assert job is not None
    assert incoming is not None
    assert job._thread.wait(30_000)
    assert incoming.folder.exists()
    session.stop("import")
    scripted.settle(session)
    assert session.project is None
    assert not incoming.folder.exists()


@pytest.mark.parametrize("name", ["prepare", "check"])
def test_what_was_found_in_the_table_of_before_is_not_shown(
    opened: Session, others: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    gate = held(monkeypatch, preparing, name)
    before = table(opened).folder
    assert opened.edits.do((SetCells("text", ((8, "again"),)),), "second")
    opened.edits.finish_now()
    if name == "check":
        look = opened.jobs["prepare"]
        assert look is not None
        look.wait()
    gate.reached()
    seen: list[tuple[object, ...]] = []
    opened.changed.connect(lambda _: seen.append((opened.table, opened.dataset, opened.checked)))
    import_only(opened, others)
    assert table(opened).rows == 90
    gate.open()
    scripted.settle(opened)
    for shown, dataset, checked in seen:
        if isinstance(shown, Table) and shown.rows == 90:
            assert dataset is None or dataset.table is shown  # type: ignore[attr-defined]
            assert not any(row >= 90 for finding in checked.findings for row in finding.rows)  # type: ignore[attr-defined]
    assert opened.dataset is not None
    assert opened.dataset.table is opened.table
    assert opened.checked.is_last
    assert before != table(opened).folder


def test_findings_lie_with_the_table_that_they_are_about(opened: Session, others: Path) -> None:
    before = table(opened)
    edited = json.loads((before.folder / FINDINGS_FILE).read_text(encoding="utf-8"))
    import_only(opened, others)
    scripted.settle(opened)
    assert (table(opened).folder / FINDINGS_FILE).exists()
    now = json.loads((table(opened).folder / FINDINGS_FILE).read_text(encoding="utf-8"))
    assert now["rows"]["about"] != edited["rows"]["about"]


def test_a_run_that_is_being_made_learns_from_the_table_that_it_began_with(
    opened: Session, others: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, got = Gate(), list[Table]()

    def train(control: Control, *, table: Table, **_: object) -> Iterator[object]:
        gate.wait()
        got.append(table)
        yield table.column("text")  # every row can still be read

    monkeypatch.setattr(running, "train", train)
    before = table(opened)
    opened.start_training()
    gate.reached()
    import_only(opened, others)
    assert table(opened).rows == 90
    assert is_whole(before.folder)
    gate.open()
    scripted.settle(opened)
    assert got[0].folder == before.folder
    assert not is_whole(before.folder)  # nobody needs its rows any more; its edits stay
    assert (before.folder / "edits.jsonl").exists()


def test_a_superseded_table_goes_only_when_nothing_at_all_runs(opened: Session, others: Path, tmp_path: Path) -> None:
    before, gate = table(opened).folder, Gate()

    def work(_: Control) -> Iterator[object]:
        gate.wait()
        yield None

    searching = Job(work, title="Searching", heavy=False)
    searching.start()
    import_only(opened, others)
    scripted.settle(opened)
    assert is_whole(before)
    gate.open()
    searching.wait()
    opened.look_again()
    scripted.settle(opened)
    assert not is_whole(before)


def test_reading_the_file_again_and_again_takes_no_more_room(opened: Session, messages: Path) -> None:
    assert opened.project is not None
    home = opened.project.data_folder
    for options in (SKIPPED, None, ReadOptions(skip=2, has_header=False), SKIPPED, None):
        opened.import_file(messages, options)
        scripted.settle(opened)
    assert [folder for folder in home.iterdir() if is_whole(folder)] == [table(opened).folder]
    assert titles(opened) == ["first"]


def test_a_test_file_that_is_given_up_leaves_the_one_of_before(opened: Session, others: Path, messages: Path) -> None:
    opened.import_test_file(others)
    scripted.settle(opened)
    before = opened.test_table
    assert before is not None
    opened.import_test_file(messages)
    job = opened.jobs["import"]
    assert job is not None
    assert job._thread.wait(30_000)
    opened.stop("import")
    scripted.settle(opened)
    assert opened.test_table is before
    assert opened.config.data.test_file == str(others)


@pytest.fixture
def page(qtbot: QtBot, opened: Session) -> DataPage:
    made = DataPage(opened, Ask())
    qtbot.addWidget(made)
    made.show()
    return made


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not Job.running(), timeout=20_000)


def test_a_fix_for_the_table_of_before_is_not_made_to_the_new_one(
    qtbot: QtBot, page: DataPage, opened: Session, others: Path, messages: Path
) -> None:
    twice = messages.read_text(encoding="utf-8") + "message 2 about a refill of tablets,refill\n"
    messages.write_text(twice, encoding="utf-8")
    opened.import_file(messages)
    settled(qtbot)
    finding = next(one for one in opened.findings if one.fixes)
    told: list[Problem] = []
    opened.problem.connect(told.append)
    opened.import_file(others)
    settled(qtbot)
    told.clear()
    page.changes.mend(finding, finding.fixes[0])  # from a menu that was open all the while
    assert [problem.what for problem in told] == [f"The change was not made: {finding.fixes[0].title}"]
    assert titles(opened) == []


def test_a_change_that_waits_is_made_to_the_table_that_it_was_asked_for(
    qtbot: QtBot, page: DataPage, opened: Session, others: Path
) -> None:
    log = opened.edits.log
    assert log is not None
    opened.import_file(others)
    job = opened.jobs["import"]
    assert job is not None
    assert job._thread.wait(30_000)
    for number in (10, 11, 12):
        page.changes.do((SetCells("text", ((number, "asked for"),)),), f"edit {number}")
    settled(qtbot)
    assert table(opened).rows == 90
    assert [group.title for group in log.groups] == ["first", "edit 10", "edit 11", "edit 12"]
    assert titles(opened) == []


def test_a_change_made_before_the_log_is_there_waits_for_it(qtbot: QtBot, page: DataPage, opened: Session) -> None:
    assert opened.project is not None
    opened.open(opened.project.folder)
    assert opened.edits.log is None
    page.changes.do((SetCells("text", ((4, "early"),)),), "early")
    settled(qtbot)
    assert (titles(opened), cell(opened, 4)) == (["first", "early"], "early")


def test_rows_and_summary_of_the_table_of_before_are_not_shown(
    qtbot: QtBot, page: DataPage, opened: Session, others: Path
) -> None:
    page._table.search.setText("mended")
    page._look_at_column("text")
    opened.import_file(others)
    qtbot.waitUntil(lambda: opened.table is not None and opened.table.rows == 90, timeout=20_000)
    settled(qtbot)
    assert page._table.model.rowCount() == 90
    assert page._table.search.text() == ""
    assert "90 filled" in page.about._words.text()


def test_a_label_mended_by_hand_does_not_go_to_another_text_of_a_newer_file(opened: Session, messages: Path) -> None:
    """Read otherwise, the same bytes take it; a newer version, where the row is another one, does not: it is told."""
    told: list[Problem] = []
    opened.problem.connect(told.append)
    do(opened, SetCells("topic", ((5, "by hand"),)), title="second")
    text = cell(opened, 5)
    messages.write_text(
        messages.read_text(encoding="utf-8").replace(text, "something quite different"), encoding="utf-8"
    )
    opened.read_again()
    scripted.settle(opened)
    assert table(opened).cells(5) == ["something quite different", "billing"]
    assert titles(opened) == ["first"]
    assert [problem.what for problem in told] == ["1 of your changes could not be made again."]


def test_a_file_read_otherwise_keeps_the_change_of_a_row_whose_letters_are_others_now(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "letters.csv"
    rows = [f"Überweisung Nummer {n},{'ab'[n % 2]}" for n in range(30)]
    file.write_bytes(("text,topic\n" + "\n".join(rows) + "\n").encode("cp1252"))
    import_only(session, file, ReadOptions(encoding="cp1252"))
    do_now(session, SetCells("topic", ((5, "by hand"),)), title="first")
    import_only(session, file, ReadOptions(encoding="cp437"))
    assert cell(session, 5) != "Überweisung Nummer 5"
    assert table(session).cells(5)[1] == "by hand"
    scripted.settle(session)


def test_an_undo_in_another_reading_is_an_undo(opened: Session, messages: Path) -> None:
    opened.import_file(messages, ReadOptions(encoding="cp1252"))
    scripted.settle(opened)
    assert titles(opened) == ["first"]
    opened.edits.undo()
    opened.import_file(messages)
    scripted.settle(opened)
    assert titles(opened) == []
    assert cell(opened, 3) != "mended"


# Holds a project in another window.
HOLDS = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.gui.session import Session
app = QCoreApplication([])
session = Session()
session.open(Path(sys.argv[1]))
session.jobs.finish_now()
print(session.project is not None, flush=True)
sys.stdin.readline()
session.shut_down()
print("closed", flush=True)
"""


def test_a_project_is_open_in_one_window(opened: Session, messages: Path, others: Path) -> None:
    assert opened.project is not None
    folder = opened.project.folder
    opened.new_project()
    scripted.settle(opened)
    told: list[Problem] = []
    opened.problem.connect(told.append)
    command = [sys.executable, "-c", HOLDS, str(folder)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        opened.open(folder)
        assert [problem.what for problem in told] == ["This project is open in another window."]
        assert opened.project is None
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "closed\n"
    opened.open(folder)
    scripted.settle(opened)
    assert titles(opened) == ["first"]
    opened.open(folder)  # its own is no other one
    scripted.settle(opened)
    assert len(told) == 1


def test_a_window_whose_project_another_one_took_saves_nothing(opened: Session) -> None:
    """Its mark was taken for that of a dead program, as can happen on two computers with one disk."""
    assert opened.project is not None
    folder = opened.project.folder
    values = json.loads((folder / HOLD_FILE).read_text(encoding="utf-8"))
    parent = psutil.Process(os.getppid())
    (folder / HOLD_FILE).write_text(json.dumps({**values, "pid": parent.pid, "started": parent.create_time()}))
    before = (folder / PROJECT_FILE).read_bytes()
    told: list[Problem] = []
    opened.problem.connect(told.append)
    opened.set_prompts(("mine",))
    opened.save()
    assert [problem.what for problem in told] == ["This project is open in another window."]
    assert (folder / PROJECT_FILE).read_bytes() == before
    (folder / HOLD_FILE).unlink()


def test_a_project_that_is_closed_is_held_by_nobody(opened: Session, sorted_project: Path) -> None:
    assert opened.project is not None
    folder = opened.project.folder
    assert is_held(folder)
    opened.open(sorted_project)
    scripted.settle(opened)
    assert not is_held(folder)
    assert is_held(sorted_project)
    opened.shut_down()
    assert not is_held(sorted_project)


# Reads the project's file in another way and is killed before something is renamed into its place: the choices that are
# saved before, the snapshot, its edits, and at last project.json.
KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.gui.session import Session
app = QCoreApplication([])
session, left, real = Session(), [int(sys.argv[2])], os.replace
session.open(Path(sys.argv[1]))
session.jobs["import"].wait()

def dying(source, target):
    if left[0] == 0 and "findings" not in str(target):
        os.kill(os.getpid(), 9)
    left[0] -= "findings" not in str(target)
    real(source, target)

os.replace = dying
session.import_file(Path(session.config.data.file))
session.jobs["import"].wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_who_is_killed_while_a_file_is_read_has_the_table_of_before(
    session: Session, messages: Path, step: int
) -> None:
    import_only(session, messages)
    do_now(session, SetCells("text", ((3, "mended"),)), title="first")
    assert session.project is not None
    folder, before = session.project.folder, table(session).folder
    session.jobs.finish_now()
    session.new_project()  # which lets the other process open it
    one_more(messages)
    command = [sys.executable, "-c", KILLED, str(folder), str(step)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60, env=env).returncode == -signal.SIGKILL
    session.open(folder)
    scripted.settle(session)
    assert table(session).folder == before
    assert (titles(session), table(session).rows, cell(session, 3)) == (["first"], 60, "mended")
    import_only(session, messages)
    assert (titles(session), table(session).rows, cell(session, 4)) == (["first"], 61, "mended")
