"""The Data page: the right table at once, roles by a click, findings with their rows, problems that cost nothing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.data.reading.options import ReadOptions
from studio.data.table.edits import DeleteRows
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.checkup import Tick
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.reading import ReadingDialog
from studio.gui.pages.data.start import ProjectButton
from studio.gui.session import Session
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.text import Text
from studio.runs.project import create_project

HEAD = "message;topic;received"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "messages.csv"
    rows = [
        f"message {n} about {'a bill' if n % 2 else 'a refill'};{'billing' if n % 2 else 'refill'};2026"
        for n in range(80)
    ]
    rows += ["the same words;billing;2026", "the same words;billing;2026", "too;many;cells;here"]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="cp1252")
    return path


@pytest.fixture
def page(qtbot: QtBot) -> DataPage:
    session = Session()
    opened = DataPage(session, Ask())
    opened.kept = session  # type: ignore[attr-defined]
    qtbot.addWidget(opened)
    opened.resize(1200, 800)
    opened.show()
    return opened


def read(qtbot: QtBot, page: DataPage, file: Path, options: ReadOptions | None = None) -> Session:
    session: Session = page._session
    session.import_file(file, options)
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    return session


def settled(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)


def test_an_empty_page_offers_a_file_and_the_examples(page: DataPage) -> None:
    assert page.head.title.text() == "Start with your own table"
    assert page._start.isVisible()
    assert not page._next.isVisible()
    offered = [card.sample.file for card in page._start.examples.cards]
    assert {"customer_messages.csv", "product_descriptions.csv"} <= set(offered)


def test_a_file_becomes_a_table_told_in_words(qtbot: QtBot, page: DataPage, file: Path) -> None:
    read(qtbot, page, file)
    assert page.head.title.text() == "82 rows"
    assert page.head.explanation.text().startswith("messages.csv · read as semicolon-separated")
    assert page.head.explanation.text().endswith("1 row set aside")
    assert page._table.model.rowCount() == 82
    assert page._next.isEnabled()


def test_a_filter_shows_the_test_rows_and_those_set_aside(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    assert session.dataset is not None
    page._table._buttons["test"].click()
    assert page._table.model.rowCount() == len(session.dataset.parts["test"])
    page._table._buttons["aside"].click()
    assert page._table.model.index(0, 0).data() == "It has 4 cells, the table has 3 columns."
    assert page._table.model.index(0, 1).data() == "too;many;cells;here"
    assert page._table.model.headerData(0, Qt.Orientation.Vertical) == "line 84"
    assert not page._table.view._head._offers  # nothing is learned from these columns
    page._table._buttons["all"].click()
    assert page._table.model.rowCount() == 82


def test_a_search_shows_what_contains_it(qtbot: QtBot, page: DataPage, file: Path) -> None:
    read(qtbot, page, file)
    page._table.search.setText("THE SAME")
    qtbot.waitUntil(lambda: page._table.model.rowCount() == 2, timeout=10_000)
    page._table.search.setText("nothing like this")
    qtbot.waitUntil(lambda: page._table._stack.currentIndex() == 1, timeout=10_000)
    page._table.search.clear()
    qtbot.waitUntil(lambda: page._table.model.rowCount() == 82, timeout=10_000)


def test_a_search_looks_among_the_rows_of_the_filter(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    assert session.dataset is not None
    panel, test_rows = page._table, session.dataset.parts["test"]
    bills = [row for row in test_rows if row < 80 and row % 2]
    panel._buttons["test"].click()
    panel.search.setText("a bill")
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(bills), timeout=10_000)
    assert [panel.model.number_at(n) for n in range(len(bills))] == bills
    assert panel._buttons["test"].isChecked()
    panel._buttons["all"].click()  # lets the search go too
    assert panel.search.text() == ""
    assert panel.model.rowCount() == session.dataset.table.rows
    panel._buttons["aside"].click()
    panel.search.setText("a bill")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0, timeout=10_000)
    assert panel._stack.currentIndex() == 1
    assert "All rows" in panel._nothing.words.text()
    panel.search.setText("MANY")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1, timeout=10_000)
    panel._buttons["test"].click()
    assert panel.model.rowCount() == 0
    qtbot.waitUntil(lambda: panel._stack.currentIndex() == 1, timeout=10_000)
    panel.search.clear()
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(test_rows), timeout=10_000)


def test_the_rows_of_a_finding_are_searched_and_left_again(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    panel = page._table
    panel.search.setText("a bill")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 40, timeout=10_000)
    doubles = next(finding for finding in session.findings if finding.kind == "duplicates")
    page._check_up.shown.emit(doubles)
    assert panel.search.text() == ""
    assert panel.banner.title.text() == doubles.title
    panel.search.setText("the same")
    qtbot.waitUntil(lambda: "Found in 1 row" in panel._state.text(), timeout=10_000)
    panel._buttons["all"].click()
    assert session.table is not None
    assert panel.model.rowCount() == session.table.rows


def test_a_number_stands_before_its_own_words(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    rare = tmp_path / "rare.csv"
    rows = [f"words {n},{'ab'[n % 2]}" for n in range(40)] + ["x,c", "y,c", "z,d"]
    rare.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    session = read(qtbot, page, rare)
    session.change_all({"data.input": "text", "data.target": "label", "task.kind": "classify"})
    settled(qtbot, session)
    lines = {line.accessibleName(): line for line in page._check_up.findChildren(QWidget)}
    line = lines["2 labels have fewer than 5 rows: “c”, “d”"]
    assert [text.text() for text in line.findChildren(Text)][:2] == ["2", "labels have fewer than 5 rows: “c”, “d”"]
    assert line.accessibleDescription()
    number = line.findChildren(Text)[0]
    ticks = [tick for tick in page._check_up.findChildren(Tick) if not tick.isHidden()]
    qtbot.waitUntil(lambda: number.mapTo(page, QPoint(0, 0)).x() == ticks[-1].mapTo(page, QPoint(0, 0)).x())


def test_the_parts_say_what_they_are_for(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    assert session.dataset is not None
    counts = [len(session.dataset.parts[part]) for part in ("training", "watching", "test")]
    assert [line.count.text() for line in page._split._parts] == [f"{count} rows" for count in counts]
    assert all("learn" in line.toolTip() for line in page._split._parts)


def test_recent_projects_are_found_on_the_start_page(qtbot: QtBot, tmp_path: Path) -> None:
    names = ["Clinic", "A very long name of messages that people wrote to the clinic in the year 2026", "B", "C", "D"]
    folders = [create_project(tmp_path / name, name).folder for name in names]
    session = Session()
    page = DataPage(session, Ask(), [tmp_path / "gone", *folders])
    qtbot.addWidget(page)
    page.resize(760, 720)
    page.show()
    buttons = page._start.recent.findChildren(ProjectButton)
    assert [button.accessibleName() for button in buttons] == [f"Open the project {name}" for name in names[:4]]
    assert "…" in buttons[1].name.text()
    assert buttons[1].name.text().endswith("2026")
    buttons[2].click()
    assert session.project is not None
    assert session.project.name == "B"
    session.new_project()
    left = [button for button in page._start.recent.findChildren(ProjectButton) if button not in buttons]
    assert [button.name.text() for button in left[:2]] == ["B", "Clinic"]
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)
    session.shut_down()


def test_what_is_wrong_with_a_table_leaves_with_it(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("message,topic\nthe bill came twice,bill\nmy card is lost,card\n", encoding="utf-8")
    session = read(qtbot, page, small)
    assert page._trouble.problem is not None
    assert page._trouble.problem.what == "There are too few rows."
    session.new_project()
    assert page._trouble.problem is None


def test_the_check_up_counts_rows_set_aside(qtbot: QtBot, page: DataPage, file: Path) -> None:
    read(qtbot, page, file)
    assert page._check_up._words.text().startswith("82 rows were read, 1 set aside.")


def test_without_a_project_nothing_is_offered_to_go_on_with(page: DataPage) -> None:
    assert page._start.recent.isHidden()


def test_a_finding_shows_its_rows(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    doubles = next(finding for finding in session.findings if finding.count and finding.rows)
    page._check_up.shown.emit(doubles)
    assert page._table.model.rowCount() == len(doubles.rows)
    assert page._table.banner.title.text() == doubles.title


def test_a_role_is_changed_in_the_columns_menu(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    menu = page.menus.menu("message")
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Text to read", "As in the file"]
    next(action for action in page.menus.menu("topic").actions() if action.text() == "Answer").trigger()
    assert session.config.task.kind == "answer"
    assert session.config.data.target == "topic"
    next(action for action in page.menus.menu("topic").actions() if action.text() == "Not used").trigger()
    assert session.config.data.target == ""
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    assert not page._next.isEnabled()
    assert page._next.toolTip()


def test_a_separate_file_to_judge_on_is_chosen_beside_the_split(
    qtbot: QtBot, page: DataPage, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = read(qtbot, page, file)
    kept = tmp_path / "kept.csv"
    kept.write_text("message,topic\na new bill,billing\nnew tablets,refill\n", encoding="utf-8")
    monkeypatch.setattr(page.files._ask, "open_file", lambda *_, **__: kept)
    page._split.choose.click()
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    assert page._split._parts[2].accessibleName() == "Test: 2 rows"
    assert "rows of kept.csv" in page._split._words.text()
    assert not page._table._buttons["test"].isVisible()  # they are not rows of this table
    page._split.drop.click()
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    assert page._split.choose.isVisible()
    assert page._table._buttons["test"].isVisible()


def test_a_test_file_with_other_columns_says_so_and_can_be_let_go(
    qtbot: QtBot, page: DataPage, file: Path, tmp_path: Path
) -> None:
    session = read(qtbot, page, file)
    other = tmp_path / "other.csv"
    other.write_text("words,kind\na new bill,billing\n", encoding="utf-8")
    session.import_test_file(other)
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    assert session.trouble is not None
    assert not page._next.isEnabled()
    assert page._split.drop.isVisible()
    page._split.drop.click()
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    assert page._next.isEnabled()


def test_a_file_that_is_no_table_leaves_the_table_as_it_was(
    qtbot: QtBot, page: DataPage, file: Path, tmp_path: Path
) -> None:
    session = read(qtbot, page, file)
    garbage = tmp_path / "garbage.csv"
    garbage.write_bytes(bytes(range(256)) * 64)
    problems: list[object] = []
    session.problem.connect(problems.append)
    read(qtbot, page, garbage)
    assert problems
    assert page.head.title.text() == "82 rows"
    assert page._table.model.rowCount() == 82


def test_rows_that_cannot_teach_say_so_in_the_page(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    one_label = tmp_path / "one.csv"
    one_label.write_text("text,label\n" + "".join(f"words {n},same\n" for n in range(40)), encoding="utf-8")
    session = read(qtbot, page, one_label)
    session.change_all({"data.input": "text", "data.target": "label", "task.kind": "classify"})
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    panel = page.findChild(ProblemPanel)
    assert panel is not None
    assert panel.problem is not None
    assert "same" in panel.problem.what
    assert not page._next.isEnabled()


def test_another_way_of_reading_is_seen_before_it_is_taken(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    assert session.table is not None
    dialog = ReadingDialog(str(file), session.table.reading, ReadOptions())
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog._model.columnCount() == 3, timeout=10_000)
    dialog.choices["delimiter"].choose(",")
    qtbot.waitUntil(lambda: dialog._model.columnCount() == 1, timeout=10_000)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog._accept.click()
    assert chosen.args == [file, ReadOptions(delimiter=",")]


def test_changing_how_it_is_read_begins_with_what_was_told_before(qtbot: QtBot, page: DataPage, file: Path) -> None:
    """Also where no entry of a list stands for it: the command line takes any encoding and any sign."""
    told = ReadOptions(encoding="latin-1", delimiter=":", quote="")
    session = read(qtbot, page, file, told)
    page._reread.click()
    dialog = page.findChild(ReadingDialog)
    assert dialog is not None
    assert dialog.options() == told
    assert [
        box.currentText() for box in (dialog.choices[name].box for name in ("delimiter", "quote", "has_header"))
    ] == [
        "Colon :",
        "Nothing",
        "Found by looking: already a row of data",
    ]
    dialog.choices["has_header"].choose(False)
    qtbot.waitUntil(lambda: dialog._accept.isEnabled() and "without a header" in dialog._say.text(), timeout=10_000)
    dialog._accept.click()
    settled(qtbot, session)
    data = session.config.data
    assert (data.encoding, data.delimiter, data.quote, data.has_header) == ("latin-1", ":", "", False)


def test_the_original_that_is_gone_is_named(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    assert session.table is not None
    file.unlink()
    dialog = ReadingDialog(str(file), session.table.reading, ReadOptions())
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog._problem.problem is not None, timeout=10_000)
    assert not dialog._accept.isEnabled()


def test_cards_beside_the_table_are_not_pressed_together_while_rows_are_looked_at_again(
    qtbot: QtBot, page: DataPage, file: Path
) -> None:
    read(qtbot, page, file)
    page.resize(1200, 500)
    page.show()
    page._look_at_column("topic")
    QCoreApplication.processEvents()
    card = page._check_up
    pressed: list[tuple[int, int]] = []

    def look() -> None:
        if card.height() < card.heightForWidth(card.width()):
            pressed.append((card.height(), card.heightForWidth(card.width())))

    page._session.changed.connect(lambda _: look())
    assert page._session.table is not None
    page._session.edits.do((DeleteRows((page._session.table.numbers[0],)),), "Delete a row")
    page._session.edits.finish_now()
    settled(qtbot, page._session)
    assert pressed == []


def test_several_files_are_named_and_counted(qtbot: QtBot, page: DataPage, tmp_path: Path) -> None:
    files = []
    for name in ("one.csv", "two.csv", "three.csv", "four.csv"):
        (tmp_path / name).write_text("text,topic\n" + "".join(f"{name} {n},{'ab'[n % 2]}\n" for n in range(20)))
        files.append(tmp_path / name)
    page._session.import_files(files)
    settled(qtbot, page._session)
    words = page.head.explanation.text()
    assert words.startswith("4 files: one.csv, two.csv, three.csv and 1 more · read as ")


def test_deleted_rows_are_told_beside_those_set_aside(qtbot: QtBot, page: DataPage, file: Path) -> None:
    read(qtbot, page, file)
    assert page._session.table is not None
    page._session.edits.do((DeleteRows((page._session.table.numbers[0],)),), "Delete a row")
    page._session.edits.finish_now()
    assert page.head.explanation.text().endswith("1 row set aside · 1 deleted by you")
    settled(qtbot, page._session)


def test_the_table_keeps_its_room_whatever_is_told(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    page.resize(972, 720)  # beside the window's sidebar, in a window of 1180 x 720
    for band in (page.missing, page.columns_changed, page.newer, page._doubts):
        band.say("This is told of the file, in words that go on and on and do not end where the line does. " * 2)
        band.want(True)
    page._table.bar.buttons["aside"].click()
    page._table.tell("Line 84 taken into the table.")
    settled(qtbot, session)
    QCoreApplication.processEvents()
    assert page._table.view.height() >= 0.54 * 720
    assert page.missing.others.text() == "3 more"


def test_nothing_in_the_bar_lies_over_the_search(qtbot: QtBot, page: DataPage, file: Path) -> None:
    session = read(qtbot, page, file)
    page.resize(972, 720)
    session.edits.do((DeleteRows((0,)),), "Delete a row")
    session.edits.finish_now()
    settled(qtbot, session)
    page.changes.undo()
    session.edits.finish_now()
    settled(qtbot, session)
    QCoreApplication.processEvents()
    bar = page._table.bar
    shown = [bar.search, *bar.buttons.values(), bar.undo, bar.redo]
    assert all(widget.isVisible() for widget in shown)
    for before, after in pairwise(shown):
        assert before.geometry().right() < after.geometry().left()
    assert shown[-1].geometry().right() < bar.width()
    assert bar.redo.accessibleName() == "Do it again: Delete a row"
