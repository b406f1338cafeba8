"""Words on the page: a label that takes its size from the type scale and its colour from a tone.

In: text, a kind of font, a tone. Out: a QLabel that wraps where asked and never reads its text as markup.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.gui import theme

LINE_HEIGHT = 122  # percent of what the font asks for


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
        super().__init__(parent)
        self._plain, self._wraps = "", wrap
        # What is shown is never taken for markup: a wrapped text is escaped, any other is plain.
        self.setTextFormat(Qt.TextFormat.RichText if wrap else Qt.TextFormat.PlainText)
        self.setFont(theme.font(kind))
        self.setText(text)
        self.set_tone(tone)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Show a text; a wrapped one gets more air between its lines than Qt gives."""
        self._plain = text
        if self._wraps and text:
            lines = escape(text).replace("\n", "<br>")
            text = f'<p style="margin:0; line-height:{LINE_HEIGHT}%">{lines}</p>'
        super().setText(text)

    def text(self) -> str:
        """The text as it was given."""
        return self._plain

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
