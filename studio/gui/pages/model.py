"""The Model page: which model to start from, what it needs here, and under which licence it comes.

In: the catalog, the goal, the rows' facts. Out: the base model, by name or by folder. Downloads come later; what is
not on this computer says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from studio.gui.ask import Ask
from studio.gui.job import Control, Job, Outcome
from studio.gui.pages.model_card import ModelCard, in_words
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll, Page
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.text import Text
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.config.config import Config
    from studio.models.catalog import CatalogEntry

KINDS = {"classify": "encoder", "answer": "causal"}
SIDE_WIDTH = 344


@dataclass(frozen=True)
class Fit:
    """Whether a model fits on this machine: the memory that training takes, and all there is, in bytes."""

    name: str
    memory: int
    total: int
    fits: bool


class ModelPage(Page):
    """`ask` opens the dialog for a folder."""

    station = "model"

    def __init__(self, session: Session, ask: Ask) -> None:
        self._next = Button(self.tr("&Next: train"), "primary", clicked=lambda: session.go_to("train"))
        super().__init__(actions=(self._next,))
        self._session, self._ask = session, ask
        self._cards: list[ModelCard] = []
        self._measuring: Job | None = None
        self._stale = False
        self._problem, self._trouble = ProblemPanel(), ProblemPanel()
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._facts = KeyValueList()
        self._about = Text(tone="soft", wrap=True)
        self._lay_out()
        session.changed.connect(self._refresh)
        self._rebuild()

    def _lay_out(self) -> None:
        left = FlowScroll()
        left.add(self._problem)
        left.add(self._trouble)
        left.column.addLayout(self._list)
        side = FlowScroll(width=SIDE_WIDTH)
        chosen = Card(self.tr("Chosen"))
        chosen.add(self._about)
        chosen.body.addSpacing(4)
        chosen.add(self._facts)
        side.add(chosen)
        side.add(self._own_folder())
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

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"config", "project"} and [card.entry.kind for card in self._cards][:1] != [self._kind()]:
            self._rebuild()
        elif topics & {"config", "facts", "project"}:
            self._show_choice()
        if "facts" in topics:
            self._measure()

    def _kind(self) -> str:
        return KINDS[self._session.config.task.kind]

    def _entries(self) -> list[CatalogEntry]:
        from studio.models.catalog import catalog

        found = [entry for entry in catalog() if entry.kind == self._kind()]
        return sorted(found, key=lambda entry: (entry.folder is None, not entry.starter))

    def _rebuild(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._cards = []
        for entry in self._entries():
            card = ModelCard(entry)
            card.clicked.connect(partial(self._choose, entry.name))
            self._cards.append(card)
            self._list.addWidget(card)
        self._show_choice()
        self._measure()

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
            find_model(str(folder), self._kind())  # type: ignore[arg-type]
        except Problem as problem:
            self._problem.show_problem(problem)
            return
        self._choose(str(folder))

    def _show_choice(self) -> None:
        base = self._session.config.model.base
        chosen = next((card for card in self._cards if card.is_for(base)), None)
        for card in self._cards:
            card.setChecked(card is chosen)
        self._show_facts(chosen, base)
        trouble = self._session.trouble if self._session.dataset is not None else None
        if trouble is not None:
            self._trouble.show_problem(trouble)
        else:
            self._trouble.clear()
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

    def _show_facts(self, chosen: ModelCard | None, base: str) -> None:
        if chosen is not None:
            entry = chosen.entry
            self.head.say(self.tr("Start from {title}").format(title=entry.title), self._explanation())
            self._about.setText(entry.note)
            self._facts.set(in_words(entry))
        else:
            self.head.say(self.tr("Start from a model of your own"), self._explanation())
            self._about.setText(Path(base).name)
            self._facts.set([(self.tr("Folder"), base)])

    def _explanation(self) -> str:
        if self._kind() == "encoder":
            return self.tr("A model that reads a text and tells what kind it is. Smaller ones learn in minutes.")
        return self.tr("A model that writes. Smaller ones learn in minutes, larger ones write better.")

    def _measure(self) -> None:
        session = self._session
        if session.facts is None:
            return
        if self._measuring is not None:
            self._stale = True
            return
        here = [card.entry for card in self._cards if card.entry.folder is not None]
        task = partial(_fits, entries=here, config=session.config, facts=session.facts)
        self._measuring = Job(task, title=self.tr("Looking what fits"), heavy=False, parent=self)
        self._measuring.happened.connect(self._take)
        self._measuring.ended.connect(self._end)
        self._measuring.start()

    def _take(self, found: list[object]) -> None:
        for fit in found:
            for card in self._cards:
                if isinstance(fit, Fit) and card.entry.name == fit.name:
                    card.show_fit(fit.memory, fit.total, fits=fit.fits)

    def _end(self, outcome: Outcome) -> None:
        self._measuring = None
        if outcome.problem is not None:
            self._problem.show_problem(outcome.problem)
        if self._stale:
            self._stale = False
            self._measure()


def _fits(control: Control, entries: list[CatalogEntry], config: Config, facts: Facts) -> Iterator[object]:
    """What training each model would take, with automatic values of its own."""
    from studio.config.automatic import automatic, resolved
    from studio.models import fit, gate

    machine = fit.machine()
    for entry in entries:
        if control.should_stop() or entry.folder is None:
            return
        try:
            model = gate.check_folder(entry.folder)
        except Problem:  # the card stays without a forecast; choosing it tells why
            continue
        mine = replace(facts, parameters=model.parameters, model_limit=model.context)
        forecast = fit.forecast(resolved(config, automatic(config, mine)), mine, model, machine)
        yield Fit(entry.name, forecast.memory, machine.gpu_memory or machine.memory, forecast.fits)
