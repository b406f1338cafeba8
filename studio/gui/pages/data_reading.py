"""Changing how a file is read: part, encoding, delimiter, quotes, header, lines above, with the first rows beside it.

In: the original file, how it was read and what was told of that before. Out: `chosen` with the file and the options.
Nothing is imported until the preview is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.data.read import Preview, preview
from studio.data.reading.options import ReadOptions
from studio.data.table import Reading
from studio.gui.job import Control, Job, Outcome
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.widgets.text import Text

PREVIEW_ROWS = 50
MOST_ABOVE = 20  # lines above a table that can be chosen here
ROW = 3  # choices beside each other
ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "iso8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r",
    "mac_roman", "cp850", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip


class ReadingDialog(QDialog):
    """Every choice has "found by looking" as its first entry, and begins with what was told before."""

    chosen = Signal(object, object)  # Path, ReadOptions

    def __init__(self, file: str, reading: Reading, told: ReadOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = Path(file or reading.file)
        self._looking: Job | None = None
        self.setWindowTitle(self.tr("How the file is read"))
        self.resize(860, 600)
        self._encoding = self._choice(self.tr("Encoding"), [(name, name) for name in ENCODINGS], told.encoding)
        self._delimiter = self._choice(self.tr("Between cells"), self._delimiters(), told.delimiter)
        self._quote = self._choice(self.tr("Around cells"), self._quotes(), told.quote)
        headers: list[tuple[str, object]] = [(self.tr("Names of the columns"), True), (self.tr("A row"), False)]
        self._header = self._choice(self.tr("First line"), headers, told.has_header)
        parts: list[tuple[str, object]] = [(name, name) for name in reading.parts]
        self._part = self._choice(self.tr("Part of the file"), parts, told.part)
        above: list[tuple[str, object]] = [(self.tr("None"), 0), *((f"{n}", n) for n in range(1, MOST_ABOVE + 1))]
        self._skip = self._choice(self.tr("Lines above the table"), above, told.skip)
        self._is_text = reading.kind == "delimited"
        self._say = Text(tone="soft", wrap=True)
        self._problem = ProblemPanel()
        self._model, self._view = TableModel(self), TableView()
        self._view.setModel(self._model)
        self._accept = Button(self.tr("&Read it this way"), "primary", clicked=self._choose)
        self._lay_out()
        self._pause = QTimer(self, interval=60, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._look()

    def _delimiters(self) -> list[tuple[str, object]]:
        return [
            (self.tr("Comma ,"), ","), (self.tr("Semicolon ;"), ";"), (self.tr("Tab"), "\t"), (self.tr("Bar |"), "|"),
            (self.tr("Nothing: one column"), ""),
        ]  # fmt: skip

    def _quotes(self) -> list[tuple[str, object]]:
        return [(self.tr('Double quotes "'), '"'), (self.tr("Single quotes '"), "'"), (self.tr("Nothing"), "")]

    def _choice(self, name: str, choices: Sequence[tuple[str, object]], told: str | int | None) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.addItem(self.tr("Found by looking"), None)
        for words, value in choices:
            box.addItem(words, value)
        values = [None, *(value for _, value in choices)]
        if told not in values:  # the command line takes any encoding and any sign
            box.addItem(f"“{told}”", told)
            values.append(told)
        box.setCurrentIndex(values.index(told))
        box.currentIndexChanged.connect(self._look_soon)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(Text(self._file.name, kind="heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        shown = [self._part] if self._part.count() > 2 else []
        shown += [self._encoding, self._delimiter, self._quote] if self._is_text else []
        shown += [self._header, self._skip]
        for place, box in enumerate(shown):
            line, at = divmod(place, ROW)
            grid.addWidget(Text(box.accessibleName(), kind="secondary", tone="soft"), 2 * line, at)
            grid.addWidget(box, 2 * line + 1, at)
        for at in range(ROW):
            grid.setColumnStretch(at, 1)
        column.addLayout(grid)
        column.addWidget(self._say)
        column.addWidget(self._problem)
        card = Card(padding=0)
        card.body.setContentsMargins(1, 1, 1, 8)
        card.add(self._view)
        column.addWidget(card, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(Button(self.tr("Cancel"), clicked=self.reject))
        row.addWidget(self._accept)
        column.addLayout(row)

    def options(self) -> ReadOptions:
        """What is chosen now."""
        return ReadOptions(
            encoding=self._encoding.currentData(),
            delimiter=self._delimiter.currentData(),
            quote=self._quote.currentData(),
            has_header=self._header.currentData(),
            skip=self._skip.currentData(),
            part=self._part.currentData(),
        )

    def _look_soon(self, _index: int) -> None:
        self._pause.start()

    def _look(self) -> None:
        if self._looking is not None:
            self._looking.stop()
        task = partial(_first_rows, file=self._file, options=self.options())
        self._looking = Job(task, title=self.tr("Looking at the file"), heavy=False)
        self._looking.happened.connect(self._show)
        self._looking.ended.connect(self._end)
        self._looking.start()

    def _show(self, found: list[object]) -> None:
        if self.sender() is not self._looking:
            return
        for one in found:
            if isinstance(one, Preview):
                self._problem.clear()
                self._accept.set_blocked("")
                said = self.tr("Read as {sentence}.").format(sentence=one.reading.sentence)
                self._say.setText(" ".join([said, *one.reading.doubts]))
                cells = [list(row) for row in one.rows]
                self._model.show_cells(one.columns, cells, range(len(cells)))
                self._view.spread()

    def _end(self, outcome: Outcome) -> None:
        if self.sender() is self._looking:
            self._looking = None
            if outcome.problem is not None:
                self._problem.show_problem(outcome.problem)
                self._accept.set_blocked(outcome.problem.what)

    def _choose(self) -> None:
        self.chosen.emit(self._file, self.options())
        self.accept()

    def done(self, result: int) -> None:
        """Close; a look that is still going on ends by itself."""
        if self._looking is not None:
            self._looking.finish_now()
        super().done(result)


def _first_rows(_: Control, file: Path, options: ReadOptions) -> Iterator[object]:
    yield preview(file, options, rows=PREVIEW_ROWS)
