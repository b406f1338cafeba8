"""Changing how a file is read: part, encoding, delimiter, quotes, header, lines above, with the first rows beside it.

In: one file or several that are one table, how they were read, and what was told of that before. Out: `chosen` with
the options. Only what can matter for this kind of file is shown, and nothing is read until the preview is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.container import BETWEEN
from studio.data.reading.read import Preview
from studio.data.table.table import Reading
from studio.gui.job import Job, Outcome
from studio.gui.pages.data import reading_words as words
from studio.gui.pages.data.reading_choice import Choice
from studio.gui.pages.data.reading_words import Entry
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.widgets.text import Text, counted
from studio.gui.work import loading

MOST_ABOVE = 20  # lines above a table that can be chosen here
ACROSS = 3  # choices beside each other
SURE = 0.8  # below, a person is asked to look even where there is no doubt in words
_FIELDS = ("part", "encoding", "delimiter", "quote", "has_header", "skip")


class ReadingDialog(QDialog):
    """Begins with what was told before. `reading` is how the file was read, where that is known already; `more` are the
    files whose rows follow: what is chosen holds for all of them, and `files` are to be read again."""

    chosen = Signal(object, object)  # Path of the first file, ReadOptions

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
        self._found_in = told.part or ""  # the part whose reading the lists tell of
        self.setWindowTitle(self.tr("How the file is read"))
        self.resize(960, 640)
        self.choices = self._choices(told)
        self._encoding, self._delimiter, self._quote, self._header = (
            self.choices[name].box for name in ("encoding", "delimiter", "quote", "has_header")
        )
        self._nothing = Text(self.tr("A file of this kind says itself how it is read."), tone="soft", wrap=True)
        self._say = Text(wrap=True)
        self._notes = Notes(tone="warn")
        self._problem = ProblemPanel()
        self._model, self._view = TableModel(self), TableView()
        self._view.setModel(self._model)
        self._view.setAccessibleName(self.tr("The first rows"))
        self._accept = Button(self.tr("&Read it this way"), "primary", clicked=self._choose)
        self._accept.setDefault(True)
        self._grid = QGridLayout()
        self._lay_out()
        self._fit(reading)
        self._pause = QTimer(self, interval=60, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._look()

    def _choices(self, told: ReadOptions) -> dict[str, Choice]:
        headers: list[Entry] = [(self.tr("Names of the columns"), True), (self.tr("A row"), False)]
        above: list[Entry] = [(self._lines(n), n) for n in range(MOST_ABOVE + 1)]
        made: dict[str, tuple[str, Sequence[Entry], Callable[[object], str]]] = {
            "part": (self.tr("Part of the file"), [], str),
            "encoding": (self.tr("Encoding"), words.encodings(), lambda name: words.encoding_title(str(name))),
            "delimiter": (self.tr("Between cells"), words.delimiters(), lambda sign: words.delimiter_title(str(sign))),
            "quote": (self.tr("Around cells"), words.quotes(), lambda sign: words.quote_title(str(sign))),
            "has_header": (
                self.tr("First line"),
                headers,
                lambda names: self.tr("column names") if names else self.tr("a row"),
            ),
            "skip": (self.tr("Lines above the table"), above, self._lines),
        }
        choices = {
            field: Choice(name, entries, getattr(told, field), title) for field, (name, entries, title) in made.items()
        }
        for choice in choices.values():
            choice.box.currentIndexChanged.connect(self._look_soon)
        return choices

    def _lines(self, count: object) -> str:
        return counted(int(str(count)), self.tr("{count} line"), self.tr("{count} lines")) if count else self.tr("None")

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
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        for at in range(ACROSS):
            self._grid.setColumnStretch(at, 1)
        for choice in self.choices.values():
            choice.setParent(self)
        column.addLayout(self._grid)
        for widget in (self._nothing, self._say, self._notes, self._problem):
            column.addWidget(widget)
        card = Card(padding=0)
        card.body.setContentsMargins(1, 1, 1, 8)
        card.add(self._view)
        column.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        cancel = Button(self.tr("Cancel"), clicked=self.reject)
        cancel.setAutoDefault(False)
        row.addWidget(cancel)
        row.addWidget(self._accept)
        column.addLayout(row)

    def _fit(self, reading: Reading | None) -> None:
        """Show the choices that matter for what is read, each with what looking found."""
        if reading is not None:
            self._show_found(reading)
        shown = [self.choices[field] for field in _FIELDS if self._matters(field, reading)]
        for choice in self.choices.values():
            self._grid.removeWidget(choice)
            choice.setVisible(choice in shown)
        self._nothing.setVisible(not shown)
        for place, choice in enumerate(shown):
            self._grid.addWidget(choice, *divmod(place, ACROSS))
        for before, after in pairwise(shown):
            self.setTabOrder(before.box, after.box)

    def _matters(self, field: str, reading: Reading | None) -> bool:
        """Whether a choice can change anything; what was told is always shown."""
        if self.choices[field].value is not None:
            return True
        if reading is None:  # not read yet, or not readable as it is told
            return field != "part"
        has_signs = reading.kind == "delimited" or (
            reading.kind == "folder" and bool(reading.delimiter or reading.quote)
        )
        has_rows_above = has_signs or reading.kind == "workbook"
        match field:
            case "part":
                return len(reading.parts) > 1
            case "encoding":
                return has_signs or reading.kind == "text" or reading.encoding != "utf-8"
            case "delimiter" | "quote":
                return has_signs
            case "has_header":  # lists of lists in JSON have one too, and their sentence tells
                return has_rows_above or (reading.kind in {"json", "lines", "folder"} and "header" in reading.sentence)
            case _:
                return has_rows_above

    def _show_found(self, reading: Reading) -> None:
        """What the lists tell of the reading: its parts, and what was found where nothing was told."""
        part = self.choices["part"]
        names = {
            "workbook": self.tr("Sheet"),
            "json": self.tr("List in the file"),
            "folder": self.tr("Table in the folder"),
        }
        in_archive = BETWEEN in reading.part or reading.kind not in names
        part.rename(self.tr("File in the archive") if in_archive else names[reading.kind])
        if part.values != reading.parts:
            part.fill(reading.parts)
        for field in _FIELDS:
            choice = self.choices[field]
            if choice.value is None:
                choice.show_found(getattr(reading, field) if field != "part" else reading.part or None)
            elif (part.value or "") != self._found_in:  # found in another part
                choice.show_found(None)
        self._found_in = str(part.value or "")

    def options(self) -> ReadOptions:
        """What is chosen now."""
        return ReadOptions(**{field: self.choices[field].value for field in _FIELDS})  # type: ignore[arg-type]

    def _look_soon(self, _index: int) -> None:
        self._accept.set_blocked(self.tr("The file is being looked at."))
        self._pause.start()

    def _look(self) -> None:
        if self._looking is not None:  # one look at a time: a workbook is large in memory
            self._again = True
            self._looking.stop()
            return
        self._again = False
        self._accept.set_blocked(self.tr("The file is being looked at."))
        task = partial(loading.first_rows, files=self.files, options=self.options())
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

    def _show_preview(self, found: Preview) -> None:
        reading = found.reading
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
        self._model.show_cells(found.columns, cells, range(len(cells)))
        self._view.spread()

    def _set_aside(self, count: int) -> str:
        one = self.tr("{count} line among these would be set aside; it is kept with the reason, beside the table.")
        more = self.tr("{count} lines among these would be set aside; each is kept with its reason, beside the table.")
        return counted(count, one, more)

    def _end(self, outcome: Outcome) -> None:
        self._looking = None
        if self._again:
            self._look()
        elif outcome.problem is not None and not self._pause.isActive():
            self._problem.show_problem(outcome.problem)
            self._accept.set_blocked(outcome.problem.what)
            self._notes.set(())
            self._say.setText("")
            self._model.show_cells((), [], range(0))

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
