"""One editor per kind of setting: numbers, closed sets, yes or no, and text.

In: a setting's type, bounds and words. Out: a widget that shows a value (or the automatic one, greyed) and gives
what a person entered, unchecked. Knows nothing of sessions.
"""

from __future__ import annotations

import re
import types
from typing import Any, Literal, Union, get_args, get_origin

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from studio.config.automatic import may_be_automatic
from studio.config.edit import Entry
from studio.gui import words
from studio.gui.widgets.text import set_property
from studio.problems import Problem

LEAST_SIGNS = 6  # of the chosen entry, however narrow the column
PERCENTS = frozenset({"data.watching_share", "data.test_share"})  # shares that people read and write in percent


def plain_type(entry: Entry) -> Any:
    """The setting's type without "or automatic"."""
    kind = entry.info.annotation
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(arm for arm in get_args(kind) if arm is not type(None))
    return kind


def spoken(entry: Entry, value: Any) -> str:
    """A value as people read it, with its unit."""
    for member, title in entry.words.choices:
        if member == value:
            return title
    if entry.path in PERCENTS:
        return percent(value)
    if isinstance(value, bool):
        return QObject().tr("on") if value else QObject().tr("off")
    if isinstance(value, (int, float)):
        unit = entry.words.unit.removesuffix("s") if value == 1 else entry.words.unit
        return f"{words.number(value)} {unit}".strip()
    return str(value)


class Editor(QObject):
    """`given` carries what was entered: a value, text that may not be one, or None for automatic."""

    given = Signal(object)
    is_wide = False
    widget: QWidget

    def show_value(self, value: Any, automatic: Any) -> None:
        """Show `value`, or where it is open the automatic one, greyed."""
        raise NotImplementedError

    def told(self, problem: Problem) -> str:
        """What is wrong with what was entered, in the words in which it is shown."""
        return f"{problem.what} {problem.why}"

    def mark(self, *, bad: bool) -> None:
        """Mark what was entered as wrong, or as fine."""
        set_property(self.widget, "state", "bad" if bad else "")


class NumberLine(QLineEdit):
    """A line for numbers; Up and Down make the next sensible step."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class NumberEditor(Editor):
    """Whole or broken numbers, written as people write them."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry, self._whole = entry, plain_type(entry) is int
        self.line = NumberLine()
        self.widget = self.line
        self._shown: Any = None
        self._automatic: Any = None
        self.line.editingFinished.connect(self._finish)
        self.line.stepped.connect(self._step)

    def show_value(self, value: Any, automatic: Any) -> None:
        self._shown, self._automatic = value, automatic
        self.line.setText("" if value is None else words.number(value))
        open_words = self.tr("automatic") if may_be_automatic(self.entry.path) else self.tr("none")
        shown = open_words if automatic is None else words.number(automatic)
        self.line.setPlaceholderText(shown)

    def _finish(self) -> None:
        new = read_number(self.line.text(), whole=self._whole)
        if new != self._shown:
            self.given.emit(new)

    def _step(self, direction: int) -> None:
        read = read_number(self.line.text(), whole=self._whole)
        start = self._automatic if read is None else read
        if isinstance(start, (int, float)):
            self.given.emit(next_number(start, direction, whole=self._whole))


class PercentEditor(NumberEditor):
    """A share, shown and taken in percent; the setting itself stays between 0 and 1."""

    def show_value(self, value: Any, automatic: Any) -> None:
        super().show_value(value, automatic)
        self.line.setText("" if value is None else percent(value))

    def told(self, problem: Problem) -> str:
        return re.sub(r"\d+(?:\.\d+)?", lambda found: percent(float(found[0])), super().told(problem))

    def _finish(self) -> None:
        new = read_share(self.line.text())
        if new != self._shown or not isinstance(new, float):
            self.given.emit(new)
        else:
            self.line.setText(percent(new))

    def _step(self, direction: int) -> None:
        read = read_share(self.line.text())
        if isinstance(read, float):
            self.given.emit(round(max(0.0, read + direction * 0.01), 6))


def percent(share: float) -> str:
    """A share as people read it: 10 %, 12.5 %."""
    return f"{share * 100:g} %"


def read_share(text: str) -> float | str | None:
    """What a person wrote, as a share: 20, 20 % and 0.2 are the same, because from 1 on it can only be percent."""
    written = text.strip()
    value = read_number(written.removesuffix("%"), whole=False)
    if not isinstance(value, (int, float)):
        return text if written else None
    return round(value / 100, 8) if written.endswith("%") or value >= 1 else value


def read_number(text: str, *, whole: bool) -> int | float | str | None:
    """What a person wrote, as a number; None for nothing; the text itself where it is no number."""
    written = text.strip().replace(" ", "").replace(" ", "")
    if not written:
        return None
    written = written.replace(",", "") if whole or "." in written else written.replace(",", ".")
    try:
        return int(written) if whole else float(written)
    except ValueError:
        return text


def next_number(value: float, direction: int, *, whole: bool) -> float:
    """The next sensible value: ones for whole numbers, 1-2-5 for tiny ones, tenths and ones for the others."""
    if whole:
        step = 1 if value < 100 else 10 if value < 1000 else 100
        return int(value) + direction * step
    if 0 < value < 0.02:
        ladder = [m * 10.0**e for e in range(-8, 0) for m in (1, 2, 5)]
        above = [rung for rung in ladder if rung > value * 1.001]
        below = [rung for rung in ladder if rung < value * 0.999]
        return float(f"{above[0] if direction > 0 else below[-1] if below else value:g}")
    step_size = 0.01 if value < 0.2 else 0.1 if value <= 2 else 1.0
    return round(max(0.0, value + direction * step_size), 6)


class QuietCombo(QComboBox):
    """A choice that a turning wheel over a scrolling page does not change. Its longest entry does not widen the column
    that it stands in; opened, its list is as wide as that entry."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_SIGNS)

    def showPopup(self) -> None:
        edges = 24  # the list's padding, its frame and a scroll bar
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + edges)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceEditor(Editor):
    """A closed set; the first entry is "automatic" where that is allowed. Which one that is, is said below it."""

    def __init__(self, entry: Entry, choices: tuple[tuple[Any, str], ...]) -> None:
        super().__init__()
        self.entry = entry
        self._open = plain_type(entry) is not entry.info.annotation
        self.box = QuietCombo()
        self.widget = self.box
        if self._open:
            self.box.addItem(self.tr("Automatic"), None)
        for value, title in choices:
            self.box.addItem(title, value)
        self.box.activated.connect(self._give)

    def show_value(self, value: Any, automatic: Any) -> None:
        index = next((n for n in range(self.box.count()) if self.box.itemData(n) == value), 0)
        self.box.setCurrentIndex(index)

    def _give(self, index: int) -> None:
        self.given.emit(self.box.itemData(index))


class TextEditor(Editor):
    """Text of some lines, taken over when the writing ends."""

    is_wide = True

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.box = _TextBox()
        self.widget = self.box
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(74)
        self.box.setPlaceholderText(entry.words.help)
        self.box.left.connect(self._finish)
        self._shown = ""

    def show_value(self, value: Any, automatic: Any) -> None:
        self._shown = str(value)
        if self.box.toPlainText() != self._shown:
            self.box.setPlainText(self._shown)

    def _finish(self) -> None:
        if self.box.toPlainText() != self._shown:
            self.given.emit(self.box.toPlainText())


class _TextBox(QPlainTextEdit):
    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def editor_for(entry: Entry) -> Editor:
    """The editor that fits a setting."""
    kind = plain_type(entry)
    if entry.words.choices:
        return ChoiceEditor(entry, entry.words.choices)
    if get_origin(kind) is Literal:
        return ChoiceEditor(entry, tuple((value, str(value)) for value in get_args(kind)))
    if kind is bool:
        tr = QObject().tr
        return ChoiceEditor(entry, ((True, tr("On")), (False, tr("Off"))))
    if entry.path in PERCENTS:
        return PercentEditor(entry)
    if kind in (int, float):
        return NumberEditor(entry)
    return TextEditor(entry)
