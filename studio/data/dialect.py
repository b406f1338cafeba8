"""How the cells of a file are set apart, found by trying.

In: the first lines of a file. Out: the Dialect under which most rows have the same number of cells. Every candidate
is tried with the reader that will read the file, so that the judgement and the reading cannot disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.data.names import is_column_name
from studio.data.records import Dialect, Rejected, records

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


@dataclass(frozen=True)
class _Tried:
    dialect: Dialect
    width: int
    regular: float  # share of the rows that have `width` cells
    score: float


def title_of(delimiter: str) -> str:
    """A delimiter in words: "semicolon-separated"."""
    return _TITLES.get(delimiter, f"separated by “{delimiter}”")


def find_dialect(lines: Sequence[str], *, delimiter: str | None = None, quote: str | None = None) -> Found:
    """The likeliest dialect of these first lines; `delimiter` and `quote` are kept where they are given."""
    text = "".join(lines)
    signs = [delimiter] if delimiter is not None else [sign for sign in _TRUST if sign in text]
    quotes = [quote] if quote is not None else ['"', *(["'"] if _quoted_by(text, "'") else [])]
    plain = [_try(lines, Dialect(sign, mark)) for sign in signs for mark in quotes]
    tried = [better for first in plain for better in _variants(lines, first, text, free_quote=quote is None)]
    apart = [t for t in tried if delimiter is not None or (t.width > 1 and t.score > _ONE_COLUMN)]
    best = max(apart, key=lambda t: t.score, default=None)
    if best is None:
        return _one_column(lines, quote)
    return Found(best.dialect, best.width, min(1.0, best.score / _TRUST.get(best.dialect.delimiter, 1.0)))


def _one_column(lines: Sequence[str], quote: str | None) -> Found:
    quotes = ['"', ""] if quote is None else [quote]
    best = max((_try(lines, Dialect("", mark)) for mark in quotes), key=lambda t: t.regular)
    return Found(best.dialect, 1, 0.7)


def _variants(lines: Sequence[str], first: _Tried, text: str, *, free_quote: bool) -> list[_Tried]:
    """Where rows break under the usual rules, try without quotes and with blanks after the delimiter."""
    tried = [first]
    if first.regular == 1.0 or not first.dialect.quote:
        return tried
    if free_quote:
        tried.append(_try(lines, replace(first.dialect, quote="")))
    if f"{first.dialect.delimiter} {first.dialect.quote}" in text:
        tried.append(_try(lines, replace(first.dialect, skip_blanks=True)))
    return tried


def _try(lines: Sequence[str], dialect: Dialect) -> _Tried:
    """Read the lines: score = share of regular rows × trust in the sign, less where the first row differs."""
    widths: Counter[int] = Counter()
    first, named = 0, False
    for rows, record in enumerate(records(lines, dialect), start=1):
        width = 0 if isinstance(record, Rejected) else len(record)
        if not first and not isinstance(record, Rejected):
            first, named = width, any(is_column_name(cell) for cell in record)
        widths[width] += 1
        if rows == ENOUGH:
            break
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
