"""Putting the text that the model reads together from several columns.

In: the table's columns, the present template. Out: a template with {column} fields, through the session. What came of
it is shown beside it, in the row that the model sees.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget
from superqt import QFlowLayout

from studio.data.roles.columns import fields_of
from studio.gui import theme
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

TYPING_PAUSE_MS = 400
MOST_COLUMNS = 24  # buttons; a wider table's columns are typed


class TemplateCard(Card):
    """Folded away as one button until somebody wants it; away where the table has no further column to read."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(self.tr("Text from several columns"), padding=18, parent=parent)
        self._session = session
        self._is_open = False
        self._columns: tuple[str, ...] = ()
        self._words = Text(tone="soft", wrap=True)
        self._open = Button(self.tr("Put it together"), "small", clicked=self._unfold)
        self._text = QPlainTextEdit()
        self._text.setAccessibleName(self.tr("How the text is put together"))
        self._text.setTabChangesFocus(True)
        self._text.setFont(theme.font("body"))
        self._text.setFixedHeight(96)
        self._fault = Text(tone="bad", kind="secondary", wrap=True)
        self._fields = QWidget()
        self._flow = QFlowLayout(self._fields)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._drop = Button(self.tr("Read one column only"), "quiet", clicked=self._fold)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._take)
        self._text.textChanged.connect(self._pause.start)
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addWidget(self._drop)
        row.addStretch(1)
        for widget in (self._words, self._text, self._fault, self._fields):
            self.add(widget)
        self.add(row)
        session.changed.connect(self._refresh)
        session.saving.connect(self._hand_over)
        self._refresh(frozenset({"table"}))

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"table", "project", "opened"}:
            self._is_open = False
        if topics & {"table", "config", "roles", "project"}:
            self._show()

    def _show(self) -> None:
        table, data = self._session.table, self._session.config.data
        columns = tuple(name for name in table.columns if name != data.target) if table is not None else ()
        self.setVisible(len(columns) > 1 or bool(data.template))
        is_open = self._is_open or bool(data.template)
        self._words.setText(
            self.tr("A column's name between braces stands for its cell. The row beside shows what comes of it.")
            if is_open
            else self.tr("The model reads one column. It can read several, put together as you write it.")
        )
        for widget in (self._text, self._fields, self._drop):
            widget.setVisible(is_open)
        self._open.setVisible(not is_open)
        if columns != self._columns:
            self._columns = columns
            self._show_fields()
        if data.template and not self._text.hasFocus() and self._text.toPlainText() != data.template:
            self._write(data.template)
        self._say_fault()

    def _show_fields(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for name in self._columns[:MOST_COLUMNS]:
            words = self.tr("Add the column {name}").format(name=name)
            short = name if len(name) <= 24 else f"{name[:22]}…"
            self._flow.addWidget(Button(f"+ {short}", "small", clicked=partial(self._insert, name), name=words))

    def _unfold(self) -> None:
        data = self._session.config.data
        self._is_open = True
        first = data.input or (self._columns[0] if self._columns else "")
        self._write(f"{{{first}}}")
        self._show()
        self._text.setFocus()
        self._text.moveCursor(QTextCursor.MoveOperation.End)

    def _fold(self) -> None:
        self._pause.stop()
        self._is_open = False
        self._write("")
        self._session.change("data.template", "")
        self._show()

    def _insert(self, name: str) -> None:
        written = self._text.toPlainText()
        gap = "" if not written or written[-1].isspace() or not self._text.textCursor().atEnd() else "\n"
        self._text.insertPlainText(f"{gap}{{{name}}}")
        self._text.setFocus()

    def _write(self, template: str) -> None:
        self._text.blockSignals(True)
        self._text.setPlainText(template)
        self._text.blockSignals(False)

    def _unknown(self) -> list[str]:
        table = self._session.table
        known = table.columns if table is not None else ()
        return [name for name in fields_of(self._text.toPlainText()) if name not in known]

    def _say_fault(self) -> None:
        template, unknown = self._text.toPlainText(), self._unknown()
        words = ""
        if self._text.isVisibleTo(self) and unknown:
            words = self.tr(
                "There is no column “{name}”. Correct the name; until then the earlier text is used."
            ).format(name=unknown[0])
        elif self._text.isVisibleTo(self) and not fields_of(template):
            words = self.tr("No column is named yet: choose one below.")
        elif self._session.config.data.target in fields_of(template):
            words = self.tr("It must not read what it has to learn.")
        self._fault.setText(words)
        self._fault.setVisible(bool(words))

    def _take(self) -> None:
        """Use what is written, once it names columns that are there; one column alone needs no template."""
        template, data = self._text.toPlainText(), self._session.config.data
        self._say_fault()
        if self._fault.text():
            return
        wanted = "" if template.strip() == f"{{{data.input}}}" else template
        problem = self._session.change("data.template", wanted)
        if problem is not None:
            self._session.problem.emit(problem)

    def _hand_over(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._take()
