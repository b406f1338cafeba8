"""The check-up beside the table: every finding with its number, its meaning, its rows and the ways of mending it.

In: findings, how far the check-up is, how many changes were made. Out: `shown` with a finding whose rows are wanted,
`mended` with a finding and the fix to do, and a column whose equal cells are to stay together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)
from superqt import QFlowLayout

from studio.counting import counted
from studio.data.checkup.brief import in_brief
from studio.data.table.edits import DeleteRows
from studio.gui import theme
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.data.checkup.finding import Finding
    from studio.data.table.table import Table
    from studio.gui.work.preparing import Checked

_DIM = 0.45  # how much is left of a list that is about to be replaced
_TICK = 14  # pixels
_TONES = {"good": "good", "look": "warn", "wrong": "bad"}
_INSIDE = 292  # pixels between the card's edges
_GAP = 10  # pixels between a number and its words
_AROUND = 24  # pixels that a button is wider than its words
_MORE = 36  # pixels of the button for a menu, with the gap before it
_LONG_WORD = re.compile(r"\S{19,}")
_PLACES = re.compile(r"[_\-/.,:]+|[^_\-/.,:]{12}")
_QUIET = 9  # pixels left of the words of a quiet button
_MOST_GOOD = 4  # lines of good news; more stand behind a button


class CheckUpCard(Card):
    """Findings with rows first, each with buttons that show its rows and mend it; then what is fine, in short lines.
    Numbers, ticks and words each begin on one line from top to bottom. `keep_together` is given the column of a finding
    that says which rows belong together."""

    shown = Signal(object)  # Finding
    mended = Signal(object, object)  # Finding, Fix

    def __init__(self, keep_together: Callable[[str], object] | None = None) -> None:
        super().__init__(self.tr("Check-up"))
        self._keep_together = keep_together
        self._words = Text(tone="soft", wrap=True)
        self.add(self._words)
        self._list, self._rows = self._empty()
        self.add(self._list)
        self._findings: tuple[Finding, ...] = ()
        self._mends = False  # only where they are about every row: else a fix would mend the sample alone
        self._all_good = False

    def show_findings(
        self,
        table: Table,
        findings: tuple[Finding, ...],
        *,
        checked: Checked,
        changes: int,
        busy: bool = False,
        stale: bool = False,
    ) -> None:
        """Replace the list. `checked` says how far the check-up is; `changes` counts what was done to the table and can
        be undone; while one is made (`busy`) no other is offered. While the findings are `stale`, because the rows are
        looked at again, the list stays as it is, dimmed, and nothing in it can be mended."""
        state = self.tr("Looking again…") if stale else self._state(checked=checked, changes=changes)
        self._words.setMinimumHeight(self._words.height() if stale else 0)  # shorter words move nothing below
        self._words.setText(f"{self._read(table)} {state}")
        keeps = stale and bool(self._findings)
        if not keeps and ((findings, checked.is_whole) != (self._findings, self._mends) or not self._rows.count()):
            self._findings, self._mends = findings, checked.is_whole
            self._fill()
        self._dim(stale)
        self._block(
            self.tr("Another change is being made.")
            if busy
            else (self.tr("The rows are looked at again.") if stale else "")
        )

    def _read(self, table: Table) -> str:
        """How many rows the file gave, and where those are that do not count: both together are all of its rows."""
        aside, deleted, read = table.aside, table.rows - len(table.numbers), table.read_rows
        if not (aside or deleted or table.taken):
            return counted(read, self.tr("{count} row was read."), self.tr("All {count} rows were read."))
        parts = [counted(read, self.tr("{count} row was read"), self.tr("{count} rows were read"))]
        if aside:
            parts.append(self.tr("{count} set aside").format(count=f"{aside:,}"))
        if table.taken:
            parts.append(self.tr("{count} taken in by you").format(count=f"{len(table.taken):,}"))
        if deleted:
            parts.append(self.tr("{count} deleted by you").format(count=f"{deleted:,}"))
        return ", ".join(parts) + "."

    def _state(self, *, checked: Checked, changes: int) -> str:
        if not checked.is_last:
            sample = self.tr("This is what a sample shows; all rows are being looked at…")
            more = self.tr("Looking for more…") if checked.is_whole else sample
            return more if checked.findings else self.tr("Looking for doubles and gaps…")
        if not changes:
            return self.tr("Nothing has been changed.")
        done = counted(changes, self.tr("{count} change was made"), self.tr("{count} changes were made"))
        return self.tr("{done}; the file itself is as it was.").format(done=done)

    def _fill(self) -> None:
        focused = self.window().focusWidget()
        name = focused.accessibleName() if focused is not None and self.isAncestorOf(focused) else ""
        self._lay_out()
        if name:  # whoever goes through by keyboard stays where they are
            same = (button for button in self.stops() if button.accessibleName() == name)
            (next(same, None) or next(self.stops(), self)).setFocus()

    def stops(self) -> Iterator[QAbstractButton]:
        """The buttons from top to bottom, without those that are about to go."""
        for place in range(self._rows.count()):
            item = self._rows.itemAt(place)
            if item is not None and (widget := item.widget()) is not None:
                yield from [widget] if isinstance(widget, QAbstractButton) else widget.findChildren(QAbstractButton)

    @staticmethod
    def _empty() -> tuple[QWidget, QVBoxLayout]:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        return made, rows

    def _lay_out(self) -> None:
        """Build the new list unseen, then put it in the place of the old one."""
        old = self._list
        self._list, self._rows = self._empty()
        self._list_findings()
        old.hide()
        self.body.replaceWidget(old, self._list)
        old.deleteLater()
        self._list.show()
        self._settle()

    def _settle(self) -> None:
        """Lay out anew, up to the column that scrolls, before anything is painted: else rows would be pressed together
        into the old height for a moment."""
        part: QWidget | None = self._list
        while part is not None and not isinstance(part, QAbstractScrollArea) and not part.isWindow():
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
                part.updateGeometry()
            part = part.parentWidget()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _dim(self, is_dim: bool) -> None:
        if is_dim != (self._list.graphicsEffect() is not None):
            effect = None
            if is_dim:
                effect = QGraphicsOpacityEffect(self._list)
                effect.setOpacity(_DIM)
            self._list.setGraphicsEffect(effect)  # type: ignore[arg-type]

    def _list_findings(self) -> None:
        good = [finding for finding in self._findings if not finding.count]
        hidden = len(good) - _MOST_GOOD if not self._all_good else 0
        hidden = hidden if hidden > 1 else 0
        left_out = set(map(id, good[len(good) - hidden :])) if hidden else set()
        findings = [finding for finding in self._findings if id(finding) not in left_out]
        numbers = QFontMetricsF(theme.font("strong"))
        split = [_split(finding) for finding in findings]
        room = max([_TICK, *(round(numbers.horizontalAdvance(number)) + 1 for number, _ in split)])
        for place, finding in enumerate(findings):
            if place and (finding.count or findings[place - 1].count):
                self._rows.addWidget(HairLine())
                self._rows.addSpacing(0 if finding.count else 6)
            self._rows.addWidget(self._row(finding, *split[place], room))
        if hidden:
            words = self.tr("{count} more checks found nothing").format(count=f"{hidden:,}")
            more = QHBoxLayout()
            more.setContentsMargins(room + _GAP - _QUIET, 0, 0, 0)
            more.addWidget(Button(words, "quiet", clicked=self._unfold), 0, Qt.AlignmentFlag.AlignLeft)
            holder = QWidget()
            holder.setLayout(more)
            self._rows.addWidget(holder)

    def _unfold(self) -> None:
        self._all_good = True
        self._fill()

    def _block(self, reason: str) -> None:
        for button in self._list.findChildren(FixButton):
            button.set_blocked(reason)
        for more in self._list.findChildren(IconButton):
            more.setEnabled(not reason)

    def _row(self, finding: Finding, number: str, words: str, room: int) -> QWidget:
        line = QWidget()
        line.setAccessibleName(finding.title)
        line.setAccessibleDescription(finding.meaning)
        row = QHBoxLayout(line)
        air = 10 if finding.count else 5
        row.setContentsMargins(0, air, 0, air)
        row.setSpacing(_GAP)
        mark = Text(number, kind="strong", tone=_TONES[finding.severity]) if finding.count else Tick()
        mark.setFixedWidth(room)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        said = QVBoxLayout()
        said.setSpacing(2)
        told = Text(_breakable(words), wrap=True)
        told.setToolTip(finding.meaning)  # it stands above the rows as well, once they are shown
        said.addWidget(told)
        brief = in_brief(finding) if finding.rows else finding.meaning  # without rows it is said nowhere else
        for sentence in (brief, self._fewer(finding)):
            if sentence:
                said.addWidget(Text(_breakable(sentence), kind="secondary", tone="soft", wrap=True))
        if finding.rows or (finding.fixes and self._mends):
            said.addWidget(self._buttons(finding, _INSIDE - room - _GAP))
        row.addLayout(said, 1)
        return line

    def _fewer(self, finding: Finding) -> str:
        """Why the button deletes fewer rows than were found."""
        if finding.kind not in {"duplicates", "near_duplicates"} or not (finding.fixes and self._mends):
            return ""
        count = sum(len(edit.rows) for edit in finding.fixes[0].edits if isinstance(edit, DeleteRows))
        if not 0 < count < finding.count:
            return ""
        return counted(
            count,
            self.tr("{count} of them has the same label or answer, too; only this one is deleted here."),
            self.tr("{count} of them have the same label or answer, too; only these are deleted here."),
        )

    def _buttons(self, finding: Finding, width: int) -> QWidget:
        """Show, the usual way of mending, and a menu of the others; in two lines where they are long."""
        holder = QWidget()
        row = QFlowLayout(holder)
        row.setContentsMargins(0, 6, 0, 0)
        row.setHorizontalSpacing(8)
        row.setVerticalSpacing(6)
        if finding.rows:
            name = self.tr("Show {title}").format(title=finding.title)
            row.addWidget(Button(self.tr("Show"), "small", clicked=lambda: self.shown.emit(finding), name=name))
        if finding.kind == "groups" and finding.column and self._mends and self._keep_together is not None:
            together = partial(self._keep_together, finding.column)
            name = self.tr("Keep them together: {title}").format(title=finding.title)
            row.addWidget(FixButton(self.tr("Keep them together"), clicked=together, name=name, width=width))
        if finding.fixes and self._mends:
            row.addWidget(self._fixes(finding, width))
        return holder

    def _fixes(self, finding: Finding, width: int) -> QWidget:
        """The usual way of mending with the menu right beside it; in the menu alone where it deletes much, so that the
        rows are looked at first."""
        first, *others = finding.fixes
        if first.drastic:
            return self._others(finding, self.tr("Ways of mending: {title}").format(title=finding.title))
        name = f"{first.title}: {finding.title}"
        room = width - _MORE if others else width
        mend = partial(self.mended.emit, finding, first)
        button = FixButton(first.title, clicked=mend, name=name, width=room, meaning=first.meaning)
        if not others:
            return button
        more = self._others(finding, self.tr("Other ways: {title}").format(title=finding.title))
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(button)
        row.addWidget(more)
        return pair

    def _others(self, finding: Finding, name: str) -> IconButton:
        """A button for the menu of the ways that have no button."""
        more = IconButton("more", name)
        more.clicked.connect(lambda: self._offer(finding, more.mapToGlobal(QPoint(0, more.height()))))
        return more

    def _offer(self, finding: Finding, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for fix in finding.fixes if finding.fixes[0].drastic else finding.fixes[1:]:
            action = menu.addAction(fix.title.replace("&", "&&"), partial(self.mended.emit, finding, fix))
            action.setToolTip(fix.meaning)
        menu.popup(place)


class FixButton(Button):
    """Mends what a finding is about; long words are shortened to the card's width."""

    def __init__(self, text: str, *, clicked: Callable[[], object], name: str, width: int, meaning: str = "") -> None:
        short = QFontMetricsF(theme.font("small")).elidedText(text, Qt.TextElideMode.ElideRight, width - _AROUND)
        super().__init__(short, "small", clicked=clicked, name=name)
        whole = text if short != text else ""
        self._whole = "\n".join(part for part in (whole, meaning) if part)
        self.setToolTip(self._whole)

    def set_blocked(self, reason: str) -> None:
        """As any button; its whole words come back with it."""
        super().set_blocked(reason)
        self.setToolTip(reason or self._whole)


def _breakable(words: str) -> str:
    """The words with places where a very long one, such as a column's name, may go on in the next line."""
    return _LONG_WORD.sub(lambda found: _PLACES.sub("\\g<0>\u200b", found[0]), words)


def _split(finding: Finding) -> tuple[str, str]:
    """The number that a finding's title begins with, and the words after it."""
    number, _, words = finding.title.partition(" ")
    return (number, words) if finding.count and number[:1].isdigit() else ("", finding.title)


class Tick(QLabel):
    """A small green tick."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(18)  # of one line of the words beside it
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("fine"))
        theme.theme().theme_changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setPixmap(theme.pixmap("check", "good", _TICK, 2.0))
