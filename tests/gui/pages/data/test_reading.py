"""Changing how a file is read: only what matters is asked, what was found is named, and the preview is true."""

from __future__ import annotations

import codecs
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.data.reading import read
from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.text.letters import MANY_BYTES, ONE_BYTE
from studio.data.table.table import Reading
from studio.flow import told_reading
from studio.gui.ask import Ask
from studio.gui.pages.data import reading
from studio.gui.pages.data import reading_words as words
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.doubts import DoubtsBand
from studio.gui.pages.data.reading import ReadingDialog
from studio.gui.session import Session
from studio.runs.project import open_project
from tests.gui import scripted

Opens = Callable[..., ReadingDialog]


@pytest.fixture
def opens(qtbot: QtBot) -> Opens:
    def open_dialog(*files: Path, told: ReadOptions = ReadOptions(), reading: Reading | None = None) -> ReadingDialog:
        dialog = ReadingDialog(str(files[0]), reading, told, more=[str(file) for file in files[1:]])
        qtbot.addWidget(dialog)
        dialog.show()
        looked(qtbot, dialog)
        return dialog

    return open_dialog


def looked(qtbot: QtBot, dialog: ReadingDialog) -> None:
    qtbot.waitUntil(lambda: dialog._looking is None and not dialog._pause.isActive(), timeout=20_000)


def shown(dialog: ReadingDialog) -> dict[str, str]:
    """What can be chosen now, by name, and what is chosen."""
    return {
        choice.box.accessibleName(): choice.box.currentText()
        for choice in dialog.choices.values()
        if choice.isVisible()
    }


def column(dialog: ReadingDialog, place: int = 0) -> list[str]:
    return [str(dialog._model.index(row, place).data()) for row in range(dialog._model.rowCount())]


def workbook(file: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for title, word in (("Letters", "bill"), ("Calls", "call")):
        sheet = book.create_sheet(title)
        sheet.append(["text", "topic"])
        for n in range(12):
            sheet.append([f"{word} {n}", "ab"[n % 2]])
    book.remove(book.worksheets[0])
    book.save(file)
    return file


def rows(word: str, sign: str = ",", count: int = 12) -> str:
    return f"text{sign}topic\n" + "".join(f"{word} {n}{sign}{'ab'[n % 2]}\n" for n in range(count))


def test_a_text_table_says_what_was_found_in_it(opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "semicolons.csv"
    file.write_text(rows("Rückzahlung für Öl", ";"), encoding="cp1252")
    assert shown(opens(file)) == {
        "Encoding": "Found by looking: Windows-1252",
        "What separates cells": "Found by looking: Semicolon ;",
        "Quotes around a cell": 'Found by looking: Double quotes "',
        "The first line holds": "Found by looking: names of the columns",
        "Lines above the table": "Found by looking: None",
    }


def test_utf_16_is_named_and_another_encoding_shows_what_it_makes_of_it(
    qtbot: QtBot, opens: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(rows("größer", "\t"), encoding="utf-16")
    dialog = opens(file)
    assert shown(dialog)["Encoding"] == "Found by looking: UTF-16"
    assert column(dialog)[0] == "größer 0"
    dialog.choices["encoding"].choose("utf-8")
    assert not dialog._accept.isEnabled()  # not before it was seen
    looked(qtbot, dialog)
    assert column(dialog) == []
    assert "None of the first lines makes a row." in dialog._say.text()


def test_every_encoding_that_can_be_found_is_offered_by_its_name() -> None:
    offered = {str(name): title for title, name in words.encodings()}
    assert offered.keys() >= ONE_BYTE.keys() | MANY_BYTES.keys() | {"utf-8", "utf-16", "iso2022_jp"}
    assert all(codecs.lookup(name) for name in offered)
    assert len(set(offered.values())) == len(offered)
    assert offered["cp1251"] == "Windows-1251, Cyrillic"
    assert not any(title.startswith("CP") or "_" in title for title in offered.values())


def test_an_unusual_delimiter_is_in_the_list_once_it_is_found(opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(rows("a bill, or two", "¬"), encoding="utf-8")
    dialog = opens(file)
    assert shown(dialog)["What separates cells"] == "Found by looking: “¬”"
    dialog.choices["delimiter"].choose("¬")
    assert dialog.options().delimiter == "¬"
    assert words.delimiter_title("\x01") == "“U+0001”"


def test_what_is_not_certain_is_asked(opens: Opens, tmp_path: Path) -> None:
    sure, unsure = tmp_path / "sure.csv", tmp_path / "unsure.csv"
    sure.write_text(rows("a bill"), encoding="utf-8")
    unsure.write_text("Export of the clinic\n" + rows("a bill"), encoding="utf-8")
    assert opens(sure)._notes.isHidden()
    lines = opens(unsure)._notes.lines
    assert lines == ("Please look whether this is right.", "1 line above the table is set aside.")


def test_rows_that_would_be_set_aside_are_counted(opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_text(
        rows("a bill") + "one,two,three,four\n" + rows("x").partition("\n")[2] + "1,2,3\n", encoding="utf-8"
    )
    dialog = opens(file)
    assert len(column(dialog)) == 24
    assert any("2 lines among these would be set aside" in line for line in dialog._notes.lines)


def test_another_sheet_is_chosen_and_seen(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    dialog = opens(workbook(tmp_path / "book.xlsx"))
    assert shown(dialog).keys() == {"Sheet", "The first line holds", "Lines above the table"}
    assert dialog.choices["member"].entries == ["Found by looking: Letters", "Letters", "Calls"]
    assert any("“Calls” might be meant" in line for line in dialog._notes.lines)
    dialog.choices["member"].choose("Calls")
    looked(qtbot, dialog)
    assert column(dialog)[0] == "call 0"
    assert dialog.options() == ReadOptions(member="Calls")


def test_a_list_of_a_document_is_chosen(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    lists = {"letters": [{"text": f"bill {n}"} for n in range(9)], "people": [{"name": f"n{n}"} for n in range(5)]}
    file.write_text(json.dumps(lists), encoding="utf-8")
    dialog = opens(file)
    assert shown(dialog) == {"List in the file": "Found by looking: letters"}
    dialog.choices["member"].choose("people")
    looked(qtbot, dialog)
    assert column(dialog) == [f"n{n}" for n in range(5)]


def test_lists_in_lists_have_a_first_line(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "lists.json"
    file.write_text(json.dumps([["text", "topic"], *([f"bill {n}", "ab"[n % 2]] for n in range(9))]), encoding="utf-8")
    dialog = opens(file)
    assert shown(dialog) == {"The first line holds": "Found by looking: names of the columns"}
    dialog.choices["has_header"].choose(False)
    looked(qtbot, dialog)
    assert column(dialog)[:2] == ["text", "bill 0"]


def test_the_choices_follow_the_kind_of_the_file_in_an_archive(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("letters.csv", rows("bill", count=60))
        archive.writestr("calls.tsv", rows("call", "\t"))
        archive.write(workbook(tmp_path / "book.xlsx"), "book.xlsx")
    dialog = opens(file, told=ReadOptions(member="calls.tsv"))
    assert shown(dialog)["File in the archive"] == "calls.tsv"
    assert shown(dialog)["What separates cells"] == "Found by looking: Tab"
    dialog.choices["member"].choose("book.xlsx")
    looked(qtbot, dialog)
    assert shown(dialog).keys() == {"File in the archive", "The first line holds", "Lines above the table"}
    assert "book.xlsx › Calls" in dialog.choices["member"].entries
    dialog.choices["member"].choose("book.xlsx › Calls")
    looked(qtbot, dialog)
    assert column(dialog)[0] == "call 0"


def test_what_a_file_says_itself_is_not_asked(opens: Opens, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, prose = tmp_path / "table.parquet", tmp_path / "prose.txt"
    pq.write_table(pa.table({"text": ["a bill", "b"], "topic": ["a", "b"]}), table)
    prose.write_text("It was a bright day, and all went well. " * 30 + "\n\nThen it rained.\n", encoding="utf-8")
    dialog = opens(table)
    assert shown(dialog) == {}
    assert dialog._nothing.isVisible()
    assert shown(opens(prose)) == {
        "Encoding": "Found by looking: UTF-8",
        "What separates cells": "Found by looking",
    }


def test_what_was_told_is_shown_even_where_it_changes_nothing(opens: Opens, tmp_path: Path) -> None:
    dialog = opens(workbook(tmp_path / "book.xlsx"), told=ReadOptions(encoding="cp1252", delimiter="¤"))
    assert shown(dialog)["Encoding"] == "Windows-1252, Western Europe"
    assert shown(dialog)["What separates cells"] == "“¤”"


def test_a_choice_that_cannot_be_read_says_so_and_can_be_taken_back(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(rows("größer"), encoding="utf-8")
    dialog = opens(file)
    dialog.choices["encoding"].choose("utf-32")
    looked(qtbot, dialog)
    assert dialog._problem.isVisible()
    assert not dialog._accept.isEnabled()
    assert dialog._model.rowCount() == 0
    dialog.choices["encoding"].choose(None)
    looked(qtbot, dialog)
    assert not dialog._problem.isVisible()
    assert dialog._accept.isEnabled()
    assert column(dialog)[0] == "größer 0"


def test_quick_choices_end_at_the_last_one(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(rows("a;b|c"), encoding="utf-8")
    dialog = opens(file)
    for sign in (";", "|", "\t", ","):
        dialog.choices["delimiter"].choose(sign)
        dialog._look()  # without the pause: one look begins while another goes on
    looked(qtbot, dialog)
    qtbot.waitUntil(dialog._accept.isEnabled, timeout=20_000)
    assert dialog._say.text().startswith("Read as comma-separated")
    assert dialog._model.columnCount() == 2


def test_closing_while_it_looks_leaves_nothing_running(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(rows("bill"), encoding="utf-8")
    dialog = ReadingDialog(str(file), None, ReadOptions())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reject()
    assert dialog._looking is None


def test_enter_reads_it_and_tab_goes_from_choice_to_choice(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(rows("bill"), encoding="utf-8")
    dialog = opens(file)
    assert dialog._accept.isDefault()
    boxes = [choice.box for choice in dialog.choices.values() if choice.isVisible()]
    assert len(boxes) == 5
    for before, after in pairwise(boxes):
        following: QWidget | None = before.nextInFocusChain()
        while following is not None and following not in boxes:
            following = following.nextInFocusChain()
        assert following is after


def test_a_doubt_leads_to_the_choice_and_goes_with_it(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    page = DataPage(session, Ask())
    qtbot.addWidget(page)
    page.resize(1180, 720)
    page.show()
    session.import_file(workbook(tmp_path / "book.xlsx"))
    scripted.settle(session)
    doubts = page._doubts
    assert doubts.isVisible()
    assert "“Calls” might be meant as well." in doubts.words.text()
    button(doubts, "Change it").click()
    dialog = page.findChild(ReadingDialog)
    assert dialog is not None
    assert shown(dialog)["Sheet"] == "Found by looking: Letters"
    looked(qtbot, dialog)
    dialog.choices["member"].choose("Calls")
    looked(qtbot, dialog)
    dialog._accept.click()
    scripted.settle(session)
    assert session.config.data.member == "Calls"
    assert session.table is not None
    assert session.table.column("text")[0] == "call 0"
    assert not doubts.isVisible()


def test_a_doubt_that_is_settled_is_not_asked_again(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    page = DataPage(session, Ask())
    qtbot.addWidget(page)
    page.show()
    file = workbook(tmp_path / "book.xlsx")
    session.import_file(file)
    scripted.settle(session)
    assert page._doubts.isVisible()
    button(page._doubts, "It is right").click()
    assert not page._doubts.isVisible()
    assert session.project is not None
    folder = session.project.folder
    session.new_project()
    assert not page._doubts.isVisible()
    scripted.open_project(session, folder)
    assert not page._doubts.isVisible()  # it is remembered with the project
    session.import_file(file, ReadOptions(has_header=False))
    scripted.settle(session)
    assert page._doubts.isVisible()  # this is another reading


def test_a_sure_reading_is_not_asked_about(qtbot: QtBot) -> None:
    doubts = DoubtsBand(lambda: None, lambda: None)
    opened = Reading("a.csv", doubts=("1 line above the table is set aside.",))
    qtbot.addWidget(doubts)
    doubts.show_reading(opened, agreed=False)
    assert doubts.is_wanted
    doubts.show_reading(replace(opened, doubts=()), agreed=False)
    assert not doubts.is_wanted
    doubts.show_reading(None, agreed=False)
    assert not doubts.is_wanted


def button(card: QWidget, words: str) -> QPushButton:
    return next(one for one in card.findChildren(QPushButton) if one.text() == words)


def test_several_files_are_read_again_as_one_table(
    qtbot: QtBot, opens: Opens, session: Session, tmp_path: Path
) -> None:
    files = (tmp_path / "m_train.csv", tmp_path / "m_test.csv")
    files[0].write_text(rows("bill", count=30), encoding="utf-8")
    files[1].write_text(rows("new bill", count=4), encoding="utf-8")
    session.import_files(files)
    scripted.settle(session)
    table, data = session.table, session.config.data
    assert table is not None
    assert table.rows == 34
    dialog = opens(
        Path(data.file), *map(Path, data.more_files), told=told_reading(session.config), reading=table.reading
    )
    assert len(column(dialog)) == 34
    assert shown(dialog)["What separates cells"] == "Found by looking: Comma ,"
    dialog.choices["has_header"].choose(False)
    looked(qtbot, dialog)
    dialog.chosen.connect(lambda _, told: session.import_files(dialog.files, told))
    dialog._accept.click()
    scripted.settle(session)
    assert session.table is not None
    assert session.table.rows == 36  # both first lines are rows now
    assert [Path(session.config.data.file), *map(Path, session.config.data.more_files)] == list(files)
    assert session.config.data.has_header is False


def test_the_encodings_that_fit_come_first_with_the_line_as_they_show_it(opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(rows("Rückzahlung für Öl"), encoding="cp1252")
    dialog = opens(file)
    choice = dialog.choices["encoding"]
    assert choice.entries[:2] == [
        "Found by looking: Windows-1252",
        "Windows-1252, Western Europe   “Rückzahlung für Öl 0,a”",
    ]
    assert len(choice.values) == len(words.encodings())  # the others follow, none is lost
    assert "utf-8" in choice.values
    choice.choose("cp1252")
    assert dialog.options().encoding == "cp1252"


def test_prose_can_be_told_to_be_a_table(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("\n".join(f"a line that may be a row, number {n}" for n in range(20)), encoding="utf-8")
    dialog = opens(file)
    assert shown(dialog) == {"Encoding": "Found by looking: UTF-8", "What separates cells": "Found by looking"}
    assert len(column(dialog)) == 1
    dialog.choices["delimiter"].choose("")
    dialog.choices["has_header"].choose(False)
    looked(qtbot, dialog)
    assert len(column(dialog)) == 20
    assert dialog._accept.isEnabled()


def test_the_dialog_keeps_its_size_whatever_is_said(qtbot: QtBot, opens: Opens, tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_text(
        "Export;;\nof today;;\n" + rows("bill", ";", 30) + "one;two;three;four\nSum: 30\n", encoding="cp1252"
    )
    dialog = opens(file)
    size = dialog.size()
    for delimiter in (",", "|", ";"):
        dialog.choices["delimiter"].choose(delimiter)
        looked(qtbot, dialog)
        assert dialog.size() == size
        assert dialog._view.height() >= 100


def test_a_long_look_can_be_stopped_and_the_file_read_unseen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.csv"
    file.write_text(rows("bill"), encoding="utf-8")

    def slow(*_: object, should_stop: Callable[[], bool], **__: object) -> object:
        while not should_stop():
            time.sleep(0.005)
        raise Stopped

    monkeypatch.setattr(read, "preview", slow)
    monkeypatch.setattr(reading, "PATIENCE_MS", 10)
    dialog = ReadingDialog(str(file), None, ReadOptions())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog._stop.isVisible(), timeout=5_000)
    assert not dialog._accept.isEnabled()
    dialog._stop.click()
    looked(qtbot, dialog)
    assert not dialog._stop.isVisible()
    assert dialog._accept.isEnabled()
    assert "stopped" in dialog._say.text()


def test_how_a_test_file_is_read_can_be_told_and_is_remembered(
    qtbot: QtBot, session: Session, messages: Path, tmp_path: Path
) -> None:
    page = DataPage(session, Ask())
    qtbot.addWidget(page)
    page.show()
    session.import_file(messages)
    scripted.settle(session)
    kept = tmp_path / "kept.csv"
    kept.write_text("a title\ntext;topic\na new bill;billing\nnew tablets;refill\n", encoding="utf-8")
    session.import_test_file(kept, ReadOptions(delimiter=","))
    scripted.settle(session)
    assert session.test_table is not None
    assert "text" not in session.test_table.columns
    page._split.reread.click()
    dialog = page.findChild(ReadingDialog)
    assert dialog is not None
    looked(qtbot, dialog)
    assert dialog.options() == ReadOptions(delimiter=",")
    dialog.choices["delimiter"].choose(";")
    dialog.choices["skip"].choose(1)
    looked(qtbot, dialog)
    dialog._accept.click()
    scripted.settle(session)
    assert session.test_table.columns == ("text", "topic")
    assert "read as semicolon-separated" in page._split._words.text()
    assert session.project is not None
    assert open_project(session.project.folder).test_told == ReadOptions(delimiter=";", skip=1)
