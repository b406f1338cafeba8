"""Changes to the table: done one after the other, undone and done again, and told.

In: what the table panel asks for. Out: the session's edits, and words in the panel. A change that comes while another
one is being written down waits for it; none is lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from studio.counting import counted
from studio.data.table.edits import AppendRow, DeleteRows, Edit, ReplaceValue, SetCells
from studio.gui.pages.data.table import TablePanel
from studio.gui.session import Session
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.data.checkup.finding import Finding, Fix


class TableChanges(QObject):
    """Belongs to a page, on which Ctrl+Z and Ctrl+Shift+Z work."""

    told = Signal()  # what can be undone, or whether a change is being made, is another thing now

    def __init__(self, session: Session, panel: TablePanel, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._panel = session, panel
        self._waiting: deque[tuple[Sequence[Edit], str]] = deque()
        self._doing = ""  # the title of what is being written down
        panel.edits_asked.connect(self.do)
        panel.mended.connect(self.mend)
        panel.undo_asked.connect(self.undo)
        panel.redo_asked.connect(self.redo)
        session.edits.changed.connect(self._done)
        session.edits.problem.connect(self._failed)
        session.saving.connect(self._drain)
        session.changed.connect(self._read)
        session.ended.connect(self._give_up)
        for key, act in ((QKeySequence.StandardKey.Undo, self.undo), (QKeySequence.StandardKey.Redo, self.redo)):
            QShortcut(QKeySequence(key), page, act)
        self.show()

    def do(self, edits: Sequence[Edit], title: str) -> None:
        """Make a change, after those that were asked for before."""
        self._waiting.append((edits, title))
        self._next()

    def mend(self, finding: Finding, fix: Fix) -> None:
        """Mend a finding, unless it is about another table by now."""
        if finding not in self._session.findings:
            self._session.problem.emit(
                Problem(
                    self.tr("The change was not made: {title}").format(title=fix.title),
                    self.tr("Another table has come, and the rows meant are not in it."),
                    self.tr("See what is found in this table, and mend that."),
                )
            )
            return
        self.do(fix.edits, mended_words(fix.edits, finding.count, self._session.config.data.target))

    def undo(self) -> None:
        """Take the last change back."""
        if not self._session.edits.is_busy and self._session.edits.stack.canUndo():
            self._session.edits.undo()
            self._tell("")

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if not self._session.edits.is_busy and self._session.edits.stack.canRedo():
            self._session.edits.redo()
            self._tell("")

    def show(self) -> None:
        """Say what can be undone."""
        self._tell()

    def _tell(self, done: str | None = None) -> None:
        """Say what can be undone, and what was just done (None: nothing new)."""
        stack, busy = self._session.edits.stack, self._session.edits.is_busy
        self._panel.show_edits(stack.undoText(), stack.redoText(), busy=busy, done=done)
        self.told.emit()

    def _next(self) -> None:
        edits = self._session.edits
        while self._waiting and not edits.is_busy and edits.log is not None:
            some, title = self._waiting.popleft()
            if edits.do(some, title):
                self._doing = title
        self.show()

    def _refuse(self, title: str) -> None:
        self._session.problem.emit(
            Problem(
                self.tr("The change was not made: {title}").format(title=title),
                self.tr("The list of changes to this table could not be opened."),
                self.tr("Open the project again, then make the change once more."),
            )
        )

    def _drain(self) -> None:
        """Write down what waits: another table may come, or the program ends."""
        edits = self._session.edits
        edits.finish_now()
        while self._waiting and edits.log is not None:
            self._next()
            edits.finish_now()

    def _read(self, topics: frozenset[str]) -> None:
        """The log of the table is there: what was asked for before is done now."""
        if "table" in topics and self._waiting:
            self._next()

    def _give_up(self, kind: str, _outcome: object) -> None:
        """Nothing more is read; where there is no log, none comes."""
        while kind == "import" and self._waiting and self._session.edits.log is None:
            self._refuse(self._waiting.popleft()[1])

    def _done(self) -> None:
        done, self._doing = self._doing, ""
        if done:
            self._tell(f"{done}.")
        self._next()

    def _failed(self, _problem: object) -> None:
        self._doing = ""
        self._next()


def mended_words(edits: Sequence[Edit], rows: int, target: str) -> str:
    """What edits do, the number first: “7 labels changed”. `rows` have what is mended, which counts where an edit says
    no number itself; `target` is the column of labels or answers."""
    if any(isinstance(edit, AppendRow) for edit in edits):
        count = sum(isinstance(edit, AppendRow) for edit in edits)
        return counted(count, _tr("{count} row taken in"), _tr("{count} rows taken in"))
    if all(isinstance(edit, DeleteRows) for edit in edits):
        count = len({row for edit in edits if isinstance(edit, DeleteRows) for row in edit.rows})
        return counted(count, _tr("{count} row deleted"), _tr("{count} rows deleted"))
    are_known = all(isinstance(edit, SetCells) for edit in edits)
    count = sum(len(edit.cells) for edit in edits if isinstance(edit, SetCells)) if are_known else rows
    if all(isinstance(edit, SetCells | ReplaceValue) and edit.column == target for edit in edits):
        return counted(count, _tr("{count} label changed"), _tr("{count} labels changed"))
    return counted(count, _tr("{count} cell changed"), _tr("{count} cells changed"))


def _tr(words: str) -> str:
    return QCoreApplication.translate("TableChanges", words)
