"""One model that is on this computer as a card: what it is, how large, for whom, and whether it fits here.

In: a CatalogEntry, later its forecast. Out: a card that can be chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout

from studio.gui import words
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.choice_card import ChoiceCard
from studio.gui.widgets.text import Text
from studio.models import languages

if TYPE_CHECKING:
    from studio.models.catalog import CatalogEntry


class ModelCard(ChoiceCard):
    """`own` marks a folder that somebody chose, which is shown with its place."""

    def __init__(self, entry: CatalogEntry, *, own: bool = False) -> None:
        super().__init__(entry.title, str(entry.folder) if own else entry.note)
        self.entry = entry
        self._facts = Text(kind="secondary", tone="soft", wrap=True)
        self._facts.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body.addSpacing(2)
        self.body.addWidget(self._facts)
        self._add_chip(self.tr("your own folder") if own else self.tr("on this computer"))
        self._facts.setText(facts(entry))

    def _add_chip(self, text: str) -> None:
        self.body.removeWidget(self.title)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.title, 1)
        chip = Chip(text, "good")
        chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(chip)
        self.body.insertLayout(0, row)

    def show_fit(self, memory: int, total: int, *, fits: bool) -> None:
        """Say whether training it fits into the memory of this machine."""
        self._facts.setText(facts(self.entry, fit_in_words(memory, total, fits=fits)))


def facts(entry: CatalogEntry, more: str = "") -> str:
    """The facts of a model as one line, and what else there is to say."""
    tokens = QCoreApplication.translate("ModelCard", "reads {count} tokens")
    reads = tokens.format(count=f"{entry.context:,}") if entry.context else ""
    spoken = languages.in_words(entry.languages)
    parts = (parameters(entry), size(entry), reads, entry.license, spoken, more)
    return " · ".join(part for part in parts if part)


def size(entry: CatalogEntry) -> str:
    """What its weights take; of a model that is not here that is known in round words."""
    about = QCoreApplication.translate("ModelCard", "about {size}") if entry.folder is None else "{size}"
    return about.format(size=words.size(entry.bytes))


def fit_in_words(memory: int, total: int, *, fits: bool) -> str:
    """What training takes of this machine's memory."""
    said = "memory: about {need}" if fits else "does not fit: about {need}"
    return QCoreApplication.translate("ModelCard", said).format(need=words.memory(memory, total))


def parameters(entry: CatalogEntry) -> str:
    """How large the model is, in millions or billions of weights."""
    count = entry.parameters
    if count >= 10**9:
        shown = QCoreApplication.translate("ModelCard", "{count} billion weights")
        return shown.format(count=f"{count / 1e9:.1f}")
    return QCoreApplication.translate("ModelCard", "{count} million weights").format(count=f"{count / 1e6:,.0f}")


def in_words(entry: CatalogEntry) -> list[tuple[str, str]]:
    """The facts of a model for a list of names and values."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ModelCard", text)

    pairs = [
        (tr("Size"), f"{parameters(entry)}, {size(entry)}"),
        (tr("Licence"), entry.license or tr("not stated")),
        (tr("Languages"), languages.in_words(entry.languages) or tr("not stated")),
        (tr("Reads at most"), tr("{count} tokens at once").format(count=f"{entry.context:,}") if entry.context else ""),
        (tr("Terms"), tr("have to be accepted on the hub first") if entry.gated else ""),
        (tr("From"), entry.hub),
        (tr("Folder"), str(entry.folder or "")),
    ]
    return [(name, value) for name, value in pairs if value]
