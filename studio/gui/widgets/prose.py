"""A page of the program's own help: Markdown as calm columns of words and small tables.

In: Markdown with paragraphs, headings, lists, tables, **bold**, *italic* and `code`; nothing else has a meaning. Out: a
widget that grows with its words. Knows no links and no pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.text import LINE_HEIGHT, Text

_INLINE = ((r"\*\*(.+?)\*\*", r"<b>\1</b>"), (r"\*(.+?)\*", r"<i>\1</i>"), (r"`(.+?)`", r"<code>\1</code>"))
_RULE = re.compile(r"\|?[\s:|-]+\|?")
_LONGEST = 40  # letters of a cell, from which on a column gets no wider


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, the items of a list, or the rows of a table, whose first one is its head."""

    kind: Literal["heading", "words", "list", "table"]
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Prose(QWidget):
    """Say something with `set`."""

    def __init__(self, markdown: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set(markdown)

    def set(self, markdown: str) -> None:
        """Show another text."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it goes only later, and would be seen until then
                widget.deleteLater()
        for block in blocks(markdown):
            self._column.addWidget(_shown(block))


def blocks(markdown: str) -> Iterator[Block]:
    """The parts of a text, as blank lines and signs at the beginning of a line divide it."""
    for part in filter(None, re.split(r"\n\s*\n", markdown.strip())):
        lines = [line.strip() for line in part.splitlines()]
        if lines[0].startswith("#"):
            yield Block("heading", (lines[0].lstrip("# "),))
            lines = lines[1:]
        if lines and all(line.startswith("|") for line in lines):
            yield Block("table", rows=tuple(_cells(line) for line in lines if not _RULE.fullmatch(line)))
        elif lines and all(line.startswith("- ") for line in lines):
            yield Block("list", tuple(line[2:] for line in lines))
        elif lines:
            yield Block("words", (" ".join(lines),))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _shown(block: Block) -> QWidget:
    match block.kind:
        case "heading":
            return Text(block.lines[0], kind="heading", wrap=True)
        case "table":
            return _table(block.rows)
        case "list":
            return _Words("<br>".join(f"–&nbsp;{_inline(line)}" for line in block.lines), " ".join(block.lines))
        case _:
            return _Words(_inline(block.lines[0]), block.lines[0])


def _inline(line: str) -> str:
    shown = escape(line, quote=False)
    for pattern, by in _INLINE:
        shown = re.sub(pattern, by, shown)
    return shown


class _Words(QLabel):
    """A paragraph; `plain` is what a screen reader says."""

    def __init__(self, html: str, plain: str) -> None:
        super().__init__(f'<p style="margin:0; line-height:{LINE_HEIGHT + 8}%">{html}</p>')
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(theme.font("body"))
        self.setWordWrap(True)
        self.setAccessibleName(re.sub(r"[*`]", "", plain))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


def _table(rows: Sequence[Sequence[str]]) -> Card:
    card = Card(kind="raised", padding=14)
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(7)
    columns = max(len(row) for row in rows)
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            words = Text(cell, kind="secondary", tone="" if place else "soft", wrap=bool(place))
            grid.addWidget(words, 2 * place, column, Qt.AlignmentFlag.AlignTop)
        if place + 1 < len(rows):
            grid.addWidget(HairLine(), 2 * place + 1, 0, 1, columns)
    for column in range(columns):
        longest = max(len(row[column]) for row in rows if column < len(row))
        grid.setColumnStretch(column, min(longest, _LONGEST))
    card.add(grid)
    return card
