"""What opens over a cell to change it: a field of several lines, or the labels to choose from.

In: the cell's text. Out: its new text, in which whatever was not touched stands as it stood.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextOption
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from studio.gui import theme

_FRAME = 18  # pixels above and below the lines
_MOST_LABELS = 2_000  # in the list; any other can be typed


class TextEditor(QPlainTextEdit):
    """Several lines; Enter begins a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_begun = False
        self._whole, self._shown = "", ""
        self.setFont(theme.font("body"))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.setToolTip(self.tr("Ctrl+Enter takes it, Esc gives up."))
        self.setAccessibleDescription(self.toolTip())
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

    def height_for(self, width: int) -> int:
        """Pixels that the text takes, with a line to spare."""
        metrics = QFontMetricsF(self.font())
        letters = max(8.0, (width - 24) / max(1.0, metrics.averageCharWidth()))
        lines = sum(1 + int(len(line) / letters) for line in self._shown[:8_000].split("\n"))
        return round((min(lines, 200) + 1) * metrics.lineSpacing()) + _FRAME


class LabelEditor(QComboBox):
    """The labels that there are; another can be typed."""

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_begun = False
        self._whole = ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(list(labels[:_MOST_LABELS]))
        completer = self.completer()
        if completer is not None:
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseSensitive)
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
    return whole[: places[begin]] + middle + whole[places[len(shown) - end] :]


def _places(whole: str) -> list[int]:
    """Where each shown character begins in `whole`, and the end; "\\r\\n" is shown as one."""
    found = [at for at in range(len(whole)) if not (whole[at] == "\n" and at and whole[at - 1] == "\r")]
    return [*found, len(whole)]
