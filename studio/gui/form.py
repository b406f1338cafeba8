"""A form made from the typed configuration: nothing about a setting is written down a second time.

In: a Session and which settings to show. Out: one row per setting with its editor, its unit, help, the automatic
value with its reason, and errors in place. Knows nothing of what the settings do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.config import edit
from studio.config.automatic import may_be_automatic
from studio.config.edit import Entry
from studio.gui.editors import Editor, editor_for, spoken
from studio.gui.session import Session
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.text import Text, set_property
from studio.problems import Problem

EDITOR_WIDTH = 190


class Field(QWidget):
    """One setting: title and help at the left, the editor at the right, what is to be said about it below."""

    changed = Signal()

    def __init__(self, session: Session, entry: Entry, *, stacked: bool = False) -> None:
        super().__init__()
        self.session, self.entry = session, entry
        self._problem: Problem | None = None
        self._stacked = stacked
        self.editor: Editor = editor_for(entry)
        self.editor.widget.setAccessibleName(entry.words.title)
        self.editor.widget.setAccessibleDescription(entry.words.help)
        self.editor.widget.setToolTip(entry.words.help)
        self.editor.given.connect(self._give)
        self.note = Text(kind="secondary", tone="soft", wrap=True)
        self.help = Text(entry.words.help, kind="secondary", tone="soft", wrap=True)
        self.help.hide()
        self.back = Button(
            self.tr("Back to automatic"),
            "quiet",
            name=self.tr("{title}: back to automatic").format(title=entry.words.title),
            clicked=self._back,
        )
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        words = self.entry.words
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        title = QHBoxLayout()
        title.setSpacing(2)
        said = Text(words.title)
        said.setWordWrap(True)  # only where its one line does not fit
        said.setMaximumWidth(said.fontMetrics().horizontalAdvance(words.title) + 2)
        title.addWidget(said, 100)
        ask = IconButton("info", self.tr("About: {title}").format(title=words.title), clicked=self._show_help)
        ask.setFlat(True)
        ask.setProperty("kind", "quiet")
        ask.setFixedSize(24, 24)
        ask.setToolTip(words.help)
        title.addWidget(ask)
        title.addStretch(1)
        grid.setColumnStretch(0, 1)
        if self.editor.is_wide or self._stacked:
            grid.addLayout(title, 0, 0, 1, 2)
            grid.addWidget(self.editor.widget, 1, 0, 1, 2)
        else:
            right = QHBoxLayout()
            right.setSpacing(8)
            right.addWidget(self.editor.widget, 1)
            unit = Text(words.unit, tone="soft")
            unit.setFixedWidth(46)  # kept where there is none, so that all editors stand in one column
            right.addWidget(unit)
            holder = QWidget()
            holder.setLayout(right)
            right.setContentsMargins(0, 0, 0, 0)
            holder.setFixedWidth(EDITOR_WIDTH)
            grid.addLayout(title, 0, 0)
            grid.addWidget(holder, 0, 1)
        grid.addWidget(self.help, 2, 0, 1, 2)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.back, 0, Qt.AlignmentFlag.AlignRight)
        grid.addLayout(below, 3, 0, 1, 2)

    def refresh(self) -> None:
        """Show the session's value, and what is automatic about it."""
        value = edit.value(self.session.config, self.entry.path)
        automatic = self.session.automatic.get(self.entry.path)
        self.editor.show_value(value, automatic.value if automatic is not None else None)
        may_be_open = may_be_automatic(self.entry.path)
        self.back.setVisible(may_be_open and value is not None)
        if self._problem is not None:
            self._say(self.editor.told(self._problem), "bad")
        elif automatic is not None and value is None:
            shown = spoken(self.entry, automatic.value)
            self._say(self.tr("automatic: {value}, {why}").format(value=shown, why=automatic.reason), "soft")
        elif may_be_open and value is None:
            self._say(self.tr("automatic: decided when the rows and the model are known"), "soft")
        else:
            self._say("", "soft")

    def _say(self, words: str, tone: str) -> None:
        self.note.setText(words)
        self.note.set_tone(tone)
        self.note.setVisible(bool(words))
        self.editor.mark(bad=tone == "bad")

    def _show_help(self) -> None:
        self.help.setVisible(not self.help.isVisible())

    def _give(self, new: Any) -> None:
        self._problem = self.session.change(self.entry.path, new)
        if self._problem is not None:
            self._say(self.editor.told(self._problem), "bad")
        else:
            self.refresh()
        self.changed.emit()

    def _back(self) -> None:
        self._give(None)
        self.editor.widget.setFocus()


class Form(QWidget):
    """The settings of `groups`, the basic ones open and the expert ones under "More settings"."""

    def __init__(
        self,
        session: Session,
        groups: Iterable[str],
        *,
        without: Iterable[str] = (),
        stacked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        chosen, left_out = tuple(groups), frozenset(without)
        self.fields = {
            entry.path: Field(session, entry, stacked=stacked)
            for entry in edit.entries()
            if entry.path.split(".")[0] in chosen and entry.words.level != "hidden" and entry.path not in left_out
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._folded = QWidget()
        folded = QVBoxLayout(self._folded)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(12)
        for field in self.fields.values():
            (column if field.entry.words.level == "basic" else folded).addWidget(field)
        self.more = Button(self.tr("More settings"), "quiet", icon="chevron-right", clicked=self._unfold)
        self.more.setCheckable(True)
        set_property(self.more, "edge", "left")
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._folded)
        self._folded.hide()
        self.more.setVisible(any(f.entry.words.level == "expert" for f in self.fields.values()))
        session.changed.connect(self._refresh)
        self._refresh(frozenset({"config"}))

    def _unfold(self) -> None:
        shown = self._folded.isHidden()
        self._folded.setVisible(shown)
        self.more.setText(self.tr("Fewer settings") if shown else self.tr("More settings"))
        self.more.setAccessibleName(self.more.text())

    def _refresh(self, topics: frozenset[str]) -> None:
        if not topics & {"config", "facts", "project"}:
            return
        kind = self.session.config.task.kind
        for field in self.fields.values():
            field.setVisible(edit.is_shown(field.entry.path, kind))
            field.refresh()
