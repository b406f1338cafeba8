"""One plain sentence, large, with the words that matter in bold and what stands in brackets softer.

In: text and the words to stress. Out: a label; every part is escaped, so that no label of a table becomes markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio.gui import theme, words


class Statement(QLabel):
    """A wrapped sentence in the lead size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setFont(theme.font("lead"))
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._words, self._stressed = "", tuple[str, ...]()
        theme.theme().theme_changed.connect(self._write)

    def say(self, words: str, stressed: Sequence[str] = ()) -> None:
        """Show `words`; each of `stressed` is set in bold where it stands as a whole word."""
        self._words, self._stressed = words, tuple(sorted(filter(None, stressed), key=len, reverse=True))
        self.setAccessibleName(words)
        self._write()

    def _write(self) -> None:
        stressed = "|".join(re.escape(part) for part in self._stressed)
        pattern = re.compile(rf"(?<!\w)(?P<bold>{stressed or '(?!)'})(?!\w)|(?P<soft>\([^()]*\))")
        parts, end = [], 0
        soft = theme.color("soft").name()
        for match in pattern.finditer(self._words):
            parts.append(html.escape(self._words[end : match.start()]))
            inside = html.escape(match.group())
            bold = match.group("bold") is not None
            parts.append(f"<b>{inside}</b>" if bold else f'<span style="color:{soft}">{inside}</span>')
            end = match.end()
        parts.append(html.escape(self._words[end:]))
        self.setText(f'<div style="line-height:130%">{words.unbroken("".join(parts))}</div>')
