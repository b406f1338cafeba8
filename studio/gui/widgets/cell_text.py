"""How a cell's text is broken into lines, measured and painted: kept line breaks, at most three lines, then "…".

In: text, a width, words to mark. Out: a laid-out text with its height.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from studio.gui import theme

MOST_LINES = 3
LINE_HEIGHT = 19.0
MOST_CHARACTERS = 1200  # more never shows in three lines


@lru_cache(maxsize=4096)
def break_lines(text: str, width: int) -> tuple[str, ...]:
    """The lines that are shown of `text` at `width` pixels."""
    font = theme.font("body")
    short = text[:MOST_CHARACTERS].replace("\r\n", "\n").strip("\n")
    layout = QTextLayout(short.replace("\n", "\u2028"), font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    option = layout.textOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    spans: list[tuple[int, int]] = []
    while len(spans) <= MOST_LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(max(20, width))
        spans.append((line.textStart(), line.textLength()))
    layout.endLayout()
    lines = [short[start : start + length].rstrip("\n") for start, length in spans[:MOST_LINES]]
    if len(spans) > MOST_LINES or len(text) > MOST_CHARACTERS:
        rest = short[spans[MOST_LINES - 1][0] :] if len(spans) >= MOST_LINES else lines[-1]
        lines[-1] = _with_ellipsis(rest.split("\n")[0].rstrip(), width)
    return tuple(lines)


def _with_ellipsis(text: str, width: int) -> str:
    metrics = QFontMetricsF(theme.font("body"))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return shown if shown.endswith("…") else f"{metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 14)} …"


def height_of(text: str, width: int) -> int:
    """Pixels that the shown lines take."""
    return round(max(1, len(break_lines(text, width))) * LINE_HEIGHT)


def paint_lines(painter: QPainter, x: float, y: float, text: str, width: int, mark: str = "") -> None:
    """Paint the lines with the painter's pen; every occurrence of `mark` lies on a wash."""
    font = theme.font("body")
    for number, line in enumerate(break_lines(text, width)):
        layout = QTextLayout(line, font)
        if mark:
            layout.setFormats(_marks(line, mark))
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        layout.draw(painter, QPointF(x, y + number * LINE_HEIGHT))


def _marks(line: str, mark: str) -> list[QTextLayout.FormatRange]:
    found, start = [], line.lower().find(mark.lower())
    while start >= 0:
        one = QTextLayout.FormatRange()
        one.start, one.length = start, len(mark)
        style = QTextCharFormat()
        style.setBackground(theme.color("warn_wash"))
        one.format = style
        found.append(one)
        start = line.lower().find(mark.lower(), start + len(mark))
    return found
