"""Whether the table's file was changed since it was read, told quietly, with the way to read it again.

In: the session's files and how they were when they were read. Out: a card that is away as long as they are the same.
The files are only looked at, on a thread, when the page is shown and when the program comes to the front.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from studio.data.reading.stamp import Stamp
from studio.gui import words
from studio.gui.job import Job
from studio.gui.session import Session
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.gui.work import loading


class NewerCard(Card):
    """`look` begins to look; what was closed stays closed until the file is changed once more."""

    def __init__(self, session: Session) -> None:
        super().__init__(kind="card", padding=14)
        self._session = session
        self._looking: Job | None = None
        self._found: Stamp | None = None
        self._let: Stamp | None = None
        self.words = Text(tone="soft", wrap=True)
        self.again = Button(self.tr("Read it again"), "small", clicked=session.read_again)
        self.cross = IconButton("close", self.tr("Close this message"), clicked=self._let_be)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.again)
        row.addWidget(self.cross)
        self.add(row)
        self.hide()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._come_back)

    def _come_back(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self.window().isVisible():
            self.look()

    def look(self) -> None:
        """Look at the files, unless they are just being read."""
        session = self._session
        known = session.project.stamp if session.project is not None else None
        if known is None or "import" in session.jobs:
            self.hide()
        elif self._looking is None:
            task = partial(loading.stamp_now, files=session.files, known=known)
            self._looking = Job(task, title=self.tr("Looking at the file"), heavy=False)
            self._looking.happened.connect(self._take)
            self._looking.ended.connect(self._end)
            self._looking.start()

    def _take(self, events: list[object]) -> None:
        project = self._session.project
        for event in events:
            if isinstance(event, loading.Stamped) and project is not None and project.stamp == event.known:
                self._show(event)

    def _end(self, _outcome: object) -> None:
        self._looking = None

    def _show(self, looked: loading.Stamped) -> None:
        self._found = now = looked.now
        seen = [one for one in (looked.known, self._let) if one is not None]
        is_other = now is not None and not any(map(now.is_of, seen)) and "import" not in self._session.jobs
        self.setVisible(is_other)
        if now is None or not is_other:
            return
        files = self._session.files
        name = files[0].name if len(files) == 1 else self.tr("One of the files")
        told = self.tr("{name} was changed after it was read, {when}.").format(name=name, when=words.day(now.changed))
        if now.size != looked.known.size:
            more = now.size - looked.known.size
            size = self.tr("It is {size} larger.") if more > 0 else self.tr("It is {size} smaller.")
            told += " " + size.format(size=words.size(abs(more)))
        self.words.setText(told)
        self.again.setAccessibleDescription(told)

    def _let_be(self) -> None:
        self._let = self._found
        self.hide()
