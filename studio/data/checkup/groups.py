"""Rows that belong together: several answers to one question, many rows of one customer.

In: Rows. Out: a Finding for the column that says which rows do, where a random split would put rows of one group on
both sides and so make the result look better than it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from studio.data.checkup.finding import MOST_ROWS, Finding, listed
from studio.data.checkup.rows import Rows, groups_of
from studio.data.checkup.sameness import sameness_key
from studio.data.table.pages import as_array
from studio.data.table.values import MOMENT

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
_SHOWN = 500  # cells that tell whether a column holds measures
_WHO = re.compile(
    r"(?<![a-z])(customer|client|user|person|people|patient|subject|author|speaker|participant|student|employee|agent|"
    r"account|session|conversation|dialog(ue)?|thread|ticket|case|order|document|doc|article|paper|page|url|link|passage|"
    r"context|question|query|prompt|group|family|kunde|patientin|nutzer|fall|frage|gruppe|cliente|paciente|"
    r"usuario|pregunta|grupo|utilisateur|groupe)(?![a-z])|(?<![a-z])id(?![a-z])", re.IGNORECASE
)  # fmt: skip
_MOMENT = re.compile(MOMENT)


class _Group(NamedTuple):
    """A column that may say which rows belong together, and by how much rows of one value are more alike."""

    column: str
    filled: Codes
    codes: Codes
    shared: int
    closer: float


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """The best column to keep rows together by; nothing where one is chosen, or none is found. Rows with the same
    context stay together anyway."""
    chosen = rows.columns
    if (
        chosen.group
        or chosen.context
        or chosen.part
        or not rows.targets
        or not rows.texts
        or len(rows.numbers) < FEWEST_GROUPS
    ):
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
        yield _told(best, [one.column for one in found if one is not best])


def _group(rows: Rows, column: str) -> _Group | None:
    """The column as a group, where its values repeat as those of people or documents do and its rows are alike."""
    import numpy as np

    filled, hashes, first = _hashed(rows, column)
    if len(filled) < len(rows.numbers) // 2:
        return None
    codes = np.unique(hashes, return_inverse=True)[1]
    sizes = np.bincount(codes)
    values = len(sizes)
    shared = int(sizes[sizes > 1].sum())
    is_named = _names_who(column)
    if values < (FEWEST_NAMED if is_named else FEWEST_GROUPS):
        return None
    if not is_named and (len(filled) > PER_GROUP * values or sizes.max() > LARGEST * len(filled)):
        return None
    if shared < SHARED * len(filled) or _are_measures(first, column):
        return None
    closer = _closer(rows, filled, codes)
    if closer < (CLOSER / 4 if is_named else CLOSER):
        return None
    return _Group(column, filled, codes, shared, closer)


def _hashed(rows: Rows, column: str) -> tuple[Codes, Codes, list[str]]:
    """The rows whose cell is not blank, a hash of each cell, and the first cells themselves."""
    import numpy as np

    numbers, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    first: list[str] = []
    for some, cells in rows.cells(column).blocks():
        filled = np.fromiter((cell != "" and not cell.isspace() for cell in cells), np.bool_, len(cells))
        numbers.append(as_array(some)[filled])
        hashes.append(np.fromiter(map(hash, cells), np.int64, len(cells))[filled])
        if len(first) < _SHOWN:
            first += [cell for cell in cells if cell and not cell.isspace()][:_SHOWN]
    return np.concatenate(numbers), np.concatenate(hashes), first[:_SHOWN]


def _names_who(column: str) -> bool:
    """Whether a column's name is that of somebody or something with many rows."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", column).replace("_", " ")
    return _WHO.search(spaced) is not None


def _are_measures(cells: Sequence[str], column: str) -> bool:
    """Whether the cells are numbers such as an age or a length, or days and times, and the name does not say otherwise:
    on one day many people write."""
    numbers = sum(cell.strip().replace(".", "", 1).replace(",", "", 1).lstrip("+-").isdecimal() for cell in cells)
    moments = sum(_MOMENT.fullmatch(cell.strip()) is not None for cell in cells)
    return max(numbers, moments) > len(cells) / 2 and not _names_who(column)


def _closer(rows: Rows, filled: Codes, codes: Codes) -> float:
    """How much more alike two rows of a group are than two of any: the larger of what their labels (or answers) and
    what their words surely say, as a difference of shares."""
    import numpy as np

    random = np.random.default_rng(0)
    order = np.lexsort((random.random(len(codes)), codes))
    beside = np.flatnonzero(codes[order][1:] == codes[order][:-1])
    inside = random.permutation(beside)[:_PAIRS]
    ones, others = filled[order[inside]].tolist(), filled[order[inside + 1]].tolist()
    anybody = filled[random.integers(0, len(filled), len(ones))].tolist()
    asked = sorted({*ones, *others, *anybody})
    targets = rows.targets.of(asked)
    words = {row: _pieces(sameness_key(text)) for row, text in rows.texts.of(asked).items()}
    same_target = [
        float(targets[one] == targets[other]) - float(targets[one] == targets[far])
        for one, other, far in zip(ones, others, anybody, strict=True)
    ]
    same_words = [
        _share(words[one], words[other]) - _share(words[one], words[far])
        for one, other, far in zip(ones, others, anybody, strict=True)
    ]
    return max(_surely(same_target), _surely(same_words))


def _surely(more: Sequence[float]) -> float:
    """By how much pairs are more alike than others on average, less two standard errors."""
    import numpy as np

    return float(np.mean(more) - 2 * np.std(more) / np.sqrt(len(more))) if more else 0.0


def _share(ours: set[str], theirs: set[str]) -> float:
    """The Jaccard similarity."""
    return len(ours & theirs) / max(1, len(ours | theirs))


def _pieces(key: str) -> set[str]:
    """A text's words, or its characters where it is one word."""
    words = key.split()
    return set(words) if len(words) > 2 else set(key)


def _told(best: _Group, others: Sequence[str]) -> Finding:
    largest = sorted(groups_of(best.codes), key=lambda same: -len(same))
    numbers: list[int] = []
    for same in largest:
        if len(numbers) >= MOST_ROWS:
            break
        numbers += best.filled[same].tolist()
    also = f" The same may hold for {listed(others)}." if others else ""
    mean = best.shared / len(largest)
    return Finding(
        "groups", best.shared, tuple(numbers[:MOST_ROWS]), "look",
        f"{best.shared:,} rows share their “{best.column}” with others ({mean:.1f} rows each on average)",
        f"Rows with the same “{best.column}” are alike. Keep them together: learned in one part and tested in another, "
        f"they make the result look better than it is.{also}",
        best.column,
    )  # fmt: skip
