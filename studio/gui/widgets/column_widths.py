"""How the width of a table is shared among its columns.

In: the room, what each column's texts and head want, and which columns are for something. Out: a width for each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from PySide6.QtGui import QFontMetrics

NARROW = 64  # pixels of a column in which nothing stands, and of one that nobody uses where others press
SHORTEST_LONG = 160  # pixels that a column of long texts keeps where others press
_LEAST = 72
_READABLE = 340  # pixels that a long text that is for something wants before others are shown
_EASY = 640  # pixels that such a text wants before short ones are shown whole
_SHORTEST = 110  # pixels that a column of short texts keeps where others press
_USUAL = 220  # pixels up to which a column of short texts is shown whole


def wanted_width(cells: Sequence[str], metrics: QFontMetrics) -> int:
    """Pixels that nine in ten of the cells fit into in one line; 0 where nothing stands in them."""
    widths = sorted(metrics.horizontalAdvance(cell) for cell in cells) or [0]
    return widths[math.ceil(0.9 * (len(widths) - 1))]


def shared(room: int, wanted: Sequence[int], least: Sequence[int], matter: Collection[int] = ()) -> list[int]:
    """Widths for the columns, from what their texts want (0: nothing stands there) and what their heads take. Those
    that `matter` (by their places) come first; without any all are alike."""
    if matter:
        return _by_use(room, wanted, least, matter)
    return _alike(room, wanted, [low if want else NARROW for want, low in zip(wanted, least, strict=True)])


def _by_use(room: int, wanted: Sequence[int], least: Sequence[int], matter: Collection[int]) -> list[int]:
    """The columns that matter are seen whole, up to the last of them, and get what makes them readable before any other
    gets more than a few pixels; what stands behind them may lie out of view."""
    places = range(len(wanted))
    widths = [max(least[n], min(wanted[n], SHORTEST_LONG)) if n in matter else NARROW for n in places]
    seen = sum(widths[: max(matter) + 1])
    if seen > room:  # heads are shortened before a column that matters is out of view
        spare = [max(0, widths[n] - _SHORTEST) if n in matter else 0 for n in places]
        given = min(seen - room, sum(spare))
        for n, more in enumerate(spare):
            widths[n] -= -(-given * more // max(1, sum(spare)))
        seen = sum(widths[: max(matter) + 1])
    goals = [max(widths[n], min(wanted[n], _READABLE)) if n in matter else widths[n] for n in places]
    _give(widths, goals, room - seen)
    for of_matter, most in ((False, _SHORTEST), (True, _EASY), (False, _USUAL), (True, max(wanted))):
        goals = [
            max(widths[n], min(max(wanted[n], least[n]), most))
            if wanted[n] and (n in matter) == of_matter
            else widths[n]
            for n in places
        ]
        _give(widths, goals, room - sum(widths))
    widest = max(matter, key=lambda n: wanted[n])
    widths[widest] += max(0, room - sum(widths))
    return widths


def _give(widths: list[int], goals: Sequence[int], room: int) -> None:
    """Let widths grow to their goals, where there is too little room each by its share."""
    needs = [goal - width for goal, width in zip(goals, widths, strict=True)]
    need = sum(needs)
    given = min(need, room)
    if given > 0:
        for n, more in enumerate(needs):
            widths[n] += given * more // need


def _alike(room: int, wanted: Sequence[int], least: Sequence[int]) -> list[int]:
    """What they want where there is room, else short ones whole and long ones by share. Where there is too little for
    that, all give way as far as their heads and some words of a long text allow."""
    widths = [max(_LEAST if want else NARROW, low, min(want, _USUAL)) for want, low in zip(wanted, least, strict=True)]
    rest = room - sum(widths)
    long = [n for n, want in enumerate(wanted) if want > widths[n]]
    need = sum(wanted[n] - widths[n] for n in long)
    if rest > 0 and long:
        for n in long:
            widths[n] += round(rest * (wanted[n] - widths[n]) / need)
    rest = room - sum(widths)
    if rest < 0:
        spare = [_spare(width, want, low) for width, want, low in zip(widths, wanted, least, strict=True)]
        for n, more in enumerate(spare):
            widths[n] -= min(more, round(-rest * more / max(1, sum(spare))))
    rest = room - sum(widths)
    widest = wanted.index(max(wanted)) if wanted else 0
    if widths and (rest > 0 or widths[widest] + rest >= SHORTEST_LONG):
        widths[widest] += rest  # what is left over, or a little too much, goes to the longest texts
    return widths


def _spare(width: int, want: int, low: int) -> int:
    """What a column can give away."""
    return max(0, width - max(low, SHORTEST_LONG if want > _USUAL else _SHORTEST))
