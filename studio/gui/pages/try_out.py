"""Try: ask the trained model, see the untouched one beside it, or let it sort a text or a whole file.

In: a Session with a run. Out: questions to the session, and what came back. The page has one face for each goal.
"""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.config.goals import GOALS
from studio.gui.ask import Ask
from studio.gui.pages.no_model import missing
from studio.gui.pages.try_answers import TryAnswers
from studio.gui.pages.try_find import TryFind
from studio.gui.pages.try_labels import LabelWords
from studio.gui.pages.try_number import NumberWords
from studio.gui.pages.try_one import TryOne
from studio.gui.pages.try_read import TryRead
from studio.gui.pages.try_search import TrySearch
from studio.gui.pages.try_texts import TryTexts
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.page import EmptyState, Page


class TryPage(Page):
    """The station Try."""

    station = "try"

    def __init__(self, session: Session, ask: Ask | None = None, parent: QWidget | None = None) -> None:
        self.side_by_side = Button(self.tr("Side by side"), "small", clicked=self._choose_sides)
        self.side_by_side.setCheckable(True)
        self.side_by_side.setChecked(True)
        self.side_by_side.setToolTip(self.tr("Let the untouched model answer too. It takes twice as long."))
        self.anew = Button(self.tr("New conversation"), clicked=self._clear)
        self.next = Button(self.tr("Next: judge"), clicked=lambda: session.go_to("judge"))  # Send and Sort are louder
        super().__init__(parent, actions=(self.side_by_side, self.anew, self.next))
        self.session, self._ask = session, ask or Ask()
        self._faces: dict[str, QWidget] = {}
        self._empty = EmptyState("", "", clicked=lambda: session.go_to("train"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self.body.addWidget(self._stack, 1)
        session.changed.connect(self._changed)
        self._show_state()

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "project", "job"}:
            self._show_state()

    def shown(self) -> None:
        """The page has come to the front."""
        self._show_state()

    @property
    def state(self) -> str:
        """empty, learning, or the goal of the run."""
        session = self.session
        if session.is_training:
            return "learning"
        if session.run is None or not session.has_model:
            return "empty"
        return session.run.config.task.kind

    def _show_state(self) -> None:
        state = self.state
        self.head.say(*self._words(state))
        self.next.setVisible(state in GOALS)
        lack = missing(self.session)
        if lack is not None:
            self._empty.say(*lack)
            self._stack.setCurrentWidget(self._empty)
        else:
            if state not in self._faces:
                self._faces[state] = self._make(state)
                self._stack.addWidget(self._faces[state])
            self._stack.setCurrentWidget(self._faces[state])
        face = self._faces.get(state)
        self.anew.setVisible(isinstance(face, TryAnswers))
        self.side_by_side.setVisible(isinstance(face, (TryAnswers, TryTexts)) and state != "pretrain")

    def _choose_sides(self) -> None:
        for face in self._faces.values():
            if isinstance(face, (TryAnswers, TryTexts)):
                face.show_base(self.side_by_side.isChecked())

    def _clear(self) -> None:
        face = self._faces.get(self.state)
        if isinstance(face, TryAnswers):
            face.clear()

    def _words(self, state: str) -> tuple[str, str]:
        return {
            "empty": (self.tr("Try it"), self.tr("Here you ask your own model.")),
            "learning": (self.tr("Try it"), self.tr("Here you ask your own model.")),
            "answer": (
                self.tr("Ask it something"),
                self.tr("Untouched and trained model, the same words, the same settings."),
            ),
            "prefer": (
                self.tr("Ask it something"),
                self.tr("Untouched and trained model, the same words, the same settings."),
            ),
            "read": (
                self.tr("Ask it about a text"),
                self.tr("Untouched and trained model, the same text, the same question."),
            ),
            "continue": (
                self.tr("Let it go on"),
                self.tr("A beginning of yours, gone on with by the untouched and by the trained model."),
            ),
            "find": (
                self.tr("Ask it about a text"),
                self.tr("It marks the answer in your text, by {who}.").format(who=self._who()),
            ),
            "pretrain": (
                self.tr("Let it go on"),
                self.tr("Write how a text begins; your model goes on as it has learned from nothing."),
            ),
            "classify": (
                self.tr("Let it sort something"),
                self.tr("One text at a time, or a whole file of them, by {who}.").format(who=self._who()),
            ),
            "rate": (
                self.tr("Let it rate something"),
                self.tr("One text at a time, or a whole file of them, by {who}.").format(who=self._who()),
            ),
            "search": (
                self.tr("Let it search for something"),
                self.tr("The same passages, the same words, with the untouched model beside {who}.").format(
                    who=self._who()
                ),
            ),
        }[state]

    def _who(self) -> str:
        run, history = self.session.run, self.session.history
        if run is None:
            return ""
        best = history.best
        if history.is_one_fit:
            return self.tr("your model (quick try)")
        kept = f"{best.step if best is not None else history.step:,}"
        return self.tr("{run} as it was after step {step}").format(run=run.folder.name, step=kept)

    def _make(self, state: str) -> QWidget:
        run = self.session.run
        if run is not None and GOALS[run.config.task.kind].whole_text:
            return TryTexts(self.session)
        if run is not None and GOALS[run.config.task.kind].writes:
            return TryRead(self.session) if state == "read" else TryAnswers(self.session)
        if state == "search":
            return TrySearch(self.session, self._ask)
        if state == "find":
            return TryFind(self.session, self._ask)
        words = NumberWords() if state == "rate" else LabelWords()
        return TryOne(self.session, self._ask, words)
