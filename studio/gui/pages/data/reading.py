"""Changing how a file is read: sheet, encoding, delimiter, quotes, header, lines above, with the first rows beside it.

In: one file or several that are one table, how they were read, and what was told of that before. Out: `chosen` with
the options. Only what can matter for this kind of file is shown, and nothing is read until the preview is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.counting import counted
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import Preview
from studio.data.table.table import Reading
from studio.gui.job import Job, Outcome
from studio.gui.pages.data.reading_choices import ReadingChoices
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.widgets.text import Text
from studio.gui.work import loading
from studio.problems import Problem, Where

PATIENCE_MS = 700  # until it is said that the file is looked at
SURE = 0.8  # below, a person is asked to look even where there is no doubt in words


class ReadingDialog(QDialog):
    """Begins with what was told before. `reading` is how the file was read, where that is known already; `more` are the
    files whose rows follow: what is chosen holds for all of them, and `files` are to be read again."""

    chosen = Signal(object, object)  # Path of the first file, ReadOptions
    find_asked = Signal()  # a file is not there any more

    def __init__(
        self,
        file: str,
        reading: Reading | None,
        told: ReadOptions,
        parent: QWidget | None = None,
        *,
        more: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._file = Path(file or (reading.file if reading is not None else ""))
        self.files = (self._file, *map(Path, more))
        self._looking: Job | None = None
        self._again = False  # what is looked at now is not chosen any more
        self._likely_in: object = ()  # the member whose likely encodings come first in their list
        self.setWindowTitle(self.tr("How the file is read"))
        self.resize(960, 680)
        self._ways = ReadingChoices(told)
        self.choices = self._ways.by_field
        self._ways.changed.connect(self._look_soon)
        self._nothing = Text(self.tr("A file of this kind says itself how it is read."), tone="soft", wrap=True)
        self._say = Text(wrap=True)
        self._stop = Button(self.tr("Stop looking"), "small", clicked=self._stop_looking)
        self._stop.hide()
        self._notes = Notes(tone="warn")
        self._problem = ProblemPanel()
        self._model, self._view = TableModel(self), TableView()
        self._view.setModel(self._model)
        self._view.setAccessibleName(self.tr("The first rows"))
        self.find_it = Button(self.tr("Find the file…"), "primary", clicked=self._find)
        self.find_it.hide()
        self._accept = Button(self.tr("&Read it this way"), "primary", clicked=self._choose)
        self._accept.setDefault(True)
        self._given_up = False  # the look was stopped by hand
        self._lay_out()
        self._fit(reading)
        self._pause = QTimer(self, interval=60, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._say_looking)
        self._look()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(Elided(self._file.name, kind="heading"))
        others = len(self.files) - 1
        if others:
            all_of = self.tr("and {count} more file. What is chosen here holds for both.")
            names = Text(counted(others, all_of, self.tr("and {count} more files. What is chosen here holds for all.")))
            names.set_tone("soft")
            names.setToolTip("\n".join(file.name for file in self.files))
            head.addWidget(names)
        column.addLayout(head)
        column.addWidget(self._ways)
        column.addWidget(self._nothing)
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self._say, 1)
        said.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(said)
        for widget in (self._notes, self._problem):
            column.addWidget(widget)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # it must not grow under the mouse
        self.setMinimumSize(QSize(760, 560))
        self._view.setMinimumHeight(120)
        self._rows = card = Card(padding=0)
        card.body.setContentsMargins(1, 1, 1, 8)
        card.add(self._view)
        kept = card.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # an empty table is not shown, and nothing moves under the mouse
        card.setSizePolicy(kept)
        column.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        cancel = Button(self.tr("Cancel"), clicked=self.reject)
        cancel.setAutoDefault(False)
        row.addWidget(cancel)
        row.addWidget(self.find_it)
        row.addWidget(self._accept)
        column.addLayout(row)

    def _fit(self, reading: Reading | None) -> None:
        self._ways.fit(reading)
        self._nothing.setVisible(self._ways.isHidden())

    def options(self) -> ReadOptions:
        """What is chosen now."""
        return self._ways.options()

    def _look_soon(self) -> None:
        self._accept.set_blocked(self.tr("The file is being looked at."))
        self._pause.start()

    def _look(self) -> None:
        if self._looking is not None:  # one look at a time: a workbook is large in memory
            self._again = True
            self._looking.stop()
            return
        self._again = self._given_up = False
        self._accept.set_blocked(self.tr("The file is being looked at."))
        self._patience.start()
        member = self.choices["member"].value
        wants = len(self.files) == 1 and self._likely_in != member
        self._likely_in = member
        task = partial(loading.first_rows, files=self.files, options=self.options(), with_likely=wants)
        self._looking = Job(task, title=self.tr("Looking at the file"), heavy=False)
        self._looking.happened.connect(self._show)
        self._looking.ended.connect(self._end)
        self._looking.start()

    def _show(self, found: list[object]) -> None:
        if self._again or self._pause.isActive():
            return
        for one in found:
            if isinstance(one, Preview):
                self._show_preview(one)
            elif isinstance(one, tuple):
                self._ways.show_likely(one)

    def _say_looking(self) -> None:
        self._say.setText(self.tr("The file is being looked at…"))
        self._notes.set(())
        self._stop.show()

    def _stop_looking(self) -> None:
        """Do not look any further; what is chosen can be taken unseen."""
        if self._looking is not None:
            self._given_up = True
            self._looking.stop()

    def _show_preview(self, found: Preview) -> None:
        reading = found.reading
        self._calm()
        self._problem.clear()
        self._accept.set_blocked("")
        first = counted(len(found.rows), self.tr("The first row:"), self.tr("The first {count} rows:"))
        shown = [
            self.tr("Read as {sentence}.").format(sentence=reading.sentence),
            first if found.rows else self.tr("None of the first lines makes a row."),
        ]
        self._say.setText(" ".join(shown))
        notes = [*reading.doubts]
        if reading.certain < SURE and not reading.doubts:
            notes.append(self.tr("Looking alone could not make sure of it."))
        if reading.certain < SURE or reading.doubts:
            notes.insert(0, self.tr("Please look whether this is right."))
        if reading.rejected > reading.skip:  # the sentence tells of lines above the table
            notes.append(self._set_aside(reading.rejected))
        self._notes.set(notes)
        self._fit(reading)
        cells = [list(row) for row in found.rows]
        self._rows.show()
        self._model.show_cells(found.columns, cells, range(len(cells)))
        self._view.spread()

    def _set_aside(self, count: int) -> str:
        one = self.tr("{count} line among these would be set aside; it is kept with the reason, beside the table.")
        more = self.tr("{count} lines among these would be set aside; each is kept with its reason, beside the table.")
        return counted(count, one, more)

    def _calm(self) -> None:
        self._patience.stop()
        self._stop.hide()

    def _end(self, outcome: Outcome) -> None:
        self._looking = None
        self._calm()
        if self._again:
            self._look()
        elif outcome.problem is not None and not self._pause.isActive():
            self._show_problem(outcome.problem)
        elif self._given_up and not self._pause.isActive():
            self._say.setText(self.tr("The look was stopped. The file can be read this way all the same."))
            self._model.show_cells((), [], range(0))
            self._rows.hide()
            self._accept.set_blocked("")

    def _show_problem(self, problem: Problem) -> None:
        missing = loading.first_missing(self.files)
        if missing is not None:
            why = self.tr("It was moved, renamed or deleted. The table that was read from it is kept.")
            fix = self.tr("Find it, or put it back where it was.")
            what = self.tr("{name} is not there any more.").replace("{name}", missing.name)
            problem = Problem(what, why, fix, Where(str(missing)))
        self.find_it.setVisible(missing is not None)
        self._accept.setVisible(missing is None)
        self._problem.show_problem(problem)
        self._accept.set_blocked(problem.what)
        self._notes.set(())
        self._say.setText("")
        self._model.show_cells((), [], range(0))
        self._rows.hide()

    def _find(self) -> None:
        self.reject()
        self.find_asked.emit()

    def _choose(self) -> None:
        self.chosen.emit(self._file, self.options())
        self.accept()

    def done(self, result: int) -> None:
        """Close; a look that is still going on ends by itself."""
        self._pause.stop()
        if self._looking is not None:
            self._looking.ended.disconnect(self._end)
            self._looking.happened.disconnect(self._show)
            self._looking.finish_now()
            self._looking = None
        super().done(result)
