"""How a cell's text is broken into lines, measured and painted: kept line breaks, at most three lines, the last of a
longer text fading out.

In: text, a width, words to mark. Out: a laid-out text with its height. Only the beginning of a long text is looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QTextCharFormat, QTextLayout, QTextOption

from studio.gui import theme

MOST_LINES = 3
LINE_HEIGHT = 19.0
MOST_CHARACTERS = 1200  # more never shows in three lines
FADE = 64.0  # pixels at the end of a text that goes on
_BREAKS = {ord("\n"): "\u2028", ord("\u2029"): "\u2028", ord("\r"): "\u2028", ord("\v"): "\u2028", ord("\f"): "\u2028"}
_TABS = 28.0  # pixels


class Lines(NamedTuple):
    """A text in lines: how many, whether it goes on beyond them, and whether it is read from right to left."""

    layout: QTextLayout
    lines: int
    goes_on: bool
    from_right: bool


def break_lines(text: str, width: int, mark: str = "") -> Lines:
    """The lines that are shown of `text` at `width` pixels; every occurrence of `mark` lies on a wash."""
    return _broken(text[: MOST_CHARACTERS + 1], max(20, width), mark, theme.theme().is_dark)


@lru_cache(maxsize=2048)
def _broken(text: str, width: int, mark: str, is_dark: bool) -> Lines:
    """`is_dark` is there because the marks are laid out in their colour."""
    whole = text[:MOST_CHARACTERS].replace("\r\n", "\n").strip("\n")
    layout = QTextLayout(whole.translate(_BREAKS), theme.font("body"))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(_TABS)
    from_right = _is_from_right(whole)
    if from_right:
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    if mark:
        layout.setFormats(_marks(whole, mark))
    layout.beginLayout()
    count, end = 0, 0
    while count < MOST_LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, count * LINE_HEIGHT))
        count, end = count + 1, line.textStart() + line.textLength()
    layout.endLayout()
    length = len(whole.encode("utf-16-le", "surrogatepass")) // 2  # what the layout counts in
    goes_on = end < length or len(text) > MOST_CHARACTERS
    return Lines(layout, max(1, count), goes_on, from_right)


def _is_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is read from right to left."""
    if text.isascii():
        return False
    strong = (bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def height_of(text: str, width: int) -> int:
    """Pixels that the shown lines take."""
    return round(break_lines(text, width).lines * LINE_HEIGHT)


def paint_lines(
    painter: QPainter, x: float, y: float, text: str, width: int, mark: str = "", ground: QColor | None = None
) -> None:
    """Paint the lines with the painter's pen; where a text goes on, its last line fades into `ground`."""
    lines = break_lines(text, width, mark)
    lines.layout.draw(painter, QPointF(x, y))
    if lines.goes_on:
        painter.fillRect(*_fade(lines, x, y, max(20, width), ground or theme.color("surface")))


def _fade(lines: Lines, x: float, y: float, width: int, ground: QColor) -> tuple[QRectF, QLinearGradient]:
    last = lines.layout.lineAt(lines.lines - 1).naturalTextRect()
    long = min(FADE, last.width())
    end = x + (last.left() if lines.from_right else last.right())
    begin = end + long if lines.from_right else end - long
    clear = QColor(ground)
    clear.setAlphaF(0.0)
    gradient = QLinearGradient(begin, 0, end, 0)
    gradient.setColorAt(0.0, clear)
    gradient.setColorAt(1.0, ground)
    top = y + (lines.lines - 1) * LINE_HEIGHT
    return QRectF(min(begin, end), top, abs(end - begin) + 1, LINE_HEIGHT), gradient


def _marks(text: str, mark: str) -> list[QTextLayout.FormatRange]:
    found: list[QTextLayout.FormatRange] = []
    wanted = mark.lower()
    low = text.lower()
    if len(low) != len(text):  # a few letters become two when made small
        return found
    start = low.find(wanted)
    while start >= 0:
        one = QTextLayout.FormatRange()
        one.start, one.length = _units(text, start), _units(text[start : start + len(mark)], len(mark))
        style = QTextCharFormat()
        style.setBackground(theme.color("warn_wash"))
        one.format = style
        found.append(one)
        start = low.find(wanted, start + len(mark))
    return found


def _units(text: str, end: int) -> int:
    """Characters up to `end` as Qt counts them, which takes those beyond the first 65,536 for two."""
    return end if text.isascii() else len(text[:end].encode("utf-16-le", "surrogatepass")) // 2
