"""What the Model page says where the chosen model was not made for the language of the rows.

In: the chosen entry, the others, the rows' language. Out: a quiet notice with a better model, `wanted` when it is to be
shown; away where there is nothing to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from studio.config.goals import TaskKind
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.models.catalog import CatalogEntry


class LanguageNote(Card):
    """Say with `show_choice` what is chosen now."""

    wanted = Signal(object)  # CatalogEntry

    def __init__(self) -> None:
        super().__init__(kind="warn", padding=18)
        self._what = Text(kind="card", wrap=True)
        self._fix = Text(tone="soft", wrap=True)
        self.see = Button("", "small", clicked=self._ask)
        self._better: CatalogEntry | None = None
        self.add(self._what)
        self.add(self._fix)
        row = QHBoxLayout()
        row.addWidget(self.see)
        row.addStretch(1)
        self.add(row)
        self.hide()

    def show_choice(
        self, goal: TaskKind, chosen: CatalogEntry | None, entries: tuple[CatalogEntry, ...], code: str
    ) -> None:
        """Show the notice where rows in the language `code` ("" = not certain) meet a model made for others."""
        from studio.models import choosing, languages

        said = languages.limit(chosen.title, chosen.languages, code) if chosen is not None and code else ""
        self._better = choosing.proposed(goal, entries, code) if said else None
        self._what.setText(said)
        self.setAccessibleName(said)
        if self._better is not None:
            fix = self.tr(
                "It can still learn, but needs more rows and stays less sure. {title} was made for {languages}."
            )
            spoken = languages.in_words(self._better.languages)
            self._fix.setText(fix.format(title=self._better.title, languages=spoken))
            self.see.setText(self.tr("Show {title}").format(title=self._better.title))
        else:
            self._fix.setText(self.tr("It can still learn, but needs more rows and stays less sure."))
        self.see.setVisible(self._better is not None)
        self.setVisible(bool(said))

    def _ask(self) -> None:
        self.wanted.emit(self._better)
