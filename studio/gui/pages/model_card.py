"""One model of the catalog as a card: what it is, how large, for whom, and whether it fits here.

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

if TYPE_CHECKING:
    from studio.models.catalog import CatalogEntry


class ModelCard(ChoiceCard):
    """What needs a download cannot be chosen yet, and says so."""

    def __init__(self, entry: CatalogEntry) -> None:
        super().__init__(entry.title, entry.note)
        self.entry = entry
        here = entry.folder is not None
        self._facts = Text(kind="secondary", tone="soft", wrap=True)
        self._facts.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body.addSpacing(2)
        self.body.addWidget(self._facts)
        self._add_chip(here)
        self._say("")
        self.setEnabled(here)
        if not here:
            size = words.size(entry.bytes)
            reason = self.tr("Needs a download of {size}. Downloads come later; a folder of your own works now.")
            self.setToolTip(reason.format(size=size))
            self.setAccessibleDescription(self.toolTip())

    def _add_chip(self, here: bool) -> None:
        self.body.removeWidget(self.title)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.title, 1)
        chip = Chip(self.tr("on this computer"), "good") if here else Chip(self.tr("needs a download"), "plain")
        chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(chip)
        self.body.insertLayout(0, row)

    def is_for(self, base: str) -> bool:
        """Whether a Config's base model is this one; an empty base means the starter."""
        known = {self.entry.name, self.entry.hub, str(self.entry.folder)}
        return base in known if base else self.entry.starter

    def show_fit(self, memory: int, total: int, *, fits: bool) -> None:
        """Say whether training it fits into the memory of this machine."""
        need = words.memory(memory, total)
        said = self.tr("fits: about {need}") if fits else self.tr("does not fit: about {need}")
        self._say(said.format(need=need))

    def _say(self, fit: str) -> None:
        entry = self.entry
        parts = (parameters(entry), words.size(entry.bytes), entry.license, entry.languages, fit)
        self._facts.setText(" · ".join(part for part in parts if part))


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
        (tr("Size"), f"{parameters(entry)}, {words.size(entry.bytes)}"),
        (tr("Licence"), entry.license or tr("not stated")),
        (tr("Languages"), entry.languages or tr("not stated")),
        (tr("Reads at most"), tr("{count} tokens at once").format(count=f"{entry.context:,}")),
        (tr("From"), entry.hub),
        (tr("Folder"), str(entry.folder or "")),
    ]
    return [(name, value) for name, value in pairs if value]
