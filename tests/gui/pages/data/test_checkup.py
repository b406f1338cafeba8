"""The check-up card: every finding with its ways of mending, and only where they are about every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from studio.data.checkup.finding import Finding, Fix
from studio.data.table.edits import DeleteRows
from studio.data.table.table import Reading, Table
from studio.gui.pages.data.checkup import CheckUpCard
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.work.preparing import Checked

WHOLE, SAMPLE = Checked(is_whole=True, is_last=True), Checked()
FIXES = tuple(
    Fix(title, (DeleteRows((1,)),)) for title in ("Delete the repeats", "Delete all of them", "Keep the last")
)
REPEATS = Finding("duplicates", 262, (3, 4), "look", "262 rows are repeats of others", "They count twice.", fixes=FIXES)
GROUPS = Finding("groups", 30, (1, 2), "look", "30 rows share their “customer” with others", "Alike.", "customer")
LEAKS = Finding("leaks", 12, (7,), "wrong", "12 test rows are learned from", "They would be known.", fixes=FIXES[:1])
GOOD = tuple(Finding(f"good-{n}", 0, (), "good", f"Nothing wrong with number {n}") for n in range(9))


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path, ("text", "label"), 593, Reading("messages.csv"))


@pytest.fixture
def kept() -> list[str]:
    """Columns whose equal cells were asked to stay together."""
    return []


@pytest.fixture
def card(qtbot: QtBot, kept: list[str]) -> Iterator[CheckUpCard]:
    made, side = CheckUpCard(kept.append), FlowScroll(width=344)
    side.add(made)
    qtbot.addWidget(side)
    side.resize(344, 900)
    side.show()
    yield made
    side.hide()


def buttons(card: CheckUpCard) -> dict[str, QAbstractButton]:
    """Those that are seen, by the names that a screen reader says, in their order."""
    QCoreApplication.processEvents()  # the layout shows what was put into it
    return {button.accessibleName(): button for button in card.findChildren(QAbstractButton) if button.isVisible()}


def test_a_finding_is_shown_and_mended_and_has_other_ways(qtbot: QtBot, card: CheckUpCard, table: Table) -> None:
    card.show_findings(table, (REPEATS,), checked=WHOLE, changes=0)
    offered = buttons(card)
    assert list(offered) == [
        "Show 262 rows are repeats of others",
        "Delete the repeats: 262 rows are repeats of others",
        "Other ways: 262 rows are repeats of others",
    ]
    show, mend, others = offered.values()
    with qtbot.waitSignal(card.shown) as shown:
        show.click()
    assert shown.args == [REPEATS]
    with qtbot.waitSignal(card.mended) as mended:
        mend.click()
    assert mended.args == [REPEATS, FIXES[0]]
    others.click()
    menu = card.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Delete all of them", "Keep the last"]
    with qtbot.waitSignal(card.mended) as mended:
        menu.actions()[1].trigger()
    assert mended.args == [REPEATS, FIXES[2]]
    menu.close()


def test_what_deletes_much_is_never_the_first_choice(qtbot: QtBot, card: CheckUpCard, table: Table) -> None:
    much = replace(FIXES[0], title="Delete 100 of 153 rows", drastic=True)
    found = replace(REPEATS, fixes=(much, FIXES[1]))
    card.show_findings(table, (found,), checked=WHOLE, changes=0)
    show, ways = buttons(card)
    assert show.startswith("Show ")
    assert ways.startswith("Ways of mending")
    buttons(card)[ways].click()
    menu = card.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Delete 100 of 153 rows", "Delete all of them"]
    with qtbot.waitSignal(card.mended) as mended:
        menu.actions()[0].trigger()
    assert mended.args == [found, much]
    menu.close()


def test_it_says_why_the_button_deletes_fewer_rows_than_were_found(card: CheckUpCard, table: Table) -> None:
    fix = Fix("Delete 48 repeats", (DeleteRows(tuple(range(48))),))
    card.show_findings(table, (replace(REPEATS, count=410, fixes=(fix,)),), checked=WHOLE, changes=0)
    said = " ".join(text.text() for text in card.findChildren(Text))
    assert "48 of them have the same label or answer, too; only these are deleted here." in said


def test_what_a_sample_shows_cannot_be_mended_yet(card: CheckUpCard, table: Table) -> None:
    """The same findings, once they are about every row, can."""
    found = (LEAKS, REPEATS, GROUPS)
    card.show_findings(table, found, checked=Checked(found), changes=0)
    assert all(name.startswith("Show ") for name in buttons(card))
    assert "a sample" in card._words.text()
    card.show_findings(table, found, checked=WHOLE, changes=0)
    assert {name.partition(":")[0] for name in buttons(card) if not name.startswith("Show ")} == {
        "Delete the repeats",
        "Other ways",
        "Keep them together",
    }
    card.show_findings(table, found, checked=SAMPLE, changes=0)
    assert all(name.startswith("Show ") for name in buttons(card))


def test_rows_that_belong_together_are_kept_so_by_a_button(
    qtbot: QtBot, card: CheckUpCard, kept: list[str], table: Table
) -> None:
    card.show_findings(table, (GROUPS,), checked=WHOLE, changes=0)
    buttons(card)["Keep them together: 30 rows share their “customer” with others"].click()
    assert kept == ["customer"]
    alone = CheckUpCard()
    qtbot.addWidget(alone)
    alone.show_findings(table, (GROUPS,), checked=WHOLE, changes=0)
    alone.show()
    assert list(buttons(alone)) == ["Show 30 rows share their “customer” with others"]


def test_while_a_change_is_made_no_other_is_offered(card: CheckUpCard, table: Table) -> None:
    card.show_findings(table, (REPEATS,), checked=WHOLE, changes=0, busy=True)
    show, mend, others = buttons(card).values()
    assert (show.isEnabled(), mend.isEnabled(), others.isEnabled()) == (True, False, False)
    assert mend.toolTip()
    card.show_findings(table, (REPEATS,), checked=WHOLE, changes=1)
    assert all(button.isEnabled() for button in buttons(card).values())
    assert "1 change was made; the file itself is as it was." in card._words.text()


@pytest.mark.parametrize(
    ("checked", "changes", "findings", "words"),
    [
        (SAMPLE, 0, (), "All 593 rows were read. Looking for doubles and gaps…"),
        (Checked((REPEATS,), is_whole=True), 0, (REPEATS,), "All 593 rows were read. Looking for more…"),
        (WHOLE, 0, (), "All 593 rows were read. Nothing has been changed."),
        (WHOLE, 3, (REPEATS,), "All 593 rows were read. 3 changes were made; the file itself is as it was."),
    ],
)
def test_it_says_how_far_it_is(
    card: CheckUpCard, table: Table, checked: Checked, changes: int, findings: tuple[Finding, ...], words: str
) -> None:
    card.show_findings(table, findings, checked=checked, changes=changes)
    assert card._words.text() == words


def test_seventeen_findings_with_long_words_stay_inside_the_column(
    qtbot: QtBot, card: CheckUpCard, table: Table
) -> None:
    long = replace(
        REPEATS,
        title="12,345 rows name their label in “subject_of_the_message_as_it_was_typed_by_the_customer_himself”",
        fixes=(Fix("Take the label out of the text of all these rows at once", FIXES[0].edits), *FIXES[1:]),
        severity="wrong",
        meaning="The column “subject_of_the_message_as_it_was_typed_by_the_customer_himself” gives it away.",
    )
    found = (
        long,
        *(replace(REPEATS, kind=f"{n}", title=f"{n} rows are repeats of others") for n in range(1, 16)),
        GROUPS,
    )
    card.show_findings(table, found, checked=WHOLE, changes=0)
    qtbot.wait(50)  # until it is laid out
    assert card.minimumSizeHint().width() <= card.width() <= 344
    inside = card.rect()
    assert len(buttons(card)) == 16 * 3 + 2
    for button in buttons(card).values():
        assert inside.contains(button.rect().translated(button.mapTo(card, button.rect().topLeft())))
    line = next(widget for widget in card.findChildren(QWidget) if widget.accessibleName() == long.title)
    assert line.accessibleDescription() == long.meaning
    mend = next(button for name, button in buttons(card).items() if name == f"{long.fixes[0].title}: {long.title}")
    assert mend.text().endswith("…")
    assert mend.toolTip() == long.fixes[0].title


def test_good_news_beyond_a_few_lines_stands_behind_a_button(card: CheckUpCard, table: Table) -> None:
    card.show_findings(table, GOOD, checked=WHOLE, changes=0)
    [more] = buttons(card).values()
    assert more.accessibleName() == "5 more checks found nothing"
    more.click()
    assert buttons(card) == {}
    seen = {widget.accessibleName() for widget in card.findChildren(QWidget) if widget.isVisible()}
    assert {finding.title for finding in GOOD} <= seen


def test_whoever_goes_by_keyboard_stays_where_they_are(card: CheckUpCard, table: Table) -> None:
    card.show_findings(table, (REPEATS, *GOOD[:2]), checked=WHOLE, changes=0)
    name = "Delete the repeats: 262 rows are repeats of others"
    buttons(card)[name].setFocus()
    card.show_findings(table, (LEAKS, REPEATS, *GOOD[:2]), checked=WHOLE, changes=0)
    assert card.window().focusWidget() is buttons(card)[name]
    card.show_findings(table, (LEAKS,), checked=WHOLE, changes=0)
    assert card.window().focusWidget() is next(iter(buttons(card).values()))


def test_while_the_rows_are_looked_at_again_the_old_list_stays_and_nothing_can_be_mended(
    card: CheckUpCard, table: Table
) -> None:
    card.show_findings(table, (LEAKS, REPEATS, *GOOD[:1]), checked=WHOLE, changes=0)
    before = buttons(card)
    height = card.height()
    card.show_findings(table, GOOD[:1], checked=SAMPLE, changes=1, stale=True)
    assert buttons(card) == before
    assert card.height() == height
    assert card._words.text() == "All 593 rows were read. Looking again…"
    blocked = [button for name, button in before.items() if not name.startswith("Show ")]
    assert not any(button.isEnabled() for button in blocked)
    assert before["Delete the repeats: 262 rows are repeats of others"].toolTip() == "The rows are looked at again."
    card.show_findings(table, (REPEATS,), checked=WHOLE, changes=1)
    assert all("12 test rows" not in name for name in buttons(card))
    assert all(button.isEnabled() for button in buttons(card).values())


def test_new_rows_are_as_tall_as_they_need_at_once(card: CheckUpCard, table: Table) -> None:
    card.show_findings(table, GOOD[:1], checked=WHOLE, changes=0)
    card.show_findings(table, (LEAKS, REPEATS, GROUPS, *GOOD[:4]), checked=WHOLE, changes=0)  # no event is handled
    rows = [card._rows.itemAt(place).widget() for place in range(card._rows.count())]
    lines = [row for row in rows if row is not None and row.accessibleName()]
    assert len(lines) == 7
    assert all(row.height() >= row.heightForWidth(row.width()) > 0 for row in lines)


def test_rows_read_and_set_aside_are_all_of_the_file_even_where_some_were_deleted(
    card: CheckUpCard, tmp_path: Path
) -> None:
    reading = Reading("messages.csv", rejected=4)
    edited = Table(tmp_path, ("text", "label"), 250, reading, edits=(DeleteRows((1, 2, 3, 4)),))
    card.show_findings(edited, (), checked=WHOLE, changes=1)
    assert card._words.text().startswith("250 rows were read, 4 set aside, 4 deleted by you. ")


def test_a_fix_says_what_it_does_beside_its_short_title(card: CheckUpCard, table: Table) -> None:
    fix = Fix("Delete 48 repeats", (DeleteRows((1,)),), "The first of each stays.")
    card.show_findings(table, (replace(REPEATS, fixes=(fix,)),), checked=WHOLE, changes=0)
    mend = buttons(card)["Delete 48 repeats: 262 rows are repeats of others"]
    assert (mend.text(), mend.toolTip()) == ("Delete 48 repeats", "The first of each stays.")
    said = [label.text() for label in card.findChildren(Text) if label.isVisible()]
    assert "Harmless: repeats are never both learned and tested. Delete mistakes." in said
