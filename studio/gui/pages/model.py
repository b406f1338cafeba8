"""The Model page: which model to start from, what it needs here, and under which licence it comes.

In: the catalog, the goal, the rows' facts. Out: the base model, by name or by folder. What is not on this computer
stands below, to be downloaded.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.config.goals import GOALS, ModelKind
from studio.gui import words
from studio.gui.ask import Ask
from studio.gui.job import Job, Outcome
from studio.gui.pages.model_card import ModelCard, in_words
from studio.gui.pages.model_downloads import DownloadCard, Downloads
from studio.gui.pages.model_language import LanguageNote
from studio.gui.pages.model_own import OwnModelCard
from studio.gui.pages.model_search import HubSearch
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll, Page
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.text import Text
from studio.gui.work import fitting
from studio.models.hub_cache import base_name
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.data.parts.dataset import Dataset
    from studio.models.catalog import CatalogEntry

SIDE_WIDTH = 344


class ModelPage(Page):
    """`ask` opens the dialog for a folder."""

    station = "model"

    def __init__(self, session: Session, ask: Ask) -> None:
        self._next = Button(self.tr("&Next: train"), "primary", clicked=lambda: session.go_to("train"))
        super().__init__(actions=(self._next,))
        self._session, self._ask = session, ask
        self._cards: list[ModelCard] = []
        self._entries: list[CatalogEntry] = []
        self._folders: list[Path] = []  # chosen since the program was started; the last one stays with the project
        self._measuring: Job | None = None
        self._stale = False
        self._problem, self._trouble = ProblemPanel(), ProblemPanel()
        self._own = OwnModelCard(session)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._none = Card(self.tr("No model for this goal is on this computer yet"))
        self._none.add(
            Text(self.tr("Download one below, or choose a model folder of your own."), tone="soft", wrap=True)
        )
        self.downloads = Downloads()
        self.downloads.arrived.connect(self._take_model)
        self.language = LanguageNote()
        self.language.wanted.connect(self._reveal)
        self.search = HubSearch(session.config.task.kind)
        self.search.found.connect(self._take_found)
        self._found: tuple[CatalogEntry, ...] = ()
        self._code = ""  # of the language that the rows are in
        self._heard: Dataset | None = None  # in which the language was looked for
        self._hearing: Job | None = None
        self._facts = KeyValueList()
        self._about = Text(tone="soft", wrap=True)
        self._lay_out()
        session.changed.connect(self._refresh)
        self._rebuild()
        self._hear()

    def _lay_out(self) -> None:
        self._left = left = FlowScroll()
        left.add(self._problem)
        left.add(self._trouble)
        left.add(self.language)
        left.add(self._none)
        left.add(self._own)
        left.column.addLayout(self._list)
        left.add(self.downloads)
        left.add(self.search)
        side = FlowScroll(width=SIDE_WIDTH)
        chosen = Card(self.tr("Chosen"))
        chosen.add(self._about)
        chosen.body.addSpacing(4)
        chosen.add(self._facts)
        side.add(chosen)
        self._folder_card = self._own_folder()
        side.add(self._folder_card)
        self.body.addWidget(left, 1)
        self.body.addWidget(side)

    def _own_folder(self) -> Card:
        card = Card(self.tr("A model of your own"))
        words = self.tr(
            "Any model folder with safetensors files. A folder with program code or with weights in an unsafe format "
            "is refused."
        )
        card.add(Text(words, tone="soft", wrap=True))
        card.body.addSpacing(4)
        row = QHBoxLayout()
        row.addWidget(Button(self.tr("Choose a folder"), "small", icon="folder", clicked=self.choose_folder))
        row.addStretch(1)
        card.add(row)
        return card

    def shown(self) -> None:
        """Look again at what is on this computer."""
        self._rebuild()
        self._hear()

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"config", "project"} and self._is_other_list():
            self._rebuild()
        elif topics & {"config", "facts", "project"}:
            self._show_choice()
        if "facts" in topics:
            self._measure()
        if topics & {"dataset", "facts", "project"}:
            self._hear()

    def _is_other_list(self) -> bool:
        """Whether the goal, or a folder that is chosen, asks for another list than the one on show."""
        return self.search.goal != self._session.config.task.kind or self._chosen_folder() not in {None, *self._folders}

    def _kinds(self) -> tuple[ModelKind, ...]:
        return GOALS[self._session.config.task.kind].models

    def _chosen_folder(self) -> Path | None:
        """The folder that is chosen, if the catalog does not know it."""
        from studio.models.catalog import named

        base = self._session.config.model.base
        known = [entry for entry in self._entries if entry.folder not in self._folders]
        folder = Path(base).expanduser()
        return folder if base and named(base, known) is None and folder.is_dir() else None

    def _look(self) -> list[CatalogEntry]:
        """The models for this goal: the starter, what else is here, folders of one's own, what was found on the hub,
        and what is not here, the best start first."""
        from studio.models.catalog import catalog, own_model
        from studio.models.choosing import fitting

        goal = self._session.config.task.kind
        if self.search.goal != goal:
            self.search.goal, self._found = goal, ()
        self.search.setVisible(not GOALS[goal].from_nothing)
        if GOALS[goal].from_nothing:
            self._entries = []
            return []
        known = catalog()
        names = {entry.name for entry in known}
        found = [entry for entry in self._found if entry.name not in names]
        self._entries = [*found, *fitting(goal, known, self._code)]
        chosen = self._chosen_folder()
        if chosen is not None and chosen not in self._folders:
            self._folders.append(chosen)
        for folder in self._folders:
            with suppress(Problem):  # the page says above the list what is wrong with the one that is chosen
                self._entries.append(own_model(folder))
        able = [entry for entry in self._entries if entry.kind in self._kinds()]
        return sorted(able, key=lambda entry: (entry.folder is None, not entry.starter and entry.folder is not None))

    def _rebuild(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._cards = []
        self._entries = self._look()
        for entry in self._entries:
            if entry.folder is not None:
                own = entry.folder in self._folders
                card = ModelCard(entry, own=own)
                card.clicked.connect(partial(self._choose, str(entry.folder) if own else entry.name))
                self._cards.append(card)
                self._list.addWidget(card)
                card.show()  # now: the column would be measured without it, and what stands below pressed together
        self.downloads.set_entries([entry for entry in self._entries if entry.folder is None])
        self._show_choice()
        self._measure()

    def _take_found(self, entries: tuple[CatalogEntry, ...]) -> None:
        """What the hub has under a name stands first in the list of what can be downloaded."""
        self._found = entries
        self._rebuild()
        for entry in entries:
            self.downloads.reveal(entry.name)

    def _reveal(self, entry: CatalogEntry) -> None:
        """Show a model that was proposed: its card, or its download."""
        card: QWidget | None = next((card for card in self._cards if card.entry.name == entry.name), None)
        card = card or self.downloads.reveal(entry.name)
        if card is not None:
            QTimer.singleShot(0, card, partial(self._left.ensureWidgetVisible, card))
            card.setFocus()

    def _hear(self) -> None:
        """Find out in which language the rows are."""
        dataset, goal = self._session.dataset, GOALS[self._session.config.task.kind]
        if dataset is None or dataset is self._heard or self._hearing is not None:
            return
        self._heard = dataset
        task = partial(fitting.language_of, dataset=dataset, writes=goal.writes)
        self._hearing = Job(task, title=self.tr("Looking at the language"), heavy=False)
        self._hearing.happened.connect(self._take_language)
        self._hearing.ended.connect(self._end_hearing)
        self._hearing.start()

    def _take_language(self, found: list[object]) -> None:
        for one in found:
            if isinstance(one, fitting.Spoken) and one.code != self._code:
                self._code = one.code
                self._rebuild()

    def _end_hearing(self, _outcome: Outcome) -> None:
        self._hearing = None
        self._hear()

    def _take_model(self, entry: CatalogEntry) -> None:
        """What was downloaded can be chosen from now on."""
        by_keyboard = self.downloads.cards[entry.name].get.hasFocus()
        if (chosen := self._chosen()) is not None and chosen.name == entry.name:
            self._session.look_again()
        self._rebuild()
        card = next((card for card in self._cards if card.entry.name == entry.name), None)
        if card is not None:
            if by_keyboard:
                card.setFocus()
            QTimer.singleShot(0, card, partial(self._left.ensureWidgetVisible, card))

    def _choose(self, name: str, _checked: bool = False) -> None:
        self._problem.clear()
        problem = self._session.change("model.base", name)
        if problem is not None:
            self._problem.show_problem(problem)
        self._show_choice()

    def choose_folder(self) -> None:
        """Ask for a model folder, look whether it is safe and fitting, and take it."""
        folder = self._ask.choose_folder(self, self.tr("Choose a model's folder"))
        if folder is None:
            return
        from studio.models.catalog import find_model

        self._problem.clear()
        try:
            find_model(str(folder), self._kinds())
        except Problem as problem:
            self._problem.show_problem(problem)
            return
        self._choose(str(folder))

    def _chosen(self) -> CatalogEntry | None:
        from studio.models.catalog import named

        base = self._session.config.model.base
        if base:
            return named(base, self._entries)
        starter = next((entry for entry in self._entries if entry.starter), None)
        return next((entry for entry in self._entries if entry.folder and entry.folder == self._session.base), starter)

    def _show_choice(self) -> None:
        chosen = self._chosen()
        for card in self._cards:
            card.setChecked(card.entry == chosen)
        self._show_facts(chosen)
        self.language.show_choice(self._session.config.task.kind, chosen, tuple(self._entries), self._code)
        trouble = self._session.trouble if self._session.dataset is not None else None
        if trouble is not None:
            self._trouble.show_problem(trouble)
        else:
            self._trouble.clear()
        is_own = GOALS[self._session.config.task.kind].from_nothing
        self._own.setVisible(is_own)
        self._own.refresh()
        self.downloads.setVisible(not is_own)
        self._folder_card.setVisible(not is_own)
        self._none.setVisible(not self._cards and trouble is None and not is_own)
        ready = self._session.facts is not None
        waiting = self.tr("The rows and the model are still looked at.")
        missing = (
            trouble.what
            if trouble is not None
            else waiting
            if self._session.table
            else self.tr("Choose a table first.")
        )
        self._next.set_blocked("" if ready else missing)

    def _show_facts(self, entry: CatalogEntry | None) -> None:
        base = self._session.config.model.base
        if GOALS[self._session.config.task.kind].from_nothing:
            self.head.say(self.tr("Start from nothing"), self._explanation())
            self._about.setText(self.tr("Nothing that others have written is in it."))
            self._facts.set(self._own.facts())
            return
        if entry is None:
            self.head.say(self.tr("Start from a model of your own"), self._explanation())
            self._about.setText(base_name(Path(base)))
            self._facts.set([(self.tr("Folder"), base)])
            return
        if entry.folder is None:
            away = (
                self.tr("It is not on this computer yet. Start the set-up once more, or choose another one.")
                if entry.starter
                else self.tr("It is not on this computer yet. Download it, or choose another one.")
            )
            self.head.say(self.tr("Start from {title}").format(title=entry.title), away)
        elif entry.folder in self._folders:
            self.head.say(self.tr("Start from a model of your own"), self._explanation())
        else:
            self.head.say(self.tr("Start from {title}").format(title=entry.title), self._explanation())
        self._about.setText(f"{entry.note} {self._why(entry)}".strip())
        self._facts.set(in_words(entry))

    def _why(self, entry: CatalogEntry) -> str:
        """Why the program chose it, where nobody did."""
        from studio.data.checkup.language import language_name

        if self._session.config.model.base or entry.starter or not self._code:
            return ""
        why = self.tr("Chosen because the rows are in {language}, for which it was made.")
        return why.format(language=language_name(self._code))

    def _explanation(self) -> str:
        return words.translated(GOALS[self._session.config.task.kind].start)

    def _measure(self) -> None:
        session = self._session
        if session.facts is None or GOALS[session.config.task.kind].from_nothing:
            return
        if self._measuring is not None:
            self._stale = True
            return
        here = [*(card.entry for card in self._cards), *(card.entry for card in self.downloads.cards.values())]
        task = partial(fitting.look_what_fits, entries=here, config=session.config, facts=session.facts)
        self._measuring = Job(task, title=self.tr("Looking what fits"), heavy=False)
        self._measuring.happened.connect(self._take)
        self._measuring.ended.connect(self._end)
        self._measuring.start()

    def _take(self, found: list[object]) -> None:
        for fit in found:
            cards: list[ModelCard | DownloadCard] = [*self._cards, *self.downloads.cards.values()]
            for card in cards:
                if isinstance(fit, fitting.Fit) and card.entry.name == fit.name:
                    card.show_fit(fit.memory, fit.total, fits=fit.fits)

    def _end(self, outcome: Outcome) -> None:
        self._measuring = None
        if outcome.problem is not None:
            self._problem.show_problem(outcome.problem)
        if self._stale:
            self._stale = False
            self._measure()
