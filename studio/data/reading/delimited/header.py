"""Whether the first rows name the columns, and names that are all there and all different.

In: the first rows of a table. Out: how many rows name the columns and how certain that is, and readable column names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.data.reading.delimited.looks import look_of, typed
from studio.data.reading.names import is_column_name

_NAME = re.compile(r"[^\W\d][\w .()/\-?:%&#,'’\[\]]{0,58}")
_CODED = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MISSING = frozenset({"", "-", "na", "n/a", "null", "nan", "none", "?", "--", "..", "."})
_TRUTHS = frozenset({"true", "false"})
_ANSWERS = frozenset({"open-ended response", "response", "other (please specify)"})  # below the questions of a survey
_YEARS = range(1800, 2101)
_FEWEST_YEARS = 2
_MOST = 4  # rows that name the columns together
_MOST_NAMES = 400  # that are looked at
_LOOKED_AT = 120  # rows


def has_header(rows: Sequence[Sequence[str]]) -> tuple[bool, float]:
    """Whether `rows[0]` names the columns of the others, and how certain that is (0..1)."""
    if not rows:
        return False, 0.5
    rows = [row[:_MOST_NAMES] for row in rows[: _LOOKED_AT + 1]]
    names = [cell.strip() for cell in rows[0]]
    below = [row for row in rows[1:] if not repeats(row, rows[0])]
    if not any(names):
        return False, 0.9
    if any(is_column_name(name) for name in names) and not _are_repeated(names, below):
        return True, 1.0
    columns = [[row[i].strip() for row in below if i < len(row)] for i in range(len(names))]
    if _are_years(names, columns) or _are_questions(rows):
        return True, 0.9
    single = [_vote(name, column) for name, column in zip(names, columns, strict=True)]
    filled = [name for name in names if name]
    if len(filled) == len(names) and sum(map(_is_unlike, names, columns)) > 1:
        single = [max(vote, -0.5) for vote in single]  # words above numbers; one of them may be a cell as well
    votes = sum(single)
    if any(look_of(name) in {"number", "date"} or name.casefold() in _TRUTHS for name in filled):
        votes -= 0.5
    if sum(bool(_CODED.fullmatch(name)) for name in filled) > 0.5 * len(filled):
        votes += 1.0
    if len(set(filled)) <= 0.5 * len(filled):
        votes -= 1.0
    if abs(votes) < 0.5:
        likely = len(set(filled)) > 0.6 * len(names) and all(map(_NAME.fullmatch, names))
        likely = likely and not _TRUTHS & set(map(str.casefold, filled))
        return likely, 0.6
    return votes > 0, round(min(1.0, 0.7 + 0.1 * abs(votes)), 3)


def repeats(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row is the one that names the columns once more, or that of a second table much like the first."""
    words = [i for i, name in enumerate(names) if i < len(row) and any(map(str.isalpha, name))]
    same = sum(row[i] == names[i] for i in words)
    return same > 0.5 * len(words) and same > 0.5 * sum(map(bool, names))


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows name the columns, `rows[0]` being the first that does: rows of words above columns
    of numbers or dates, and a first row that comes again at once."""
    rows = [row[:_MOST_NAMES] for row in rows[: _LOOKED_AT + _MOST]]
    count = 1
    while len(rows[0]) > 1 and count < min(_MOST, len(rows) - 1) and list(rows[count]) == list(rows[0]):
        count += 1
    below = rows[_MOST : _LOOKED_AT + _MOST]
    if count == 1 and ((len(rows) > 3 and _are_groups(rows)) or _are_questions(rows)):
        return 2
    if count > 1 or len(below) < 3:
        return count
    width = max(map(len, below))
    kinds = {i: look for i in range(width) if (look := typed([row[i] for row in below if i < len(row)], 0.95))}
    while count < _MOST and len(rows[count]) == len(rows[0]) and _is_above(rows[count], kinds):
        count += 1
    return count


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name a column from the rows that name them: from above to below, each part once; in all rows but the last
    a part goes on over the empty cells to its right."""
    width = max(map(len, rows), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        last = ""
        for place in range(width):
            cell = row[place].strip() if place < len(row) else ""
            last = cell or (last if number < len(rows) - 1 else "")
            if last and last not in parts[place]:
                parts[place].append(last)
    return [" ".join(part) for part in parts]


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


def _vote(name: str, below: Sequence[str]) -> float:
    """+1 and more: unlike the cells below, so a name; -1 and less: like them, so a cell."""
    filled = [cell for cell in below if cell]
    if not name or not filled:
        return 0.0
    look = look_of(name)
    if kind := typed(filled):
        return -1.0 if look == kind else 0.0 if name.casefold() in _MISSING else 1.0
    if look in {"number", "date"}:
        return -0.5
    if name in filled:
        return -2.0
    mean = sum(map(len, filled)) / len(filled)
    if len(name) > 60 or len(name.split()) > 8:
        return -1.0 if mean > 30 else -0.3
    if mean > 25 and len(name) < mean / 3 and _NAME.fullmatch(name):
        return 1.0
    return _vote_by_shape(name, filled)


def _is_unlike(name: str, below: Sequence[str]) -> bool:
    """Whether a name is a word above nothing but numbers or dates."""
    filled = [cell for cell in below if cell]
    return len(filled) > 1 and typed(filled, 1.0) is not None and _vote(name, filled) > 0


def _vote_by_shape(name: str, filled: Sequence[str]) -> float:
    """Where all cells below have one length or one first letter, a name that has not is something else."""
    if len(filled) < 4:
        return 0.0
    lengths = {len(cell) for cell in filled}
    if len(lengths) == 1:
        return 0.5 if len(name) not in lengths else -0.2
    few = set(filled)
    return 0.4 if len(few) <= 0.3 * len(filled) else 0.0


def _are_years(names: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names years, one after the other, above cells that are none."""
    found = [(int(name), column) for name, column in zip(names, columns, strict=True) if name.isdecimal()]
    years = [year for year, _ in found]
    if len(years) < _FEWEST_YEARS or any(year not in _YEARS for year in years):
        return False
    in_order = years in (sorted(set(years)), sorted(set(years), reverse=True))
    others = [name for name in names if not name.isdecimal()]
    if not (in_order and others) or any(look_of(name) in {"number", "date"} for name in others):
        return False
    below = [cell for _, column in found for cell in column if cell]
    again = sum(cell.isdecimal() and int(cell) in _YEARS for cell in below)
    return bool(below) and again < 0.2 * len(below)


def _are_questions(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds the questions of a survey and the second the answers that could be given."""
    if len(rows) < 3 or len(rows[0]) != len(rows[1]) or list(rows[1]) == list(rows[2]):
        return False
    second = [cell.strip().casefold() for cell in rows[1]]
    return all(second) and sum(cell in _ANSWERS for cell in second) >= max(2, 0.2 * len(second))


def _are_groups(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names groups of columns and the second the columns in them, as in a merged header: the
    names that the first leaves out are in the second, and come again in each group."""
    first, second = rows[0], rows[1]
    gaps = [i for i in range(1, len(first)) if not first[i].strip()]
    if len(first) != len(second) or len(gaps) < 2 or sum(bool(cell.strip()) for cell in first) < 2:
        return False
    names = [cell.strip() for cell in second[1:] if cell.strip()]
    is_full = all(second[i].strip() for i in gaps) and all(
        row[i].strip() for row in rows[2:40] for i in gaps if i < len(row)
    )
    return is_full and len(set(names)) <= 0.6 * len(names) and list(second) != list(rows[2])


def _are_repeated(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether most of the names are found among the cells below them."""
    again = sum(any(i < len(row) and row[i].strip() == name for row in below) for i, name in enumerate(names) if name)
    return again > 0.5 * sum(map(bool, names))


def _is_above(row: Sequence[str], kinds: dict[int, str]) -> bool:
    """Whether a row holds words, and none is missing, where the rows below hold numbers or dates."""
    cells = [(row[i].strip(), kind) for i, kind in kinds.items() if i < len(row)]
    words = [cell for cell, kind in cells if look_of(cell) in {"word", "text"} and cell.casefold() not in _MISSING]
    return len(words) >= 2 and len(words) >= 0.6 * len(cells) and not any(look_of(c) == k for c, k in cells)
