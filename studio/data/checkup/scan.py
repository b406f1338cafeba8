"""Cells that hold something, found in one pass over many of them.

In: cells by row number and a pattern, or places in one long cell. Out: the rows whose cell it matches, or the pieces of
the cell that are worth a search. Cells are searched joined, a block at a time, because a hundred thousand short
searches cost several times as much as a few long ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from studio.data.checkup.rows import Rows

BORDER = "\uffff"  # stands between two cells: no character of a text, neither a word's nor a blank
_BLOCK_ROWS = 2_000
_BLOCK_LENGTH = 1_000_000  # characters: the longest time without asking for a stop stays far below a second
_CLIP = 28  # characters of a cell that a note shows
_FURTHER = ("context", "rejected", "negative")  # roles whose cells are texts


def text_columns(rows: Rows) -> tuple[str, ...]:
    """The columns that a model reads or learns, each once: what is read, the standing instruction, the turns before,
    the label or answer, and the further texts that the goal has."""
    chosen = rows.columns
    more = [getattr(chosen, role) for role in _FURTHER if role in rows.goal.roles]
    names = (*chosen.read, chosen.system, chosen.earlier, chosen.target, *more)
    return tuple(dict.fromkeys(name for name in names if name))


def matching(
    cells: Mapping[int, str], pattern: re.Pattern[str], should_stop: Callable[[], bool], *, needs: str = ""
) -> list[int]:
    """The rows whose cell the pattern matches somewhere; what was found so far where it was stopped. The pattern must
    not match `BORDER`, and ^ and $ do not mean a cell's ends. Where every match holds `needs`, blocks without it are
    passed over quickly."""
    found: list[int] = []
    for numbers, texts in blocks(cells):
        if should_stop():
            break
        joined = BORDER.join(texts)
        if needs not in joined:
            continue
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        at = 0
        while match := pattern.search(joined, at):
            place = bisect_right(starts, match.start()) - 1
            found.append(numbers[place])
            at = starts[place + 1]
    return found


def blocks(cells: Mapping[int, str]) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
    """The cells in order, a bounded number of them with a bounded number of characters at a time."""
    numbers: list[int] = []
    texts: list[str] = []
    length = 0
    for row, text in cells.items():
        if numbers and (len(numbers) == _BLOCK_ROWS or length + len(text) > _BLOCK_LENGTH):
            yield numbers, texts
            numbers, texts, length = [], [], 0
        numbers.append(row)
        texts.append(text)
        length += len(text)
    if numbers:
        yield numbers, texts


def around(spots: Iterable[tuple[int, int]], before: int, after: int) -> Iterator[tuple[int, int]]:
    """The pieces [start, end) of a text that reach so many characters before and after spots in it, which come in
    order; pieces that touch are one."""
    start = end = -1
    for begin, stop in spots:
        if begin - before > end:
            if end >= 0:
                yield start, end
            start = max(0, begin - before)
        end = max(end, stop + after)
    if end >= 0:
        yield start, end


def change(before: str, after: str) -> str:
    """What a mending changes, in words: the first place that differs, as it is and as it becomes."""
    start = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(0, start - 6)
    return f"“{clip(before, start)}” → “{clip(after, start)}”"


def clip(text: str, start: int = 0) -> str:
    """A short piece of a text on one line, with … where something is left out."""
    piece = " ".join(text[start : start + _CLIP].split())
    return ("…" if start else "") + piece + ("…" if len(text) > start + _CLIP else "")
