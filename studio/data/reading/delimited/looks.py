"""What a cell looks like: a number, a date, an address, a word, a text, or a piece that was cut at the wrong place.

In: cells as they stand. Out: their looks. Under the right delimiter cells look like something, and the cells of one
column look alike; this is what tells delimiters apart under which rows are equally regular.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from studio.data.table.values import AMOUNT, MOMENT

_LOOKS = re.compile(
    rf"\s*(?:(?P<number>{AMOUNT})|(?P<date>{MOMENT})"
    r"|(?P<address>(?:https?|ftp)://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\d{1,3}(?:\.\d{1,3}){3}"
    r"|(?:[A-Za-z]:)?[\\/][\w./\\-]+)|(?P<word>[\w$#@][\w.$%&@/’'()\[\]+*-]*\#?))\s*"
)
_JAMMED = re.compile(r"[^\s\d,],[^\s\d,]|,,|^,|,$|\S\|\S|\w;\w|\w[#~^¦§¬]\w|^[;:|/~^]|[;|~^]$|[\t\x00-\x08]")
_TEXT = re.compile(r"[^\t|;\x00-\x08]")
_BRACES = re.compile(r"\s*(?:\{.*\}|\[.*\]|<.*>)\s*", re.DOTALL)
WORTH = {"empty": 0.75, "number": 1.0, "date": 1.0, "address": 1.0, "word": 0.95, "text": 0.85, "odd": 0.2}
_LONGEST = 400  # characters of a cell that are looked at


def look_of(cell: str) -> str:
    """What one cell looks like: a key of WORTH, which says how likely such a cell is a whole one."""
    return _look(cell[:_LONGEST])


@lru_cache(maxsize=20_000)
def _look(cell: str) -> str:
    if not cell or cell.isspace():
        return "empty"
    if found := _LOOKS.fullmatch(cell):
        return found.lastgroup or "word"
    if _BRACES.fullmatch(cell):
        return "text"
    if cell.count('"') % 2 or (len(cell) < _LONGEST and cell[0] == cell[-1] and cell[0] in "\"'"):
        return "odd"  # half of a quoted cell, or a whole one whose quotes were not taken off
    return "odd" if _JAMMED.search(cell) or not _TEXT.match(cell) else "text"


def looks_of(cells: Sequence[str]) -> Counter[str]:
    """How often each look occurs among these cells, empty ones aside."""
    found = Counter(map(look_of, cells))
    del found["empty"]
    return found


def typed(cells: Sequence[str], least: float = 0.9) -> str | None:
    """ "number" or "date", where at least this share of the cells that are not empty are; else None."""
    found = looks_of(cells)
    for look in ("number", "date"):
        if found[look] and found[look] >= least * found.total():
            return look
    return None
