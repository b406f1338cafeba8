"""The ways of reading a file, to be chosen: only those that can matter for what was read, each with what was found.

In: what was told before, a Reading, the encodings that fit. Out: ReadOptions; `changed` when another one is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.counting import counted
from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.container import BETWEEN
from studio.data.reading.text.likely import Likely
from studio.data.table.table import Reading
from studio.gui.pages.data import reading_words as words
from studio.gui.pages.data.reading_choice import Choice
from studio.gui.pages.data.reading_words import Entry

MOST_ABOVE = 20  # lines above a table that can be chosen here
ACROSS = 3  # choices beside each other
FIELDS = ("member", "encoding", "delimiter", "quote", "has_header", "skip")


class ReadingChoices(QWidget):
    """Begins with what was `told` before. `by_field` are the choices by the name of their option."""

    changed = Signal()

    def __init__(self, told: ReadOptions) -> None:
        super().__init__()
        self._found_in = told.member or ""  # the member whose reading the lists tell of
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        for at in range(ACROSS):
            self._grid.setColumnStretch(at, 1)
        self.by_field = self._choices(told)
        for choice in self.by_field.values():
            choice.setParent(self)

    def _choices(self, told: ReadOptions) -> dict[str, Choice]:
        headers: list[Entry] = [(self.tr("Names of the columns"), True), (self.tr("Already a row of data"), False)]
        above: list[Entry] = [(self._lines(n), n) for n in range(MOST_ABOVE + 1)]
        made: dict[str, tuple[str, Sequence[Entry], Callable[[object], str]]] = {
            "member": (self.tr("Sheet, file or list"), [], str),
            "encoding": (self.tr("Encoding"), words.encodings(), lambda name: words.encoding_title(str(name))),
            "delimiter": (
                self.tr("What separates cells"),
                words.delimiters(),
                lambda sign: words.delimiter_title(str(sign)),
            ),
            "quote": (self.tr("Quotes around a cell"), words.quotes(), lambda sign: words.quote_title(str(sign))),
            "has_header": (
                self.tr("The first line holds"),
                headers,
                lambda names: self.tr("names of the columns") if names else self.tr("already a row of data"),
            ),
            "skip": (self.tr("Lines above the table"), above, self._lines),
        }
        choices = {
            field: Choice(name, entries, getattr(told, field), title) for field, (name, entries, title) in made.items()
        }
        for choice in choices.values():
            choice.box.currentIndexChanged.connect(self.changed)
        return choices

    def _lines(self, count: object) -> str:
        return counted(int(str(count)), self.tr("{count} line"), self.tr("{count} lines")) if count else self.tr("None")

    def fit(self, reading: Reading | None) -> None:
        """Show the choices that matter for what is read, each with what looking found."""
        if reading is not None:
            self._show_found(reading)
        shown = [self.by_field[field] for field in FIELDS if self._matters(field, reading)]
        for choice in self.by_field.values():
            self._grid.removeWidget(choice)
            choice.setVisible(choice in shown)
        self.setVisible(bool(shown))
        for place, choice in enumerate(shown):
            self._grid.addWidget(choice, *divmod(place, ACROSS))
        for before, after in pairwise(shown):
            self.setTabOrder(before.box, after.box)

    def _matters(self, field: str, reading: Reading | None) -> bool:
        """Whether a choice can change anything; what was told is always shown."""
        if self.by_field[field].value is not None:
            return True
        if reading is None:  # not read yet, or not readable as it is told
            return field != "member"
        has_signs = reading.kind == "delimited" or (
            reading.kind == "folder" and bool(reading.delimiter or reading.quote)
        )
        has_rows_above = has_signs or reading.kind == "workbook"
        match field:
            case "member":
                return len(reading.members) > 1
            case "encoding":
                return has_signs or reading.kind == "text" or reading.encoding != "utf-8"
            case "delimiter":  # who tells one of a text knows that it is a table
                return has_signs or reading.kind == "text"
            case "quote":
                return has_signs
            case "has_header":  # lists of lists in JSON have one too, and their sentence tells
                return has_rows_above or (reading.kind in {"json", "lines", "folder"} and "header" in reading.sentence)
            case _:
                return has_rows_above

    def _show_found(self, reading: Reading) -> None:
        """What the lists tell of the reading: its members, and what was found where nothing was told."""
        member = self.by_field["member"]
        names = {
            "workbook": self.tr("Sheet"),
            "json": self.tr("List in the file"),
            "folder": self.tr("Table in the folder"),
        }
        in_archive = BETWEEN in reading.member or reading.kind not in names
        member.rename(self.tr("File in the archive") if in_archive else names[reading.kind])
        if member.values != reading.members:
            member.fill(reading.members)
        for field in FIELDS:
            choice = self.by_field[field]
            if choice.value is None:
                choice.show_found(self._found(field, reading))
            elif (member.value or "") != self._found_in:  # found in another member
                choice.show_found(None)
        self._found_in = str(member.value or "")

    def _found(self, field: str, reading: Reading) -> object:
        """What looking found for a choice; None where there is nothing to name."""
        if reading.kind == "text" and field == "delimiter":
            return None
        return getattr(reading, field) or None if field == "member" else getattr(reading, field)

    def show_likely(self, found: Sequence[Likely]) -> None:
        """Let the list of encodings begin with those that fit, each with what it makes of a line."""
        if found:
            titles = {name: title for title, name in words.encodings()}
            entries = [
                (f"{titles.get(one.name, words.encoding_title(one.name))}   “{one.line}”", one.name) for one in found
            ]
            self.by_field["encoding"].put_first(entries)

    def options(self) -> ReadOptions:
        """What is chosen now."""
        return ReadOptions(**{field: self.by_field[field].value for field in FIELDS})  # type: ignore[arg-type]
