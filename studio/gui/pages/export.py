"""Export: formats that others can open, each with the proof that it does.

In: a Session with a run. Out: folders beside the project, and what their proof said.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from studio.config.goals import GOALS
from studio.events import Exported, Progressed, Verified
from studio.export.encoder import search_lines
from studio.export.formats import Format, classifier_lines, formats_for
from studio.export.how_to_ask import how_to_ask
from studio.gui import words
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.pages.no_model import missing
from studio.gui.pages.report_card import ReportCard
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.code_box import CodeBox
from studio.gui.widgets.page import EmptyState, FlowScroll, Page
from studio.gui.widgets.text import Text
from studio.runs.calibration import NOT_CALIBRATED, read_calibration
from studio.runs.exports import Proof
from studio.runs.run import Run

LEAST_SIDE = 270  # pixels: in less the report card's values would be broken at almost every word


class FormatCard(Card):
    """One format: what it is for, how it stands, and its one action."""

    def __init__(self, page: ExportPage, key: str, title: str, text: str) -> None:
        super().__init__(padding=20)
        self.key, self._page, self._path = key, page, Path()
        head, row = QHBoxLayout(), QHBoxLayout()
        row.setSpacing(10)
        head.addWidget(Text(title, kind="card"), 1)
        self._text = text
        self.text = Text(text, tone="soft", wrap=True)
        row.addWidget(self.text, 1)
        self.badge = Chip(self.tr("Not exported yet"))
        self.export = Button(self.tr("Export"), "small", name=self.tr("Export {title}").format(title=title))
        self.export.clicked.connect(self._export)
        self.again = Button(self.tr("Again"), "quiet", name=self.tr("Export {title} again").format(title=title))
        self.again.clicked.connect(self._export)
        self.stop = StopButton(self.tr("Stop"), "small", name=self.tr("Stop exporting {title}").format(title=title))
        self.stop.clicked.connect(page.stop)
        self.show_folder = Button(
            self.tr("Show in folder"), "small", name=self.tr("Show {title} in its folder").format(title=title)
        )
        self.show_folder.clicked.connect(self._open)
        head.addWidget(self.badge)
        self.doing = Text(tone="accent", wrap=True)  # a line of its own: it is longer than any badge
        for widget in (self.again, self.export, self.stop, self.show_folder):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        self.add(head)
        self.add(row)
        self.add(self.doing)
        self.difference = Text(tone="bad", wrap=True)
        self.stopped = Text(self.tr("Stopped. Nothing was written."), tone="soft")
        self.stopped.hide()
        self.add(self.difference)
        self.add(self.stopped)
        self.setAccessibleName(title)

    def show_state(self, proof: Proof | None, *, running: str, blocked: str) -> None:
        """Show what is known of this format; `running` says what is done right now."""
        self.difference.setVisible(bool(proof is not None and proof.difference and not running))
        self.stop.setVisible(bool(running))
        self.export.setVisible(proof is None and not running)
        self.again.setVisible(proof is not None and not running)
        self.show_folder.setVisible(proof is not None and not running)
        for button in (self.export, self.again):
            button.set_blocked(blocked)
        self.text.setText(self._text)
        self.doing.setText(running)
        self.doing.setVisible(bool(running))
        if running:
            self.badge.set(self.tr("At work"), "accent")
        elif proof is None:
            self.badge.set(self.tr("Not exported yet"), "plain")
        else:
            self._path = Path(proof.path)
            self.text.setText(f"{self._text} {words.size(proof.size)}.")
            self._show_proof(proof)

    def _show_proof(self, proof: Proof) -> None:
        counts = {"right": f"{proof.right:,}", "total": f"{proof.total:,}"}
        if not proof.total:
            self.badge.set(self.tr("Not verified"), "warn")
        elif proof.right == proof.total:
            self.badge.set(self.tr("✓ Verified {right} of {total} answers").format(**counts), "good")
        else:
            self.badge.set(self.tr("{right} of {total} answers agree").format(**counts), "bad")
        if proof.difference:
            self.difference.setText(self.tr("First difference: {text}").format(text=proof.difference))

    def _export(self) -> None:
        self._page.begin(self.key)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))


class UseCard(Card):
    """How an exported classifier or search is used: a few lines that work as they stand."""

    def __init__(self) -> None:
        super().__init__(self.tr("How to use it"))
        self.words = Text(tone="soft", wrap=True)
        self.code = CodeBox(self.tr("A few lines of Python"))
        self.add(self.words)
        self.add(self.code)

    def show_folder(self, folder: str, run: Run) -> None:
        """Show the lines for the export in `folder`; "" where there is none yet."""
        task, place = run.resolved.task, folder or self.tr("THE FOLDER")
        if GOALS[task.kind].head == "vector":
            there = self.tr(
                "These lines of Python compare texts, on any computer with sentence-transformers and this folder."
            )
            later = self.tr(
                "Once it is exported, a few lines of Python compare texts. The folder's place comes in here."
            )
            code = search_lines(place, query=task.query_prefix or "", passage=task.passage_prefix or "")
        else:
            there, later = self._asking_words(is_number=GOALS[task.kind].head == "number")
            code = classifier_lines(place, **how_to_ask(run, read_calibration(run.folder) or NOT_CALIBRATED))
        self.words.setText(there if folder else later)
        self.code.show_code(code)

    def _asking_words(self, *, is_number: bool) -> tuple[str, str]:
        if is_number:
            return (
                self.tr("These lines of Python rate a text, on any computer with transformers and this folder."),
                self.tr("Once it is exported, a few lines of Python rate a text. The folder's place comes in here."),
            )
        return (
            self.tr("These lines of Python sort a text, on any computer with transformers and this folder."),
            self.tr("Once it is exported, a few lines of Python sort a text. The folder's place comes in here."),
        )


class ExportPage(Page):
    """The station Export."""

    station = "export"

    def __init__(self, session: Session, ask: Ask | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._ask = session, ask or Ask()
        self._running, self._doing, self._stopped = "", "", ""  # keys of formats, and what is done right now
        self._is_whole = False  # the present export was written and proved: a stop comes too late for it
        self._empty = EmptyState("", "", clicked=lambda: session.go_to("train"))
        full = QWidget()
        row = QHBoxLayout(full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        self._list = FlowScroll(spacing=12)
        self.use = UseCard()
        self._list.add(Text(self._for_whom(), tone="soft", wrap=True))
        self._list.add(self.use)
        self.card = ReportCard()
        side = FlowScroll()
        side.add(self.card)
        side.setMinimumWidth(LEAST_SIDE)
        row.addWidget(self._list, 13)
        row.addWidget(side, 7)
        self.cards: dict[str, FormatCard] = {}
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        self.body.addWidget(self._stack, 1)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._show_state()

    def shown(self) -> None:
        """The page has come to the front."""
        self._show_state()

    def _for_whom(self) -> str:
        return self.tr(
            "Give the folder to whoever runs your programs. You yourself need no export to use the model: that is what "
            "Try is for."
        )

    def begin(self, key: str) -> None:
        """Export in this format."""
        self._running, self._doing, self._stopped = key, self.tr("Exporting…"), ""
        self._is_whole = False
        if not self.session.export(key):
            self._running = ""
        self._show_state()

    def stop(self) -> None:
        """Stop the export that is going on; what is not whole is removed."""
        self.session.stop("exporting")

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "project"}:
            self._stopped = ""
        if topics & {"run", "report", "exports", "job", "project"}:
            self._show_state()

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind != "exporting":
            return
        for event in events:
            match event:
                case Progressed():
                    counted = (
                        self.tr(" {done} of {total}").format(done=f"{event.done:,}", total=f"{event.total:,}")
                        if event.total
                        else "…"
                    )
                    self._doing = f"{event.what.removesuffix('…')}{counted}"
                case Exported():
                    self._doing = self.tr("Asking it the same questions…")
                case Verified():
                    self._doing, self._is_whole = self.tr("Finishing…"), True
        self._show_state()

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "exporting":
            self._stopped = self._running if outcome.state == "stopped" and not self._is_whole else ""
            self._running = ""
            self._show_state()

    def _show_state(self) -> None:
        session = self.session
        self.head.say(
            self.tr("Take it with you"),
            self.tr("Each copy is opened again by another program and asked the same questions before it counts."),
        )
        lack = missing(session)
        self._stack.setCurrentIndex(1 if lack is None else 0)
        if lack is not None:
            self._empty.say(*lack)
        if lack is not None or session.run is None:
            return
        self._offer(session.run)
        busy = session.jobs.heavy
        blocked = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
        for key, card in self.cards.items():
            running = self._doing if key == self._running else ""
            card.show_state(session.exports.get(key), running=running, blocked=blocked)
            card.stopped.setVisible(key == self._stopped)
        usable = next((key for key in ("classifier", "encoder") if key in self.cards), "")
        proof = session.exports.get(usable)
        self.use.setVisible(bool(usable))
        self.use.show_folder(proof.path if proof is not None else "", session.run)
        self.card.show_run(session.run, session.history, session.report)

    def _offer(self, run: Run) -> None:
        wanted = formats_for(run.config.task.kind, run.resolved.model.method or "full")
        if list(self.cards) == list(wanted):
            return
        for card in self.cards.values():
            self._list.column.removeWidget(card)
            card.deleteLater()
        self.cards = {key: FormatCard(self, key, *self._about(key)) for key in wanted}
        for place, card in enumerate(self.cards.values()):
            self._list.column.insertWidget(place, card)

    def _about(self, key: Format) -> tuple[str, str]:
        python, run = self.tr("For Python (transformers)"), self.session.run
        is_number = run is not None and GOALS[run.config.task.kind].head == "number"
        sorts = self.tr("A folder that sorts texts with plain transformers, its card included.")
        rates = self.tr("A folder that rates texts with plain transformers, its card included.")
        return {
            "classifier": (python, rates if is_number else sorts),
            "reader": (
                python,
                self.tr("A folder that marks answers in texts with plain transformers; its card says how."),
            ),
            "encoder": (
                self.tr("For Python (sentence-transformers)"),
                self.tr("A folder that turns texts into vectors, for any search that takes such models."),
            ),
            "merged": (python, self.tr("A whole model in one folder, with its chat template and its card.")),
            "adapter": (
                self.tr("Only what was learned (adapter)"),
                self.tr("A small folder that works on top of the model you started from."),
            ),
        }[key]
