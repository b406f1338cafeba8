"""How the width of a table is shared among its columns.

In: the room, and what each column's texts and head want. Out: a width for each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from PySide6.QtGui import QFontMetrics

SHORTEST_LONG = 160  # pixels that a column of long texts keeps where others press
_LEAST = 72
_READABLE = 340  # pixels that a long text wants before others are shown whole
_SHORTEST = 110  # pixels that a column of short texts keeps where others press
_USUAL = 220  # pixels up to which a column of short texts is shown whole


def wanted_width(cells: Sequence[str], metrics: QFontMetrics, extra: int) -> int:
    """Pixels that nine in ten of the cells fit into in one line."""
    widths = sorted(metrics.horizontalAdvance(cell) for cell in cells) or [0]
    return widths[math.ceil(0.9 * (len(widths) - 1))] + extra


def shared(room: int, wanted: Sequence[int], least: Sequence[int], matter: Collection[int] = ()) -> list[int]:
    """Widths for the columns: what they want where there is room, else short ones whole and long ones by share. Where
    there is too little for that, all give way as far as their heads and some words of a long text allow; those that
    `matter` (by their places) last, and the others make room for them."""
    widths = [max(_LEAST, low, min(want, _USUAL)) for want, low in zip(wanted, least, strict=True)]
    _make_room(widths, room, wanted, least, matter)
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


def _make_room(
    widths: list[int], room: int, wanted: Sequence[int], least: Sequence[int], matter: Collection[int]
) -> None:
    """Where long texts that matter would get little, the other columns go down to few words."""
    short = {n: min(wanted[n], _READABLE) - widths[n] for n in matter if wanted[n] > widths[n]}
    lack = sum(short.values()) - max(0, room - sum(widths))
    spare = {n: max(0, widths[n] - max(least[n], _SHORTEST)) for n in range(len(widths)) if n not in matter}
    given = min(lack, sum(spare.values()))
    if lack <= 0 or given <= 0:
        return
    for n, more in spare.items():
        widths[n] -= given * more // sum(spare.values())
    for n, more in short.items():
        widths[n] += given * more // sum(short.values())


def _spare(width: int, want: int, low: int) -> int:
    """What a column can give away."""
    return max(0, width - max(low, SHORTEST_LONG if want > _USUAL else _SHORTEST))
