"""How the rows split: shares, a column for the parts, one that keeps rows together, and what is wrong with them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.ask import Ask
from studio.gui.pages.data.files import FileActions
from studio.gui.pages.data.split import SplitCard
from studio.gui.session import Session
from tests.gui import scripted

Card = tuple[Session, SplitCard]
WORDS = ("bill", "refund", "tablets", "doctor", "letter", "money", "pain", "sleep", "account", "login", "address")
PARTS = ("train", "train", "train", "test", "validation")


@pytest.fixture
def split(qtbot: QtBot, session: Session, tmp_path: Path) -> Callable[..., Card]:
    page = QWidget()
    qtbot.addWidget(page)

    def made(header: str, rows: list[str]) -> Card:
        file = tmp_path / "messages.csv"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        session.import_file(file)
        scripted.settle(session)
        card = SplitCard(session, FileActions(session, Ask(), page))
        qtbot.addWidget(card)
        card.resize(344, 500)
        session.changed.connect(lambda _: card.show_dataset(session.dataset, session.config.data.test_file, busy=False))
        session.changed.emit(frozenset({"dataset"}))
        card.show()
        card.change.click()
        return session, card

    return made


def plain(count: int = 60) -> list[str]:
    return [
        f"message {n} about {'a bill' if n % 2 else 'tablets'},{'billing' if n % 2 else 'refill'}" for n in range(count)
    ]


def named(count: int = 60) -> list[str]:
    return [f"{row},{PARTS[n % 5]}" for n, row in enumerate(plain(count))]


def customers() -> list[str]:
    """Rows of thirty people, each with words of their own."""
    chosen = random.Random(3)
    rows = []
    for person in range(30):
        own = chosen.sample(WORDS, 6)
        label = chosen.choice(["billing", "refill"])
        rows += [f"{' '.join(own)} {chosen.choice(WORDS)} {n},{label},C{person:03}" for n in range(4)]
    return rows


def test_a_share_is_changed_and_a_wrong_one_is_told_in_place(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic", plain())
    line = card.choices.test.editor.widget
    assert isinstance(line, QLineEdit)
    line.setText("0.3")
    line.editingFinished.emit()
    scripted.settle(session)
    assert session.config.data.test_share == 0.3
    assert card._parts[2].count.text() == "18 rows"
    line.setText("0.9")
    line.editingFinished.emit()
    assert "90 %" in card.choices.test.note.text()
    assert card.choices.test.note.isVisible()
    assert session.config.data.test_share == 0.3


def test_what_is_being_written_stays_while_findings_come(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic", plain())
    line = card.choices.watching.editor.widget
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.setText("0.2")
    session.changed.emit(frozenset({"findings"}))
    assert line.text() == "0.2"


def test_a_column_names_the_parts(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic,split", named())
    box = card.choices.part
    session.change("data.part_column", "")
    scripted.settle(session)
    assert [box.itemText(n) for n in range(box.count())] == ["Shared out by chance", "split"]
    assert not card.choices.shares_note.isVisible()
    box.activated.emit(1)
    scripted.settle(session)
    assert session.config.data.part_column == "split"
    assert [line.count.text() for line in card._parts] == ["36 rows", "12 rows", "12 rows"]
    assert card._words.text().startswith("As “split” says")
    assert card.choices.shares_note.isVisible()


def test_a_column_that_names_no_parts_can_be_taken_back_in_place(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic,day", [f"{row},day {n % 7}" for n, row in enumerate(plain())])
    box = card.choices.part
    box.activated.emit(box.findData("day"))
    scripted.settle(session)
    assert session.dataset is None
    assert card.isVisible()
    assert card.trouble.text().startswith("“day” names no parts.")
    assert box.currentText() == "day"
    card.change.click()  # also with the choices folded away
    session.changed.emit(frozenset({"dataset"}))
    assert card.isVisible()
    box.activated.emit(0)
    scripted.settle(session)
    assert session.dataset is not None
    assert not card.trouble.isVisible()
    assert card._parts[0].isVisible()


def test_rows_that_are_alike_are_proposed_to_stay_together(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic,customer", customers())
    assert session.config.data.group == ""
    assert card.proposal.isVisible()
    assert card.proposal.words.text() == "Rows with the same “customer” are alike. Keep them together?"
    card.proposal.keep.click()
    scripted.settle(session)
    assert session.config.data.group == "customer"
    assert not card.proposal.isVisible()
    assert card.choices.group.currentText() == "customer"
    assert "So do rows with the same “customer”." in card._words.text()
    assert session.dataset is not None
    people = session.dataset.table.column("customer")
    parts = [{people[row] for row in rows} for rows in session.dataset.parts.values()]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 30
    card.choices.group.activated.emit(0)
    scripted.settle(session)
    assert session.config.data.group == ""
    assert card.proposal.isVisible()


def test_nothing_is_proposed_where_nothing_repeats(qtbot: QtBot, split: Callable[..., Card]) -> None:
    _, card = split("text,topic", plain())
    assert not card.proposal.isVisible()


def test_a_choice_that_is_made_elsewhere_is_shown(qtbot: QtBot, split: Callable[..., Card]) -> None:
    """Also one that the list would not offer."""
    session, card = split("text,topic", plain())
    session.change("data.group", "text")
    scripted.settle(session)
    assert card.choices.group.currentText() == "text"


def test_the_choices_have_names_and_fold_away(qtbot: QtBot, split: Callable[..., Card]) -> None:
    _, card = split("text,topic", plain())
    assert card.choices.part.accessibleName() == "What each row is for"
    assert card.choices.group.accessibleName() == "Kept together"
    assert card.change.accessibleName() == "Close"
    card.change.click()
    assert card.choices.isHidden()
    assert card.change.accessibleName() == "Change the parts"


def test_a_share_that_would_be_more_than_is_ever_set_apart_says_so(qtbot: QtBot, split: Callable[..., Card]) -> None:
    session, card = split("text,topic", plain(1_400))
    watching, test = card.choices.caps["watching"], card.choices.caps["test"]
    assert not watching.isVisible()
    session.change("data.watching_share", 0.4)
    scripted.settle(session)
    assert card._parts[1].count.text() == "500 rows"
    assert watching.isVisible()
    assert watching.text() == "= 500 rows, never more than that"
    assert not test.isVisible()


def test_validation_rows_that_are_too_many_to_watch_are_told(qtbot: QtBot, split: Callable[..., Card]) -> None:
    rows = [
        f"{row},{'validation' if n < 600 else 'test' if n < 700 else 'train'}" for n, row in enumerate(plain(1_000))
    ]
    session, card = split("text,topic,split", rows)
    session.change("data.part_column", "split")
    scripted.settle(session)
    assert [line.count.text() for line in card._parts] == ["300 rows", "500 rows", "100 rows"]
    assert "100 left out: more validation rows than the 500 that watch." in card._words.text()
    watching, test = card.choices.caps["watching"], card.choices.caps["test"]
    assert watching.isVisible()
    assert not test.isVisible()


def test_a_share_that_does_not_count_says_nothing_of_its_rows(qtbot: QtBot, split: Callable[..., Card]) -> None:
    rows = [f"{row},{'validation' if n < 100 else 'train'}" for n, row in enumerate(plain(1_500))]
    session, card = split("text,topic,split", rows)
    session.change("data.part_column", "split")
    session.change("data.watching_share", 0.4)
    scripted.settle(session)
    assert card._parts[1].count.text() == "100 rows"
    assert not card.choices.caps["watching"].isVisible()


def test_so_few_test_rows_that_they_say_nothing_are_told(split: Callable[..., Card]) -> None:
    _, card = split("text,topic", plain())
    assert "Only 6 test rows" in card.few.text()
    assert "17 %" in card.few.text()
    assert card.few.isVisible()


def test_enough_test_rows_need_no_word(split: Callable[..., Card]) -> None:
    _, card = split("text,topic", plain(300))
    assert card.few.isHidden()
