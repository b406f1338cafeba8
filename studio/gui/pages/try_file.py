"""A whole file for the model that is tried: chosen, answered row by row into a new table, read otherwise and again.

In: a Session with a run, and Ask. Out: a new table beside the file. The words are those of the goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from studio.data.reading.options import ReadOptions
from studio.events import Predicted, Progressed, Warned
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.text import Text


class FileCard(Card):
    """`about` says what each row gets, `asking` is the question for the file, and the new table is called after the
    file with this `ending`."""

    def __init__(self, session: Session, ask: Ask, *, about: str, asking: str, ending: str) -> None:
        super().__init__()
        self.session, self._ask = session, ask
        self._asking, self._ending = asking, ending
        self._result: Path | None = None
        self._asked_for: tuple[Path, Path] | None = None  # the file that was chosen last, and where its answers go
        self._told: ReadOptions | None = None  # how that file is to be read; None: found by looking
        self._folder: Path | None = None  # of the run that is tried
        self.choose = Button(self.tr("Choose a file"), "small", clicked=self.choose_file)
        self.cancel = StopButton(self.tr("Stop"), "small", clicked=self._stop)
        self.open_result = Button(self.tr("Show in folder"), "small", icon="folder", clicked=self._open_result)
        self.reread = Button(self.tr("Change how it is read"), "small", clicked=self._change_reading)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the file"))
        self.words = Text(wrap=True)
        self.notices = Notes(tone="warn")
        self._lay_out(about)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "job"}))

    def _lay_out(self, about: str) -> None:
        buttons = QHBoxLayout()
        for button in (self.choose, self.cancel, self.open_result):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.add(Text(self.tr("A whole file"), kind="card"))
        self.add(Text(about, tone="soft", wrap=True))
        self.add(self.words)
        self.add(self.notices)
        self.add(self.progress)
        self.add(buttons)
        self.body.addWidget(self.reread, 0, Qt.AlignmentFlag.AlignLeft)
        for later in (self.progress, self.cancel, self.open_result, self.reread, self.words):
            later.hide()

    def choose_file(self) -> None:
        """Ask for a file and for where the answers go, and begin."""
        file = self._ask.open_file(self, self._asking)
        if file is None:
            return
        suggested = file.with_name(f"{file.stem}-{self._ending}.csv")
        out = self._ask.save_as(
            self, self.tr("Where should the answers go?"), suggested=str(suggested), kinds=self.tr("CSV table (*.csv)")
        )
        if out is not None:
            self._asked_for, self._told = (file, out), None
            self._begin()

    def _begin(self) -> None:
        if self._asked_for is not None:
            self.open_result.hide()
            self.notices.set(())
            self.session.predict_file(*self._asked_for, self._told)

    def _change_reading(self) -> None:
        from studio.flow import reading_for
        from studio.gui.pages.data.reading import ReadingDialog

        if self._asked_for is not None and self.session.run is not None:
            file = self._asked_for[0]
            told = self._told or reading_for(file, self.session.run.config)
            dialog = ReadingDialog(str(file), None, told, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._read_anew)
            dialog.open()

    def _read_anew(self, _file: Path, told: ReadOptions) -> None:
        """Answer the file again, into the table that was chosen for it."""
        self._told = told
        self._begin()

    def _stop(self) -> None:
        self.session.stop("predicting")

    def _open_result(self) -> None:
        if self._result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._result.parent)))

    def _happened(self, kind: str, events: Sequence[object]) -> None:
        if kind != "predicting":
            return
        for event in events:
            match event:
                case Progressed():
                    self._say(event.what if not event.total else f"{event.what}: {event.done:,} / {event.total:,}")
                    self.progress.setRange(0, event.total)
                    self.progress.setValue(event.done)
                case Warned():
                    self.notices.set([*self.notices.lines, f"{event.what} {event.fix}".strip()])
                case Predicted():
                    self._result = Path(event.file)
                    done = self.tr("{n} rows answered in {file}.").format(n=f"{event.rows:,}", file=self._result.name)
                    self._say(done)
                    self.open_result.show()

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "predicting" and outcome.state != "finished":
            self._say(self.tr("Stopped; no table was written.") if outcome.state == "stopped" else "")

    def _changed(self, topics: frozenset[str]) -> None:
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder = folder
            self._begin_anew()
        if "job" in topics:
            busy, running = self.session.jobs.heavy, "predicting" in self.session.jobs
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
            self.choose.set_blocked(reason)
            self.reread.set_blocked(reason)
            may_reread = self._asked_for is not None and not running
            for widget, visible in (
                (self.cancel, running), (self.progress, running), (self.choose, not running), (self.reread, may_reread),
            ):  # fmt: skip
                widget.setVisible(visible)

    def _begin_anew(self) -> None:
        """Another model: what the one before said is not its own."""
        self.notices.set(())
        self._say("")
        self._asked_for = self._told = None
        for widget in (self.open_result, self.reread):
            widget.hide()
