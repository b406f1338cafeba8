"""How the cells of a file are set apart, found by trying.

In: the first lines of a file. Out: the Dialect under which most rows have the same number of cells. Every candidate
is tried with the reader that will read the file, so that the judgement and the reading cannot disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from studio.data.names import is_column_name
from studio.data.reading.records import Dialect, is_unclosed, records
from studio.data.reading.source import Rejected

# How readily a sign is believed to be a delimiter, where rows are equally regular under several.
_TRUST = {"\t": 1.0, ";": 0.99, ",": 0.98, "|": 0.97, "^": 0.8, "~": 0.8, "@": 0.75, "#": 0.7, ":": 0.7, "\x01": 1.0}
_RAGGED = 0.6  # where fewer rows agree on a width, a header's word counts more
_ONE_COLUMN = 0.5  # the score of a table with one column: more than half of the rows must agree on another
_TITLES = {
    ",": "comma-separated",
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "separated by vertical bars",
    "": "one column",
}
ENOUGH = 1_000  # rows that are judged


@dataclass(frozen=True)
class Found:
    """The `dialect`, the number of columns under it, and how `certain` (0..1) it is."""

    dialect: Dialect
    width: int
    certain: float


class _Head(NamedTuple):
    lines: Sequence[str]
    text: str
    is_all: bool


@dataclass(frozen=True)
class _Tried:
    dialect: Dialect
    width: int
    regular: float  # share of the rows that have `width` cells
    score: float


def title_of(delimiter: str) -> str:
    """A delimiter in words: "semicolon-separated"."""
    return _TITLES.get(delimiter, f"separated by “{delimiter}”")


def find_dialect(
    lines: Sequence[str], *, is_all: bool = True, delimiter: str | None = None, quote: str | None = None
) -> Found:
    """The likeliest dialect of these first lines (`is_all`: there are no more); `delimiter` and `quote` are kept
    where they are given."""
    head = _Head(lines, "".join(lines), is_all)
    signs = [delimiter] if delimiter is not None else [sign for sign in _TRUST if sign in head.text]
    quotes = [quote] if quote is not None else ['"', *(["'"] if _quoted_by(head.text, "'") else [])]
    tried = [
        variant
        for sign in signs
        for mark in quotes
        for variant in _variants(head, _try(head, Dialect(sign, mark)), free_quote=quote is None)
    ]
    apart = [t for t in tried if delimiter is not None or (t.width > 1 and t.score > _ONE_COLUMN)]
    best = max(apart, key=lambda t: t.score, default=None)
    if best is None:
        return _one_column(head, quote)
    return Found(best.dialect, best.width, min(1.0, best.score / _TRUST.get(best.dialect.delimiter, 1.0)))


def _one_column(head: _Head, quote: str | None) -> Found:
    quotes = ['"', ""] if quote is None else [quote]
    best = max((_try(head, Dialect("", mark)) for mark in quotes), key=lambda t: t.regular)
    return Found(best.dialect, 1, 0.7)


def _variants(head: _Head, first: _Tried, *, free_quote: bool) -> list[_Tried]:
    """Where rows break under the usual rules, try without quotes; where cells begin with a blank and a quote, try
    with blanks that belong to the delimiter."""
    tried = [first]
    if not first.dialect.quote:
        return tried
    if free_quote and first.regular < 1.0:
        tried.append(_try(head, replace(first.dialect, quote="")))
    if _has_blank_quotes(head, first.dialect):
        skipping = _try(head, replace(first.dialect, skip_blanks=True))
        if skipping.regular >= first.regular:
            tried = [skipping]
    return tried


def _has_blank_quotes(head: _Head, dialect: Dialect) -> bool:
    """Whether every tenth row has a cell that begins with a blank and then a quote."""
    opening = f" {dialect.quote}"
    if f"{dialect.delimiter}{opening}" not in head.text:
        return False
    rows = [row for row in islice(records(head.lines, dialect), 200) if not isinstance(row, Rejected)]
    return sum(any(cell.startswith(opening) for cell in row) for row in rows) > 0.1 * len(rows)


def _try(head: _Head, dialect: Dialect) -> _Tried:
    """Read the lines: score = share of regular rows × trust in the sign, less where the first row differs."""
    widths: Counter[int] = Counter()
    first, named = 0, False
    for record in islice(records(head.lines, dialect), ENOUGH):
        width = 0 if isinstance(record, Rejected) else len(record)
        widths[width] += 1
        if isinstance(record, Rejected):
            if is_unclosed(record) and not head.is_all:  # what follows is the inside of this cell
                break
        elif not first:
            first, named = width, any(is_column_name(cell) for cell in record)
    total = widths.total()
    widths.pop(0, None)
    if not widths:
        return _Tried(dialect, 0, 0.0, 0.0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if named and first > 1 and count < _RAGGED * total:  # rows disagree, but this row names the columns
        width, count = first, widths[first]
        return _Tried(dialect, width, count / total, 1.1 * _ONE_COLUMN)
    regular = count / total
    trust = _TRUST.get(dialect.delimiter, 0.9) * (1.0 if first == width else 0.8)
    return _Tried(dialect, width, regular, regular * trust + (0.005 if dialect.quote == "'" else 0))


def _quoted_by(text: str, mark: str) -> bool:
    """Whether many cells begin and end with this mark, and none with the usual quote."""
    many = len(re.findall(rf"(?m)(?:^|[,;\t|]){mark}[^{mark}\r\n]*{mark}(?=$|[,;\t|\r])", text))
    return '"' not in text and many > 0.5 * text.count("\n")
