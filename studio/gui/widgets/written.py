"""A text that a model goes on with: what was given, softer, and what it wrote behind it.

In: pieces of text, and how likely each of them was. Out: tokens one after the other; coloured by likelihood on demand,
with the likeliest others in the tooltip. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.widgets.token_lines import Piece, PieceKind
from studio.gui.widgets.token_view import TokenView

LIKELY, UNLIKELY = 0.5, 0.05  # shares from which on a token is called likely, and below which surprising


class Weight(NamedTuple):
    """A token's text, its share (0..1), and the likeliest tokens at its place with theirs."""

    text: str
    share: float
    others: tuple[tuple[str, float], ...]


class Written(Card):
    """One side's text. It follows the words while they come."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        self.subtitle = Text(tone="soft")
        super().__init__(title, trailing=self.subtitle, parent=parent)
        self._view = TokenView(font="body")
        self._scroll = FlowScroll()
        self._scroll.setAccessibleName(title)
        self._scroll.add(self._view)
        self.add(self._scroll, 1)
        foot = QHBoxLayout()
        self.copy = Button(self.tr("Copy"), "small", icon="copy", clicked=self._copy)
        self.copy.setAccessibleName(self.tr("Copy the text"))
        self.note = Text(tone="soft", kind="secondary")
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.note)
        self.add(foot)
        self.given, self.text = "", ""
        self._bar = self._scroll.verticalScrollBar()
        self._bar.rangeChanged.connect(lambda _low, high: self._bar.setValue(high))
        self._show()

    def begin(self, given: str) -> None:
        """A new text after what was given."""
        self.given, self.text = given, ""
        self.note.setText("")
        self._show()

    def say(self, piece: str) -> None:
        """More of the text."""
        self.text += piece
        self._show()

    def end(self, note: str) -> None:
        """The text is whole; `note` says why it ended."""
        self.note.setText(note)

    def weigh(self, weights: Sequence[Weight]) -> None:
        """Colour every token by how likely it was."""
        self._view.set([Piece(one.text, self._kind(one.share), hint=self._hint(one)) for one in weights if one.text])

    def plain(self) -> None:
        """Take the colours away."""
        self._show()

    def clear(self) -> None:
        """Nothing is shown."""
        self.begin("")

    def _show(self) -> None:
        parts = [Piece(self.given, "note"), Piece(self.text, "context")]
        self._view.set([part for part in parts if part.text])
        self.copy.setVisible(bool(self.text))

    def _kind(self, share: float) -> PieceKind:
        return "likely" if share >= LIKELY else "surprising" if share < UNLIKELY else "unlikely"

    def _hint(self, one: Weight) -> str:
        others = ", ".join(f"“{_shown(text)}” {_percent(share)}" for text, share in one.others)
        return self.tr("“{token}”: {share}. Likeliest here: {others}").format(
            token=_shown(one.text), share=_percent(one.share), others=others
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.given + self.text)


def _shown(text: str) -> str:
    return text.replace("\n", "⏎") or "…"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
