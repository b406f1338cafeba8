"""The table of a project that cannot be opened any more: said above the page, with the way to bring it back.

In: the session. Out: a card with “Read it again”, which is away as long as the table is there.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text


class LostCard(Card):
    """Reads the project's own file as it was read before."""

    def __init__(self, session: Session) -> None:
        super().__init__(kind="card", padding=14)
        self._session = session
        self.words = Text(tone="soft", wrap=True)
        self.again = Button(self.tr("Read it again"), "small", clicked=session.read_again)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.again)
        self.add(row)
        session.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, _topics: object = None) -> None:
        session = self._session
        files = session.files if session.is_lost else ()
        self.setVisible(bool(files) and "import" not in session.jobs)
        if files:
            said = self.tr(
                "The table of this project cannot be opened. {name} is read as before, and your changes are made again."
            )
            self.words.setText(said.format(name=files[0].name))
