"""What opens over a cell to change it: a field of several lines, or the labels to choose from.

In: the cell's text. Out: its new text, in which whatever was not touched stands as it stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QStyledItemDelegate, QWidget

from studio.data.checkup.blanks import with_blanks
from studio.gui import theme
from studio.gui.widgets.elided import Elided

_FRAME = 34  # pixels above and below the lines
_SIDES = 26  # pixels beside them
_HINT = 20  # pixels of the line that says which keys take it
_MOST_LABELS = 2_000  # in the list; any other can be typed


class TextEditor(QPlainTextEdit):
    """Several lines, and below them one that says which keys take it; it grows with its text."""

    grown = Signal()  # its text takes another height

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_begun = False
        self._whole, self._shown = "", ""
        self.setFont(theme.font("body"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        keys = self.tr("Enter takes it, Shift+Enter makes a new line, Esc gives up")
        self._hint = Elided(keys, kind="small", tone="soft")
        self._hint.setParent(self)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleDescription(keys)
        self.setViewportMargins(0, 0, 0, _HINT)
        self._lines = 0
        self.textChanged.connect(self._text_changed)
        # The text behind it would be seen through a field that is lighter than the rows.
        self.setAutoFillBackground(True)

    def begin(self, text: str) -> None:
        """Show the cell's text, the cursor at its end."""
        self._whole, self.is_begun = text, True
        self.setPlainText(text)
        self._shown = self._raw()
        self.moveCursor(self.textCursor().MoveOperation.End)

    def text(self) -> str:
        """The text as it is now."""
        return patched(self._whole, self._shown, self._raw())

    def _raw(self) -> str:
        """As it is, with each line break as one "\\n". Qt's plain text would make spaces of those that do not break."""
        return str(self.document().toRawText()).replace("\u2029", "\n")

    def new_line(self) -> None:
        """Begin a new line where the cursor is."""
        self.insertPlainText("\n")
        self.ensureCursorVisible()

    def _text_changed(self) -> None:
        lines = self._count_lines(self.viewport().width())
        if lines != self._lines:
            self._lines = lines
            self.grown.emit()

    def _count_lines(self, width: int) -> int:
        metrics, text = self.fontMetrics(), self._raw()[:8_000]
        text = f"{text}." if not text or text.endswith("\n") else text  # an empty line is one too
        room = max(40, width - 2 * round(self.document().documentMargin()) - 2)
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        box = metrics.boundingRect(
            QRect(0, 0, room, 100_000), flags, f"{text}." if text.endswith("\n") else text or "."
        )
        return min(200, max(1, round(box.height() / max(1, metrics.lineSpacing()))))

    def height_for(self, width: int) -> int:
        """Pixels that the text and the line of keys take."""
        lines = self._count_lines(width - _SIDES)
        return lines * self.fontMetrics().lineSpacing() + _FRAME + _HINT

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box = self.viewport().geometry()
        self._hint.setGeometry(box.left() + 4, box.bottom() + 1, max(0, box.width() - 8), _HINT)


class _Blanks(QStyledItemDelegate):
    """Shows the blanks at the ends of a label in the list; the label itself stays as it is."""

    def displayText(self, value: Any, _locale: QLocale | QLocale.Language) -> str:
        return with_blanks(str(value))


class LabelBox(QComboBox):
    """Labels to choose from, or to type: what was typed counts letter by letter. Nothing is completed, since labels
    that differ by a capital or a blank are different labels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setItemDelegate(_Blanks(self))

    def show_labels(self, labels: Sequence[str]) -> None:
        """The labels of the list."""
        self.clear()
        self.addItems(list(labels[:_MOST_LABELS]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nothing: scrolling past it picks no label."""
        event.ignore()


class LabelEditor(LabelBox):
    """The labels that there are; another can be typed."""

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_begun = False
        self._whole = self._shown = ""
        self.show_labels(labels)
        self.setToolTip(self.tr("Enter takes it, Esc gives up."))
        self.setAccessibleDescription(self.toolTip())

    def begin(self, text: str) -> None:
        """Show the cell's label, ready to be typed over."""
        self._whole, self.is_begun = text, True
        self.setCurrentIndex(self.findText(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive))
        self.setEditText(text)
        self._shown = self.currentText()
        field = self.lineEdit()
        if field is not None:
            field.selectAll()

    def text(self) -> str:
        """The label as it is now."""
        return patched(self._whole, self._shown, self.currentText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list."""
        if event.key() == Qt.Key.Key_Down and not self.view().isVisible():
            self.showPopup()
        else:
            super().keyPressEvent(event)


def patched(whole: str, shown: str, now: str) -> str:
    """`whole` with the change that led from `shown` to `now`; in `shown` every line break of `whole` is one "\\n". What
    lies before and after the change stays byte for byte, and new lines break as the first one in `whole` does."""
    if now == shown:
        return whole
    places = _places(whole)
    if len(places) != len(shown) + 1:  # a character that a field cannot show
        return now
    most = min(len(shown), len(now))
    begin = next((n for n in range(most) if shown[n] != now[n]), most)
    most -= begin
    end = next((n for n in range(most) if shown[-1 - n] != now[-1 - n]), most)
    ending = next((sign for sign in ("\r\n", "\n", "\r") if sign in whole), "\n")
    middle = now[begin : len(now) - end].replace("\u2028", "\n").replace("\n", ending)
    return _joined(_joined(whole[: places[begin]], middle), whole[places[len(shown) - end] :])


def _joined(before: str, after: str) -> str:
    """Both, so that a "\r" and a "\n" that come to stand together stay two line breaks."""
    return before + ("\r" if before.endswith("\r") and after.startswith("\n") else "") + after


def _places(whole: str) -> list[int]:
    """Where each shown character begins in `whole`, and the end; "\\r\\n" is shown as one."""
    found = [at for at in range(len(whole)) if not (whole[at] == "\n" and at and whole[at - 1] == "\r")]
    return [*found, len(whole)]
