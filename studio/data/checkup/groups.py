"""Rows that belong together: several answers to one question, many rows of one customer.

In: Rows. Out: a Finding for the column that says which rows do, where a random split would put rows of one group on
both sides and so make the result look better than it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from studio.data.checkup.finding import MOST_ROWS, Finding, listed
from studio.data.checkup.giveaway import coded
from studio.data.checkup.rows import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

FEWEST_GROUPS = 20  # with fewer values a column names kinds, such as countries, unless its name says otherwise
FEWEST_NAMED = 5
SHARED = 0.3  # of the rows share their value with another row, at least
LARGEST = 0.2  # of the rows have the commonest value, at most: a larger one is a kind, not somebody
PER_GROUP = 60  # rows of a value on average, at most, unless its name says otherwise
CLOSER = 0.1  # how much likelier two rows of a group have the same label or words than two of any
_PAIRS = 2_000  # pairs of rows that are compared
_WHO = re.compile(
    r"(?<![a-z])(customer|client|user|person|people|patient|subject|author|speaker|participant|student|employee|agent|"
    r"account|session|conversation|dialog(ue)?|thread|ticket|case|order|document|doc|article|paper|page|url|link|passage|"
    r"context|question|query|prompt|group|family|kunde|patientin|nutzer|fall|frage|gruppe|cliente|paciente|"
    r"usuario|pregunta|grupo|utilisateur|groupe)(?![a-z])|(?<![a-z])id(?![a-z])", re.IGNORECASE
)  # fmt: skip


class _Group(NamedTuple):
    """A column that may say which rows belong together, and by how much rows of one value are more alike."""

    column: str
    codes: Codes
    values: int
    shared: int
    closer: float


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """The best column to keep rows together by; nothing where one is chosen, or none is found."""
    chosen = rows.columns
    if chosen.group or chosen.part or not rows.targets or not rows.texts or len(rows.numbers) < FEWEST_GROUPS:
        return
    found: list[_Group] = []
    for column in rows.table.columns:
        if should_stop():
            return
        if column not in {chosen.target, *(() if len(chosen.read) > 1 else chosen.read)}:
            group = _group(rows, column)
            if group is not None:
                found.append(group)
    if found:
        best = max(found, key=lambda one: (one.closer, one.shared))
        yield _told(rows, best, [one.column for one in found if one is not best])


def _group(rows: Rows, column: str) -> _Group | None:
    """The column as a group, where its values repeat as those of people or documents do and its rows are alike."""
    import numpy as np

    cells = rows.cells(column)
    filled = [row for row in rows.numbers if cells[row] and not cells[row].isspace()]
    if len(filled) < len(rows.numbers) // 2:
        return None
    codes, values = coded([cells[row] for row in filled])
    sizes = np.bincount(codes)
    shared = int(sizes[sizes > 1].sum())
    is_named = _names_who(column)
    if values < (FEWEST_NAMED if is_named else FEWEST_GROUPS):
        return None
    if not is_named and (len(filled) > PER_GROUP * values or sizes.max() > LARGEST * len(filled)):
        return None
    if shared < SHARED * len(filled) or _are_measures([cells[row] for row in filled[:500]], column):
        return None
    closer = _closer(rows, filled, codes)
    if closer < (CLOSER / 4 if is_named else CLOSER):
        return None
    return _Group(column, codes, values, shared, closer)


def _names_who(column: str) -> bool:
    """Whether a column's name is that of somebody or something with many rows."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", column).replace("_", " ")
    return _WHO.search(spaced) is not None


def _are_measures(cells: Sequence[str], column: str) -> bool:
    """Whether the cells are numbers such as an age or a length, and the name does not say otherwise."""
    numbers = sum(cell.strip().replace(".", "", 1).replace(",", "", 1).lstrip("+-").isdecimal() for cell in cells)
    return numbers > len(cells) / 2 and not _names_who(column)


def _closer(rows: Rows, filled: Sequence[int], codes: Codes) -> float:
    """How much more alike two rows of a group are than two of any: the larger of what their labels (or answers) and
    what their words surely say, as a difference of shares."""
    import numpy as np

    random = np.random.default_rng(0)
    order = np.lexsort((random.random(len(codes)), codes))
    beside = np.flatnonzero(codes[order][1:] == codes[order][:-1])
    inside = random.permutation(beside)[:_PAIRS]
    one, other = order[inside], order[inside + 1]
    near = [(filled[a], filled[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    far = [(a, filled[b]) for (a, _), b in zip(near, random.integers(0, len(filled), len(near)).tolist(), strict=True)]
    return max(_surely_more(measure, rows, near, far) for measure in (_same_target, _same_words))


def _surely_more(
    measure: Callable[[Rows, int, int], float],
    rows: Rows,
    near: Sequence[tuple[int, int]],
    far: Sequence[tuple[int, int]],
) -> float:
    """By how much `near` pairs are more alike than `far` ones, less two standard errors."""
    import numpy as np

    more = [measure(rows, *pair) - measure(rows, *other) for pair, other in zip(near, far, strict=True)]
    return float(np.mean(more) - 2 * np.std(more) / np.sqrt(len(more))) if more else 0.0


def _same_target(rows: Rows, one: int, other: int) -> float:
    return float(rows.targets[one] == rows.targets[other])


def _same_words(rows: Rows, one: int, other: int) -> float:
    """The Jaccard similarity of words, or of characters where a text is one word."""
    ours, theirs = _pieces(rows.keys.get(one, "")), _pieces(rows.keys.get(other, ""))
    return len(ours & theirs) / max(1, len(ours | theirs))


def _pieces(key: str) -> set[str]:
    words = key.split()
    return set(words) if len(words) > 2 else set(key)


def _told(rows: Rows, best: _Group, others: Sequence[str]) -> Finding:
    import numpy as np

    cells = rows.cells(best.column)
    by_value: dict[str, list[int]] = {}
    for row in rows.numbers:
        if cells[row] and not cells[row].isspace():
            by_value.setdefault(cells[row], []).append(row)
    largest = sorted((same for same in by_value.values() if len(same) > 1), key=lambda same: (-len(same), same[0]))
    numbers = [row for same in largest for row in same]
    also = f" The same may hold for {listed(others)}." if others else ""
    mean = float(np.mean([len(same) for same in largest]))
    return Finding(
        "groups", len(numbers), tuple(numbers[:MOST_ROWS]), "look",
        f"{len(numbers):,} rows share their “{best.column}” with others ({mean:.1f} rows each on average)",
        f"Rows with the same “{best.column}” are alike. Keep them together: learned in one part and tested in another, "
        f"they make the result look better than it is.{also}",
        best.column,
    )  # fmt: skip
