"""The rows of a table sorted by a column.

In: a Table, a column, and whether it holds numbers. Out: the row numbers in order. Texts go as people sort them:
capitals do not matter, and "item 9" comes before "item 10"; the same on every computer, whatever its language. Equal
cells keep the order of the file, and empty ones come last, whichever way the others go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from studio.data.table.edits import missing_column
from studio.data.table.natural import WORDS, natural_key, windows
from studio.data.table.pages import as_array, pieces
from studio.data.table.table import Table
from studio.data.table.values import COMPUTED

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from studio.data.table.pages import RowNumbers

NUMBERS = 0.95  # share of the filled cells that are numbers, from which on a column is sorted by their size
_FEW = 100_000  # different texts up to which each is sorted once
_SAMPLE = 10_000
_MOST_ROUNDS = 8
_BY_ONE = 200_000  # rows that are left to be sorted one by one


class Sorting(NamedTuple):
    """`numbers` in order, and whether the cells were taken `as_number`."""

    numbers: NDArray[np.int64]
    as_number: bool


def sort(
    table: Table,
    column: str,
    *,
    descending: bool = False,
    as_number: bool | None = None,
    among: RowNumbers | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Sorting | None:
    """The rows that are used (or those `among` them) by the cells of `column`; None after a stop. `as_number` None: by
    size where at least 95 % of the filled cells are numbers, in a sample of about 10,000 rows; cells that are none come
    after them. Where more than 200,000 texts begin with the same 256 bytes, those count alone."""
    import numpy as np

    if column not in table.columns:
        raise missing_column(column, table.columns)
    if as_number is None:
        as_number = _share_of_numbers(table.sample(_SAMPLE)[column]) >= NUMBERS
    used = np.zeros(table.rows, np.bool_)
    used[as_array(table.numbers if among is None else among)] = True
    used[table.overlay.deleted] = False
    rows = np.flatnonzero(used).astype(np.int64)
    work = _Work(table, column, used, rows, descending, should_stop)
    order = _by_number(work) if as_number else _by_text(work)
    return None if order is None or should_stop() else Sorting(rows[order], as_number)


class _Work(NamedTuple):
    """What is sorted: the cells of the rows `used`; `rows` are their numbers."""

    table: Table
    column: str
    used: NDArray[np.bool_]
    rows: NDArray[np.int64]
    descending: bool
    should_stop: Callable[[], bool]


def _cells(work: _Work) -> Iterator[tuple[int, pa.Array]]:
    """The cells piece by piece, those of other rows left out, with the place of the first among `rows`."""
    import pyarrow as pa

    place = 0
    for piece in pieces(work.table, [work.column], should_stop=work.should_stop):
        here = work.used[piece.start : piece.start + piece.cells.num_rows]
        cells = piece.cells.column(0)
        kept = cells if here.all() else cells.filter(pa.array(here))
        yield place, kept
        place += len(kept)


def _by_number(work: _Work) -> NDArray[np.intp] | None:
    """By size; what is no number follows as text."""
    import numpy as np

    values = np.full(len(work.rows), np.nan)
    for place, cells in _cells(work):
        values[place : place + len(cells)] = _numbers(cells)
    if work.should_stop():
        return None
    order = np.argsort(-values if work.descending else values, kind="stable")
    others = np.flatnonzero(np.isnan(values))
    if not len(others):
        return order
    used = np.zeros_like(work.used)
    used[work.rows[others]] = True
    last = _by_text(work._replace(used=used, rows=work.rows[others]))
    return None if last is None else np.concatenate([order[: len(order) - len(others)], others[last]])


def _by_text(work: _Work) -> NDArray[np.intp] | None:
    """Few different texts are sorted once each; many by their beginnings, and those that are alike by what follows."""
    codes, values = _few(work)
    if work.should_stop():
        return None
    return _by_rank(work, codes, values) if values is not None else _by_beginnings(work)


def _few(work: _Work) -> tuple[NDArray[np.int32], list[str] | None]:
    """Each cell's place among the different ones; None where those are too many."""
    import numpy as np

    known: dict[str, int] = {}
    codes = np.empty(len(work.rows), np.int32)
    for place, cells in _cells(work):
        encoded = cells.dictionary_encode()
        local = [known.setdefault(text, len(known)) for text in encoded.dictionary.to_pylist()]
        if len(known) > _FEW:
            return codes, None
        if len(cells):
            codes[place : place + len(cells)] = np.array(local, np.int32)[encoded.indices.to_numpy()]
    return codes, list(known)


def _by_rank(work: _Work, codes: NDArray[np.int32], values: list[str]) -> NDArray[np.intp]:
    import numpy as np

    keys = [natural_key(text) for text in values]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys), reverse=work.descending))}
    of_value = np.array([ranks[key] if text else len(ranks) for key, text in zip(keys, values, strict=True)], np.int32)
    if len(ranks) < 1 << 16:
        of_value = of_value.astype(np.uint16)  # for which numpy knows a faster way
    return np.argsort(of_value[codes], kind="stable") if len(codes) else np.empty(0, np.intp)


def _by_beginnings(work: _Work) -> NDArray[np.intp] | None:
    import numpy as np

    order, places = np.arange(len(work.rows)), np.arange(len(work.rows))
    group = np.zeros(len(order), np.int64)  # of the `places` in `order` that are not settled: alike so far
    for turn in range(_MOST_ROUNDS):
        if turn and len(places) <= _BY_ONE:
            return _one_by_one(work, order, places, group) if len(places) else order
        found = _beginnings(work, order[places] if turn else None, turn)
        if found is None:
            return None
        words, goes_on = found
        by, same = _sorted_by(words, group if turn else None)
        del words
        order[places] = order[places[by]]
        new = ~np.append(False, same)
        group = np.cumsum(new)
        still = ~(new & np.append(new[1:], True)) & np.isin(group, group[goes_on[by]])
        places, group = places[still], group[still]
    return order


def _sorted_by(
    words: NDArray[np.uint64], group: NDArray[np.int64] | None
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """A stable order by group, then the words; and which are alike in all with the one before them. Only what is alike
    so far is looked at again for the next word."""
    import numpy as np

    by = np.argsort(words[0], kind="stable") if group is None else np.lexsort((words[0], group))
    ordered = words[0][by]
    same = ordered[1:] == ordered[:-1]
    if group is not None:
        same &= group[by][1:] == group[by][:-1]
    for word in words[1:]:
        if not same.any():
            break
        places = np.flatnonzero(np.append(same, False) | np.append(False, same))
        some, joined = by[places], np.append(False, same)[places]
        some = some[np.lexsort((word[some], np.cumsum(~joined)))]
        by[places] = some
        alike = np.append(False, word[some[1:]] == word[some[:-1]])
        same[places[joined] - 1] = alike[joined]
    return by, same


def _beginnings(
    work: _Work, places: NDArray[np.intp] | None, turn: int
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]] | None:
    """Of the rows at `places` (None: all): the words of the key's window of this turn, and whether the key goes on."""
    import numpy as np

    rows, used = np.arange(len(work.rows)), work.used
    if places is not None:
        rows = np.sort(places)
        used = np.zeros_like(work.used)
        used[work.rows[rows]] = True
    words, goes_on = np.empty((WORDS, len(rows)), np.uint64), np.empty(len(rows), np.bool_)
    for place, cells in _cells(work._replace(used=used)):
        here = slice(place, place + len(cells))
        found = windows(cells, turn)
        words[:, here] = ~found.words if work.descending else found.words
        words[:, here][:, found.empty] = np.iinfo(np.uint64).max
        goes_on[here] = found.goes_on
    if work.should_stop():
        return None
    if places is not None:
        back = np.searchsorted(rows, places)
        words, goes_on = words[:, back], goes_on[back]
    return words, goes_on


def _one_by_one(
    work: _Work, order: NDArray[np.intp], places: NDArray[np.intp], group: NDArray[np.int64]
) -> NDArray[np.intp] | None:
    """Sort the few rows that are alike so far by the whole of their keys, each group in its place."""
    import numpy as np

    rows = np.sort(order[places])
    used = np.zeros_like(work.used)
    used[work.rows[rows]] = True
    texts = [text for _, cells in _cells(work._replace(used=used)) for text in cells.to_pylist()]
    if work.should_stop():
        return None
    keys = dict(zip(rows.tolist(), map(natural_key, texts), strict=True))
    sorted_rows: list[int] = []
    for _, members in groupby(zip(group.tolist(), order[places].tolist(), strict=True), key=lambda one: one[0]):
        sorted_rows += sorted((row for _, row in members), key=keys.__getitem__, reverse=work.descending)
    order[places] = sorted_rows
    return order


def _numbers(cells: pa.Array) -> NDArray[np.float64]:
    """The cells as numbers, NaN where one is none."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        values = pc.cast(cells, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        fits = pc.match_substring_regex(cells, COMPUTED).to_numpy(zero_copy_only=False)
        values = np.full(len(cells), np.nan)
        values[fits] = [float(text) for text in cells.filter(pa.array(fits)).to_pylist()]
    return np.where(np.isfinite(values), values, np.nan)


def _share_of_numbers(cells: Sequence[str]) -> float:
    filled = [cell for cell in cells if cell and not cell.isspace()]
    return sum(re.match(COMPUTED, cell) is not None for cell in filled) / len(filled) if filled else 0.0
