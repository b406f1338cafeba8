"""Words on the page: a label that takes its size from the type scale and its colour from a tone.

In: text, a kind of font, a tone. Out: a QLabel that wraps where asked and never reads its text as markup.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.gui import theme


class Text(QLabel):
    """A label in a step of the type scale and a `tone` ("", "soft", "accent", "good", "warn", "bad")."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: theme.FontKind = "body",
        tone: str = "",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a cell or a file name is never taken for markup
        self.setFont(theme.font(kind))
        self.set_tone(tone)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_tone(self, tone: str) -> None:
        """Recolour; an unknown tone is the plain text colour."""
        set_property(self, "tone", tone)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def counted(count: int, one: str, many: str) -> str:
    """The words for a count, which replaces {count} in them, with separators between thousands."""
    return (one if count == 1 else many).format(count=f"{count:,}")
