"""How the width of a table is shared among its columns.

In: the room, what each column's texts and head want, and which columns are for something. Out: a width for each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from PySide6.QtGui import QFontMetrics

NARROW = 64  # pixels that a column keeps when it is dragged narrow by hand
READABLE_HEAD = 150  # pixels that a head has, where its name and its chip want that much …
LEAST_HEAD = 112  # … and that no column goes below, where others press
SHORTEST_LONG = 160  # pixels that a column of long texts keeps where others press
_ROOMY_LONG = 220  # pixels of such a text that is for something, where the table is wider than its view anyway
_READABLE = 340  # pixels that a long text that is for something wants before others are shown
_EASY = 640  # pixels that such a text wants before short ones are shown whole
_SHORTEST = 110  # pixels that a column of short texts keeps where others press
_USUAL = 220  # pixels up to which a column of short texts is shown whole


def wanted_width(cells: Sequence[str], metrics: QFontMetrics) -> int:
    """Pixels that nine in ten of the cells fit into in one line; 0 where nothing stands in them."""
    widths = sorted(metrics.horizontalAdvance(cell) for cell in cells) or [0]
    return widths[math.ceil(0.9 * (len(widths) - 1))]


def shared(
    room: int,
    wanted: Sequence[int],
    heads: Sequence[int],
    matter: Collection[int] = (),
    short_heads: Sequence[int] | None = None,
) -> list[int]:
    """Widths for the columns, from what their texts want (0: nothing stands there) and what their heads take, whole and
    shortened. Those that `matter` (by their places) come first; without any all are alike. A head is always readable:
    where that takes more than the room, the table is wider than its view."""
    if matter:
        return _by_use(room, wanted, heads, matter, heads if short_heads is None else short_heads)
    return _alike(room, wanted, heads)


def _by_use(
    room: int, wanted: Sequence[int], heads: Sequence[int], matter: Collection[int], short_heads: Sequence[int]
) -> list[int]:
    """The columns that matter are seen, if they can be without crushing others, and get what makes them readable before
    any other gets more than its head. What stands behind them may lie out of view; where there is no other way, so
    does what stands before them."""
    places = range(len(wanted))
    widths, first = _begun(room, wanted, heads, matter, short_heads)
    fits = sum(widths) <= room  # then nothing is pushed out of view
    seen = sum(widths) if fits else sum(widths[first : max(matter) + 1])
    goals = [max(widths[n], min(wanted[n], _READABLE)) if n in matter else widths[n] for n in places]
    _give(widths, goals, room - seen)
    for of_matter, most in ((False, _SHORTEST), (True, _EASY), (False, _USUAL), (True, max(wanted))):
        goals = [
            max(widths[n], min(max(wanted[n], heads[n]), most)) if (n in matter) == of_matter else widths[n]
            for n in places
        ]
        _give(widths, goals, room - sum(widths))
    widest = max(matter, key=lambda n: wanted[n])
    widths[widest] += max(0, room - sum(widths))
    return widths


def _begun(
    room: int, wanted: Sequence[int], heads: Sequence[int], matter: Collection[int], short_heads: Sequence[int]
) -> tuple[list[int], int]:
    """The roomiest of some ways in which all that matters is in view, and from which column on the table is seen."""
    last = max(matter)
    pressed = [min(head, READABLE_HEAD if n in matter else LEAST_HEAD) for n, head in enumerate(short_heads)]
    for first in dict.fromkeys((0, min(matter))):
        for own, long in ((heads, _ROOMY_LONG), (pressed, _ROOMY_LONG), (pressed, SHORTEST_LONG)):
            widths = _bounded(wanted, own, matter, long)
            if sum(widths[first : last + 1]) <= room:
                return widths, first
    return _bounded(wanted, heads, matter, _ROOMY_LONG), min(matter)


def _bounded(wanted: Sequence[int], heads: Sequence[int], matter: Collection[int], long: int) -> list[int]:
    """Heads up to a bound, and of those that matter also the texts up to theirs."""
    widths = [_least(head) for head in heads]
    _raise(widths, [min(want, long) if n in matter else 0 for n, want in enumerate(wanted)])
    return widths


def _least(head: int) -> int:
    """What a column never goes below: its head, up to a bound."""
    return max(NARROW, min(head, READABLE_HEAD))


def _raise(widths: list[int], goals: Sequence[int]) -> None:
    """No column is narrower than its goal."""
    widths[:] = [max(pair) for pair in zip(widths, goals, strict=True)]


def _give(widths: list[int], goals: Sequence[int], room: int) -> None:
    """Let widths grow to their goals, where there is too little room each by its share."""
    needs = [goal - width for goal, width in zip(goals, widths, strict=True)]
    need = sum(needs)
    given = min(need, room)
    if given > 0:
        for n, more in enumerate(needs):
            widths[n] += given * more // need


def _alike(room: int, wanted: Sequence[int], heads: Sequence[int]) -> list[int]:
    """Heads first, then short texts whole and long ones by share. Where there is too little for that, the table is
    wider than its view, and long texts keep some words."""
    widths = [_least(head) for head in heads]
    _raise(widths, [min(want, SHORTEST_LONG if want > _USUAL else _SHORTEST) for want in wanted])
    for most in (_USUAL, max([*wanted, *heads], default=0)):
        goals = [
            max(width, min(max(want, head), most)) for width, want, head in zip(widths, wanted, heads, strict=True)
        ]
        _give(widths, goals, room - sum(widths))
    if widths:
        widths[wanted.index(max(wanted))] += max(0, room - sum(widths))  # what is left over goes to the longest texts
    return widths
