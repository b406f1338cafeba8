"""The cells of a row whose delimiter also stands inside a text, put together so that each fits its column.

In: more cells than there are columns, and cells of each column from other rows. Out: as many cells as columns, of all
ways to join neighbours the one whose cells look most like those of their columns. It is a proposal for a person to see.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_CELLS = 120  # a row of more is no table row with a stray delimiter, and joining it is not tried
_LEAST = 1e-4  # the likelihood of a cell like no other
_PROSE = 4.0  # how much likelier a delimiter before a blank stands inside a text
_SHAPES = ((re.compile(r"[^\W\d_]+"), "a"), (re.compile(r"\d"), "9"), (re.compile(r"\s+"), " "))


class Joined(NamedTuple):
    """`cells` are as many as there are columns; `columns` are the 0-based columns whose cell was put together, with
    from how many."""

    cells: tuple[str, ...]
    columns: tuple[tuple[int, int], ...]


def joined(cells: Sequence[str], delimiter: str, columns: Sequence[Sequence[str]]) -> Joined | None:
    """The likeliest joining of neighbouring `cells` with `delimiter` into one cell for each of `columns`, which are
    cells of other rows. None where there is nothing to join, or nothing to compare with."""
    many, few = len(cells), len(columns)
    if not few < many <= MOST_CELLS or not all(columns):
        return None
    looks = [_look(column) for column in columns]
    # best[end] is the likelihood of the first `end` cells in the columns so far, by dynamic programming.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for place, look in enumerate(looks):
        left, ends = few - place - 1, dict[int, tuple[float, tuple[int, ...]]]()
        for start, (known, cuts) in best.items():
            for end in range(start + 1, many - left + 1) if left else (many,):
                if end <= start:
                    continue
                likely = known + _likelihood(cells[start:end], delimiter, look)
                if end not in ends or likely > ends[end][0]:
                    ends[end] = (likely, (*cuts, end))
        best = ends
    cuts = best[many][1]
    parts = list(zip((0, *cuts), cuts, strict=False))
    put = tuple(delimiter.join(cells[start:end]) for start, end in parts)
    return Joined(put, tuple((place, end - start) for place, (start, end) in enumerate(parts) if end - start > 1))


@dataclass(frozen=True)
class _Look:
    """What cells of a column look like."""

    rows: int
    cells: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    length: float = 0.0  # the mean of the logarithms
    spread: float = 1.0


def _look(column: Sequence[str]) -> _Look:
    lengths = [math.log1p(len(cell)) for cell in column]
    spread = max(0.25, statistics.pstdev(lengths))
    shapes = Counter(_shape(cell) for cell in column)
    return _Look(len(column), Counter(column), shapes, statistics.fmean(lengths), spread)


def _shape(cell: str) -> str:
    for pattern, sign in _SHAPES:
        cell = pattern.sub(sign, cell)
    return cell


def _likelihood(part: Sequence[str], delimiter: str, look: _Look) -> float:
    """The logarithm of how likely a cell is in a column: that it is one of its cells, has their shape, their length."""
    cell = delimiter.join(part)
    length = 0.5 * math.exp(-0.5 * ((math.log1p(len(cell)) - look.length) / look.spread) ** 2)
    same, shape = look.cells[cell] / look.rows, look.shapes[_shape(cell)] / look.rows
    likely = math.log(0.45 * same + 0.35 * shape + 0.2 * length + _LEAST)
    return likely + sum(math.log(_PROSE) for after in part[1:] if after[:1] == " ")
