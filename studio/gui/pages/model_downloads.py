"""The models that are not on this computer, each with a button that names its size, and the one that comes in now.

In: CatalogEntries without a folder. Out: `arrived` with the entry whose files have come; one download at a time. A
stopped one is continued by the next, a failed one tells its Problem in its own card.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.events import Progressed
from studio.gui import words
from studio.gui.job import Job, Outcome
from studio.gui.pages.model_card import facts, fit_in_words
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.text import Text
from studio.gui.work import fitting
from studio.models.hub_cache import host

if TYPE_CHECKING:
    from studio.models.catalog import CatalogEntry

_STEPS = 1000  # of the bar: bytes would be too many for it
MOST_SHOWN = 6  # cards; more are shown when asked for
_SURE_AFTER = 3.0  # seconds from which on a time left is worth saying


class DownloadCard(Card):
    """A model to be had: `wanted` when its button is pressed, `unwanted` when its download is to stop."""

    wanted = Signal()
    unwanted = Signal()

    def __init__(self, entry: CatalogEntry) -> None:
        size = words.size(entry.bytes)
        said = self.tr("Download {title}, about {size}").format(title=entry.title, size=size)
        self.get = Button(self.tr("Download, about {size}").format(size=size), "small", name=said)
        super().__init__(entry.title, trailing=self.get)
        self.entry = entry
        self.get.clicked.connect(self.wanted)
        self.title.setMinimumHeight(self.get.height())  # nothing moves when the button goes
        self.body.setSpacing(3)
        self.add(Text(entry.note, tone="soft", wrap=True))
        self._facts = Text(facts(entry), kind="secondary", tone="soft", wrap=True)
        self.add(self._facts)
        self.was_asked = False
        self.state = Text(kind="secondary", wrap=True)
        self.problem = ProblemPanel()
        self._coming = self._made_coming()
        for widget in (self._coming, self.state, self.problem):
            widget.hide()
            self.add(widget)
        if entry.starter:  # it is made from a package, which set-up fetches
            self.get.hide()
            self._say(self.tr("It comes with the program. Start the set-up once more to get it."))

    def _made_coming(self) -> QWidget:
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("Progress of the download"))
        stop = StopButton(self.tr("Stop"), "small", icon="stop", name=self.tr("Stop download"))
        stop.clicked.connect(self.unwanted)
        self.stop = stop
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.bar, 1)
        row.addWidget(stop)
        return whole

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def show_fit(self, memory: int, total: int, *, fits: bool) -> None:
        """Say whether training it would fit into the memory of this machine."""
        self._facts.setText(facts(self.entry, fit_in_words(memory, total, fits=fits)))

    def begin(self, host: str) -> None:
        """Show that it comes in from `host`."""
        self.was_asked = True
        self.problem.clear()
        self._host, self._since, self._at = host, 0.0, 0
        self._exchange(self.get, self.stop)
        self.bar.setRange(0, 0)
        asking = self.tr("Asking {host} for it. Nothing of yours is sent but your hub log-in, where you have one.")
        self._say(asking.format(host=host))

    def _exchange(self, old: Button, new: Button) -> None:
        """Show one button for the other; whoever came by the keyboard stays where they are."""
        had_focus = old.hasFocus()
        old.hide()
        new.show()
        self._coming.show()
        if had_focus:
            new.setFocus()

    def show_progress(self, event: Progressed) -> None:
        """Show how far it is."""
        if not event.done:
            return
        if not self._since:
            self._since, self._at = event.time, event.done
        self.bar.setRange(0, _STEPS)
        self.bar.setValue(round(_STEPS * event.done / event.total))
        done, total = words.size(event.done), words.size(event.total)
        said = self.tr("{done} of {total}").format(done=done, total=total)
        passed, came = event.time - self._since, event.done - self._at
        if passed >= _SURE_AFTER and came > 0:
            left = words.duration((event.total - event.done) * passed / came)
            said = self.tr("{said}, about {left} left").format(said=said, left=left)
        self._say(self.tr("{said}. It comes in from {host}.").format(said=said, host=self._host))

    def end(self, outcome: Outcome) -> None:
        """Show how it ended where it is not here."""
        self._exchange(self.stop, self.get)
        self._coming.hide()
        self._say("")
        if outcome.problem is not None:
            self.problem.show_problem(outcome.problem)
        elif outcome.state == "stopped":
            self._say(self.tr("Stopped. What came is kept; the next download goes on from there."))


class Downloads(QWidget):
    """A quiet heading and a DownloadCard for each entry."""

    arrived = Signal(object)  # CatalogEntry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, DownloadCard] = {}
        self._job: Job | None = None
        self._coming: DownloadCard | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(self.tr("Not on this computer yet"), kind="card"))
        self._words = Text(tone="soft", wrap=True)
        column.addWidget(self._words)
        column.addSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        column.addLayout(self._list)
        self._shows_all = False
        self.more = Button("", "quiet", clicked=self._show_all)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def coming(self) -> CatalogEntry | None:
        """What is downloaded now."""
        return self._coming.entry if self._coming is not None else None

    def set_entries(self, entries: Sequence[CatalogEntry]) -> None:
        """Show these, and what is coming in; a card that stays keeps what it says."""
        shown = list(entries)
        if self.coming is not None and self.coming not in shown:
            shown.insert(0, self.coming)
        kept = {entry.name: self.cards.get(entry.name) or self._made(entry) for entry in shown}
        for name, card in self.cards.items():
            self._list.removeWidget(card)
            if name not in kept:
                card.deleteLater()
        self.cards = kept
        for card in kept.values():
            self._list.addWidget(card)
        self._block()
        self._fold()
        self.setVisible(bool(kept))

    def reveal(self, name: str) -> DownloadCard | None:
        """Show one of them, also where the list is folded."""
        card = self.cards.get(name)
        if card is not None:
            card.was_asked = True
            self._fold()
        return card

    def _show_all(self) -> None:
        self._shows_all = True
        self._fold()

    def _fold(self) -> None:
        """The first few are shown, and those that somebody asked for."""
        hidden = 0
        for place, card in enumerate(self.cards.values()):
            is_shown = self._shows_all or place < MOST_SHOWN or card.was_asked
            card.setVisible(is_shown)
            hidden += not is_shown
        self.more.setText(self.tr("Show {count} more").format(count=hidden))
        self.more.setVisible(bool(hidden))

    def _made(self, entry: CatalogEntry) -> DownloadCard:
        card = DownloadCard(entry)
        card.wanted.connect(partial(self._begin, card))
        card.unwanted.connect(self._stop)
        return card

    def _begin(self, card: DownloadCard) -> None:
        task = partial(fitting.download, entry=card.entry)
        self._coming = card
        self._job = Job(task, title=self.tr("Downloading {name}").format(name=card.entry.title), heavy=False)
        self._job.happened.connect(self._take)
        self._job.ended.connect(self._end)
        card.begin(host())
        self._fold()
        self._job.start()
        self._block()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _take(self, events: list[object]) -> None:
        last = next((event for event in reversed(events) if isinstance(event, Progressed)), None)
        if last is not None and self._coming is not None:
            self._coming.show_progress(last)

    def _end(self, outcome: Outcome) -> None:
        card, self._coming, self._job = self._coming, None, None
        assert card is not None
        self._block()
        card.end(outcome)
        if outcome.state == "finished":
            self.arrived.emit(card.entry)

    def _block(self) -> None:
        reason = ""
        if self.coming is not None:
            reason = self.tr("One at a time: {title} is coming in.").format(title=self.coming.title)
        for card in self.cards.values():
            card.get.set_blocked(reason)
        said = self.tr(
            "Each comes in from {host} when you press its button. Nothing of yours is sent but your hub log-in, where "
            "you have one. What has come works without a connection."
        )
        self._words.setText(said.format(host=host()))
