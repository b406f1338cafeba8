"""What a model from nothing is to be: its form, its size and what it reads.

In: a Session. Out: a card with the choices, and what the chosen size amounts to.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.config import edit
from studio.config.sizes import size_called
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
        automatic = self._session.automatic.get("model.size")
        name = self._session.config.model.size or (automatic.value if automatic is not None else None)
        if name is None:
            self.said.setText("")
            return
        size, facts = size_called(name), self._session.facts
        weights = self.tr("{n} million weights. ").format(n=f"{facts.parameters / 1e6:.1f}") if facts else ""
        forecast = self._session.forecast
        took = f" {forecast.sentence}" if forecast is not None else ""
        self.said.setText(weights + words.translated(size.note) + took)
