"""Where tokens stand when they are laid out in lines: a line ends between words, never inside one.

In: pieces of text with their kind, a width, a way to measure. Out: bits of pieces with their boxes. Knows nothing of
colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from PySide6.QtCore import QRectF, QTextBoundaryFinder

LINE = 29.0
GLUE = "\u2060"  # stands for a mark while line ends are sought: no line may end beside it

PieceKind = Literal["context", "learned", "worse", "cut", "unread", "note", "likely", "unlikely", "surprising"]


@dataclass(frozen=True)
class Piece:
    """A token: its text and what becomes of it, or how likely it was; a "note" is a word of the program's own. A
    `mark` is no text of the user: it shows `text` for what only the model knows. `hint` says what the piece is and what
    becomes of it."""

    text: str
    kind: PieceKind
    mark: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Placed:
    """A bit of a piece in its box; `ends` where the piece ends with it."""

    text: str
    piece: Piece
    ends: bool
    box: QRectF


@dataclass(frozen=True)
class _Bit:
    text: str
    piece: Piece
    ends: bool
    may_break: bool  # a line may end before it
    new_line: bool  # a line has to end before it


def place(
    pieces: Sequence[Piece], width: float, measure: Callable[[str, Piece], float]
) -> tuple[tuple[Placed, ...], float]:
    """The bits in their boxes, and the height of all lines. Only a word that is wider than a line is broken."""
    placed: list[Placed] = []
    x, y = 0.0, 0.0
    for word in _words(_bits(pieces)):
        if word[0].new_line:
            x, y = 0.0, y + LINE
        *before, last = word  # the blank after a word may hang over
        shown = sum(measure(bit.text, bit.piece) for bit in before) + measure(last.text.rstrip(), last.piece)
        if x > 0 and x + shown > width:
            x, y = 0.0, y + LINE
        for bit in word if shown <= width else _letters(word):
            wide = measure(bit.text, bit.piece)
            if x > 0 and x + wide > width and bit.text.strip():
                x, y = 0.0, y + LINE
            if bit.text:
                placed.append(Placed(bit.text, bit.piece, bit.ends, QRectF(x, y, min(wide, max(0.0, width - x)), LINE)))
            x += wide
    return tuple(placed), y + LINE


def _bits(pieces: Sequence[Piece]) -> Iterator[_Bit]:
    """The pieces cut wherever a line may end, and at line breaks, which themselves are left out."""
    whole = "".join(GLUE if piece.mark else piece.text for piece in pieces)
    breaks, start, new_line = _line_ends(whole), 0, False
    for piece in pieces:
        length = 1 if piece.mark else len(piece.text)
        inner = sorted({start, start + length, *(at for at in range(start + 1, start + length) if at in breaks)})
        for a, b in pairwise(inner):
            text = piece.text if piece.mark else whole[a:b]
            bare = text if piece.mark else text.rstrip("\r\n")  # a line may end after each line break
            yield _Bit(bare, piece, b == start + length, a in breaks, new_line)
            new_line = bare != text
        start += length


def _line_ends(text: str) -> frozenset[int]:
    """The places in `text`, counted in characters, where the writing system lets a line end."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    units: set[int] = set()
    while (at := finder.toNextBoundary()) >= 0:
        units.add(at)
    found, unit = set(), 0
    for number, letter in enumerate(text):  # Qt counts letters beyond U+FFFF twice
        if unit in units:
            found.add(number)
        unit += 2 if ord(letter) > 0xFFFF else 1
    return frozenset(found)


def _words(bits: Iterator[_Bit]) -> Iterator[list[_Bit]]:
    """Bits that have to stay on one line together."""
    number = 0

    def word_of(bit: _Bit) -> int:
        nonlocal number
        number += bit.may_break or bit.new_line
        return number

    for _, word in groupby(bits, key=word_of):
        yield list(word)


def _letters(word: Sequence[_Bit]) -> Iterator[_Bit]:
    """A word that no line is wide enough for, letter by letter."""
    for bit in word:
        if bit.piece.mark:
            yield bit
            continue
        for number, letter in enumerate(bit.text):
            yield _Bit(letter, bit.piece, bit.ends and number == len(bit.text) - 1, True, False)
