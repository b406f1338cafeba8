"""What a model from nothing is to be: its form, its size and what it reads.

In: a Session. Out: a card with the choices, and what the chosen size amounts to.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.config import edit
from studio.config.sizes import Size, size_called
from studio.gui import words
from studio.gui.form import Form
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

CHOICES = ("model.size", "model.family", "model.units", "model.vocabulary")


class OwnModelCard(Card):
    """The choices for a model from nothing, and in words what comes of them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("A model from nothing"), parent=parent)
        self._session = session
        self.add(
            Text(
                self.tr("It begins with random numbers and learns from your texts alone, its own tokens first."),
                tone="soft", wrap=True,
            )
        )  # fmt: skip
        others = tuple(entry.path for entry in edit.entries() if entry.path not in CHOICES)
        self.add(Form(session, ("model",), without=others, stacked=True))
        self.said = Text(tone="soft", wrap=True)
        self.add(self.said)

    def refresh(self) -> None:
        """Say what the present choices amount to."""
        size, forecast = self._size(), self._session.forecast
        if size is None:
            self.said.setText("")
            return
        took = forecast.sentence if forecast is not None else words.translated(size.time)
        self.said.setText(f"{words.translated(size.note) if size.note else ''} {took}".strip())

    def facts(self) -> list[tuple[str, str]]:
        """What the model will be, as names and values."""
        size, facts, config = self._size(), self._session.facts, self._session.config.model
        if size is None:
            return []
        form = dict(edit.entry("model.family").words.choices).get(config.family, config.family)
        pairs = [(self.tr("Form"), words.translated(form)), (self.tr("Size"), words.translated(size.title))]
        if facts is not None:
            pairs.append((self.tr("Weights"), self.tr("{n} million").format(n=f"{facts.parameters / 1e6:.1f}")))
        pairs += [
            (self.tr("Layers"), f"{size.layers:,}"),
            (self.tr("Reads at most"), self.tr("{count} tokens at once").format(count=f"{size.context:,}")),
            (self.tr("Licence"), self.tr("yours")),
        ]
        return pairs

    def _size(self) -> Size | None:
        automatic = self._session.automatic.get("model.size")
        name = self._session.config.model.size or (automatic.value if automatic is not None else None)
        return None if name is None else size_called(name)
