"""Whether the first row names the columns, and names that are all there and all different.

In: the first rows of a file. Out: yes or no with how certain it is, and readable column names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.data.names import is_column_name

_NUMBER = re.compile(r"\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?\s*%?\s*")
_NAME = re.compile(r"[^\W\d][\w .()/\-?]{0,38}")


def has_header(rows: Sequence[Sequence[str]]) -> tuple[bool, float]:
    """Whether `rows[0]` names the columns of the others, and how certain that is (0..1)."""
    if not rows:
        return False, 0.5
    first, rest = rows[0], rows[1:200]
    names = [cell.strip() for cell in first]
    if any(is_column_name(name) for name in names):
        return True, 1.0
    if any(_NUMBER.fullmatch(name) for name in names) or not any(names):
        return False, 0.9
    votes = sum(_vote(name, [row[i] for row in rest if i < len(row)]) for i, name in enumerate(names))
    if votes == 0:
        likely = len(set(names)) == len(names) and all(not name or _NAME.fullmatch(name) for name in names)
        return likely, 0.6
    return votes > 0, min(1.0, 0.7 + 0.1 * abs(votes))


def _vote(name: str, below: Sequence[str]) -> float:
    """+1 and more: unlike the cells below, so a name; -1 and less: like them, so a cell."""
    filled = [cell.strip() for cell in below if cell.strip()]
    if not name or not filled:
        return 0.0
    if all(_NUMBER.fullmatch(cell) for cell in filled):
        return 1.0
    if name in filled:
        return -2.0
    mean = sum(map(len, filled)) / len(filled)
    if len(name) > 40 or len(name.split()) > 5:
        return -1.0
    if mean > 25 and len(name) < mean / 3 and _NAME.fullmatch(name):
        return 1.0
    return 0.0


def unique_names(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """`width` different names: blanks trimmed, “column 3” where one is missing, “text 2” where one comes again."""
    trimmed = [" ".join(cell.split()) for cell in cells[:width]]
    trimmed += [""] * (width - len(trimmed))
    given = {name for name in trimmed if name}
    names: dict[str, None] = {}
    next_number: dict[str, int] = {}
    for place, name in enumerate(trimmed, start=1):
        wanted = name or f"column {place}"
        chosen, number = wanted, next_number.get(wanted, 2)
        while chosen in names or (chosen in given and chosen != name):
            chosen, number = f"{wanted} {number}", number + 1
        names[chosen] = None
        next_number[wanted] = number
    return tuple(names)
