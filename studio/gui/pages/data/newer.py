"""Whether the table's file was changed since it was read, told quietly, with the way to read it again.

In: the session's files and how they were when they were read. Out: a band that is away as long as they are the same,
and `missing` with a file that is not there any more. The files are only looked at, on a thread, when the page is shown
and when the program comes to the front.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication

from studio.counting import counted
from studio.data.reading.stamp import Stamp
from studio.gui import words
from studio.gui.job import Job
from studio.gui.session import Session
from studio.gui.widgets.band import Band
from studio.gui.widgets.button import Button, IconButton
from studio.gui.work import loading


class NewerBand(Band):
    """`look` begins to look; what was closed stays closed until the file is changed once more."""

    missing = Signal(object)  # Path, or None where every file is there

    def __init__(self, session: Session) -> None:
        self.again = Button(self.tr("Read it again"), "small", clicked=session.read_again)
        self.cross = IconButton("close", self.tr("Close this message"), clicked=self._let_be)
        super().__init__(self.again, self.cross, kind="accent")
        self._session = session
        self._looking: Job | None = None
        self._found: loading.Stamped | None = None
        self._let: Stamp | None = None
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
        self.settle()
        if known is not None and session.table is not None and "import" not in session.jobs and self._looking is None:
            task = partial(loading.stamp_now, files=session.files, known=known)
            self._looking = Job(task, title=self.tr("Looking at the file"), heavy=False)
            self._looking.happened.connect(self._take)
            self._looking.ended.connect(self._end)
            self._looking.start()

    def _take(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, loading.Stamped):
                self._found = event
        self.settle()

    def _end(self, _outcome: object) -> None:
        self._looking = None

    def settle(self) -> None:
        """Show what was found, as long as it is about the files of this table and none is being read."""
        session, found = self._session, self._found
        if found is not None and (session.project is None or session.project.stamp != found.known):
            found = self._found = None
        if found is None or "import" in session.jobs:
            self.want(False)
            self.missing.emit(None)
            return
        seen = [one for one in (found.known, self._let) if one is not None]
        is_other = found.now is not None and not any(map(found.now.is_of, seen))
        if is_other and found.now is not None:
            self._tell(found.known, found.now)
        self.want(is_other)
        self.missing.emit(found.missing)

    def _tell(self, known: Stamp, now: Stamp) -> None:
        session = self._session
        files, when = session.files, words.day(now.changed)
        name = files[0].name if len(files) == 1 else self.tr("One of the files")
        if now.changed >= known.changed:
            told = self.tr("{name} was changed on the disk on {when}, after it was read.")
        else:
            told = self.tr("{name} was replaced on the disk by a version of {when}, after it was read.")
        told = told.replace("{when}", when).replace("{name}", name)
        changes = len(session.edits.log.groups) if session.edits.log is not None else 0
        if changes:
            one = self.tr("Your change is kept.")
            told += " " + counted(changes, one, self.tr("Your {count} changes are kept."))
        self.say(told)
        self.again.setAccessibleDescription(told)

    def _let_be(self) -> None:
        self._let = self._found.now if self._found is not None else None
        self.want(False)
