"""What a person changes in the table, to be undone and done again: a QUndoStack over the log of edits.

In: edits with a title. Out: `changed` when the table is another one. The log on the disk says what is done; the stack
says it to menus and keys. Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from studio.gui.job import Control, Job, Outcome
from studio.problems import Problem, explain

if TYPE_CHECKING:
    from studio.data.table.edit_log import EditLog
    from studio.data.table.edits import Edit
    from studio.data.table.table import Table


class TableEdits(QObject):
    """The edits of the open project's table."""

    changed = Signal()
    problem = Signal(object)  # Problem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self._log: EditLog | None = None
        self._doing: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an edit is being written down right now; another one has to wait."""
        return self._doing is not None

    @property
    def log(self) -> EditLog | None:
        """The log that edits go into; None where there is no table, or its log is still being read."""
        return self._log

    @property
    def table(self) -> Table | None:
        """The table with all edits that are done."""
        return self._log.table if self._log is not None else None

    def open(self, log: EditLog | None) -> None:
        """Take up a log, whose edits can all be undone; None closes it."""
        self.finish_now()
        self._log = None
        self.stack.clear()
        if log is not None:
            for group in (*log.groups, *log.undone):
                self.stack.push(_Done(self, group.title))
            self.stack.setIndex(len(log.groups))
        self._log = log

    def do(self, edits: Sequence[Edit], title: str) -> bool:
        """Begin to do these edits as one; False where there is no log, or another edit is still being written."""
        if self._log is None or self.is_busy or not edits:
            return False
        log = self._log

        def write(_: Control) -> Iterator[object]:
            log.do(edits, title)
            yield title

        self._doing = Job(write, title=title, heavy=False)
        self._doing.ended.connect(self._end)
        self._doing.start()
        return True

    def undo(self) -> None:
        """Take back what was done last."""
        if not self.is_busy:
            self.stack.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if not self.is_busy:
            self.stack.redo()

    def finish_now(self) -> None:
        """Wait for the edit that is being written: the last thing before the project closes."""
        if self._doing is not None:
            self._doing.wait()

    def _end(self, outcome: Outcome) -> None:
        job, self._doing = self._doing, None
        if outcome.problem is not None:
            self.problem.emit(outcome.problem)
        elif job is not None:
            log, self._log = self._log, None  # what is pushed is done already
            self.stack.push(_Done(self, job.title))
            self._log = log
            self.changed.emit()

    def go(self, *, back: bool) -> None:
        """Take the log one step back or forward; called by the stack's commands."""
        if self._log is None:
            return
        try:
            _ = self._log.undo() if back else self._log.redo()
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))
            QTimer.singleShot(0, self, self._agree)  # not inside the stack's own step
        self.changed.emit()

    def _agree(self) -> None:
        """Let the stack say again what the log holds."""
        if self._log is not None:
            self.open(self._log)
            self.changed.emit()


class _Done(QUndoCommand):
    """An edit that was done before it came onto the stack."""

    def __init__(self, edits: TableEdits, title: str) -> None:
        super().__init__(title)
        self._edits = edits

    def undo(self) -> None:
        self._edits.go(back=True)

    def redo(self) -> None:
        self._edits.go(back=False)
