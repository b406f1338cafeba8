"""The pieces that a row is shown in: tokens in their kinds, below the names of the texts that they belong to.

In: a SeenRow and its goal. Out: Pieces for a TokenView, each with a hint; the kinds that a legend explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from PySide6.QtCore import QCoreApplication

from studio.config.goals import Goal
from studio.gui.widgets.token_lines import Piece
from studio.gui.work.showing import SeenRow, SeenToken

Entry = Literal["context", "learned", "worse", "cut", "unread", "mark"]  # of the legend


def always(goal: Goal) -> tuple[Entry, ...]:
    """What is explained even where the row that is shown has none of it."""
    learned: tuple[Entry, ...] = ("learned",) if goal.head in ("words", "span") else ()
    cut: tuple[Entry, ...] = () if goal.whole_text or goal.head == "span" else ("cut",)  # read in pieces, or windows
    return ("context", *learned, *cut, "mark")


def kind_of(token: SeenToken) -> Entry:
    if token.special is None:
        return token.kind
    return "unread" if token.special == "unknown" else "mark"


def pieces_of(seen: SeenRow, goal: Goal) -> Iterator[Piece]:
    """The tokens of a row, below the names of the texts that they belong to where there are several."""
    above, several = "", len({token.part for token in seen.tokens}) > 1
    for token in seen.tokens:
        if goal.compares:
            name = _answer(token, seen) or above
        else:
            name = _part(token.part, goal, is_scored=seen.label is not None) if several else ""
        if name != above:
            yield Piece(f"\n{name}\n" if above or goal.compares else f"{name}\n", "note")
            above = name
        yield _piece(token, seen.token_count, goal)


def _answer(token: SeenToken, seen: SeenRow) -> str:
    """Which answer begins with a token, where answers are compared; "" for what is only read."""
    if token.kind not in ("learned", "worse"):
        return ""
    if seen.label is not None:
        return _tr("Good answer") if token.kind == "learned" else _tr("Bad answer")
    return _tr("Better answer") if token.kind == "learned" else _tr("Worse answer")


def _part(part: int, goal: Goal, *, is_scored: bool) -> str:
    """What one of several texts is."""
    if goal.head == "span":
        return (_tr("Question"), _tr("Text"))[part]
    if goal.head == "vector" and not is_scored:
        return (_tr("Question"), _tr("Passage"))[part] if part < 2 else _tr("Passage that is not it")
    if goal.head == "words":  # one conversation, learned as several
        return ""
    return (_tr("First text"), _tr("Second text"))[min(part, 1)]


def _piece(token: SeenToken, total: int, goal: Goal) -> Piece:
    """A token of the row, with what it is and what becomes of it."""
    if token.special == "unknown":
        words = _tr("The model cannot read “{text}”: its vocabulary lacks it. All such signs look the same to it.")
        return Piece(token.text, "unread", hint=words.format(text=token.text.strip()))
    if token.special is not None:
        return _special(token, goal)
    if token.place is None or token.id is None:
        return Piece(token.text, token.kind)
    becomes = {
        "context": _tr("The model reads it; nothing is learned from it as such."),
        "learned": _tr("Training adjusts the model so that it writes this.")
        if goal.writes
        else _tr("Training adjusts the model so that it marks this as the answer."),
        "worse": _tr("Training makes this less likely than the untouched model finds it."),
        "cut": _tr("It lies beyond the limit: the model never sees it."),
    }[token.kind]
    words = _tr("“{text}” is token {number} of {total}, entry {id} in the model's vocabulary. {becomes}")
    text = token.text.replace("\n", "⏎")
    hint = words.format(text=text, number=f"{token.place:,}", total=f"{total:,}", id=f"{token.id:,}", becomes=becomes)
    return Piece(token.text, token.kind, hint=hint)


def _special(token: SeenToken, goal: Goal) -> Piece:
    """A token that only the model knows, under a plain word."""
    if token.special == "end":
        word, hint = _tr("end"), _tr("The model's own mark for where a text ends: {mark}")
    elif token.special == "begin":
        word, hint = _tr("start"), _tr("The model's own mark for where a text begins: {mark}")
    else:
        word, hint = _tr("mark"), _tr("A mark of the model's own: {mark}")
    if token.kind == "learned" and goal.writes:
        hint += "\n" + _tr("It learns to write this mark, so that it knows when to stop.")
    elif token.kind == "learned":
        hint += "\n" + _tr("It learns to point here, because the text holds no answer.")
    return Piece(word, token.kind, mark=True, hint=hint.format(mark=token.text.strip()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("RowPieces", text)
