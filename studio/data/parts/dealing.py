"""Groups of rows dealt into watching, test and training.

In: rows, what keeps them together, their labels, a seed. Out: the groups that watch and those that test; every label
gives by its size, and training keeps one group of each. The same input always gives the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

MOST_WATCHING = 500  # rows: enough to tell the moments of a run apart; more would be missing in training
MOST_TEST = 5_000  # rows: more would hardly make the result surer
_DRAWN = 50_000  # numbers drawn between two questions whether to stop


@dataclass(frozen=True)
class Groups:
    """Rows that stay together, the groups in the order of their first rows: `of` is the group of each of the `rows`
    (ascending), `sizes` the rows of each group, `labels` the label that most of them have, as a place in `names`."""

    rows: Numbers
    of: Numbers
    sizes: Numbers
    labels: Numbers
    names: Sequence[str]

    def rows_of(self, chosen: Sequence[int]) -> Numbers:
        """The rows of these groups, in order."""
        import numpy as np

        return self.rows[np.isin(self.of, np.asarray(chosen, np.int64))]


def groups(
    rows: Numbers,
    keys: Numbers,
    labels: NDArray[np.int32],
    names: Sequence[str],
    *,
    tie: Numbers | None = None,
    is_tied: NDArray[np.bool_] | None = None,
) -> Groups:
    """Rows that are tied, directly or by way of others, as groups. Each array has one entry for each of `rows`: equal
    `keys` tie, and so do equal values of `tie`, where there is one that counts (`is_tied`)."""
    import numpy as np

    of = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    if tie is not None and is_tied is not None and is_tied.any():
        of = joined(of, tie, is_tied)
    _, first, inverse = np.unique(of, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    of = rank[inverse]
    sizes = np.bincount(of, minlength=len(order))
    return Groups(rows, of, sizes, _usual(of, sizes, first[order], labels), names)


def joined(of: Numbers, tie: Numbers, is_tied: NDArray[np.bool_]) -> Numbers:
    """The groups `of` rows (numbers from 0 on), joined where two of them share a value of `tie` that counts."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    values = np.unique(tie[is_tied], return_inverse=True)[1]
    known = int(of.max()) + 1
    total = known + int(values.max()) + 1
    edges = coo_array((np.ones(len(values), np.int8), (of[is_tied], known + values)), shape=(total, total))
    found: Numbers = connected_components(edges, directed=False)[1][of].astype(np.int64)
    return found


def _usual(of: Numbers, sizes: Numbers, first: Numbers, labels: NDArray[np.int32]) -> Numbers:
    """The label that most rows of each group have; of equally many the one that comes first."""
    import numpy as np

    usual = labels[first].astype(np.int64)
    several = np.flatnonzero(sizes[of] > 1)
    if len(several) and labels.any():
        kinds = int(labels.max()) + 1
        pairs, at, counts = np.unique(of[several] * kinds + labels[several], return_index=True, return_counts=True)
        order = np.lexsort((at, -counts, pairs // kinds))
        best = pairs[order][np.unique((pairs // kinds)[order], return_index=True)[1]]
        usual[best // kinds] = best % kinds
    return usual


def deal(
    groups: Groups,
    shares: tuple[float, float],
    rows: int,
    rng: random.Random,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[list[int], list[int]] | None:
    """Watching and test groups: of `rows` rows these `shares` for watching and test. A label gives by its size and
    keeps one group for training. None where it was stopped."""
    waiting: dict[str, _Pile] = {}
    for label, numbers in sorted(_by_label(groups).items()):
        places = _draws(len(numbers), rng, should_stop)
        if places is None:
            return None
        waiting[label] = _Pile(numbers, groups.sizes, places)
    totals = {label: pile.rows for label, pile in waiting.items()}
    taken: list[list[int]] = []
    for share, most in zip(shares, (MOST_WATCHING, MOST_TEST), strict=True):
        wanted = min(most, max(1, round(share * rows))) if share > 0 else 0
        found = _take(waiting, _quotas(totals, wanted, rng), wanted, groups.sizes, should_stop)
        if found is None:
            return None
        taken.append(found)
    return taken[0], taken[1]


def _by_label(groups: Groups) -> dict[str, Numbers]:
    """The groups of every label, in their order."""
    import numpy as np

    order = np.argsort(groups.labels, kind="stable")
    codes, starts = np.unique(groups.labels[order], return_index=True)
    return {groups.names[code]: some for code, some in zip(codes, np.split(order, starts[1:]), strict=True)}


def _draws(count: int, rng: random.Random, should_stop: Callable[[], bool]) -> Numbers | None:
    """The places that `rng.shuffle` would swap the last, last but one, … of so many things with."""
    import numpy as np

    bits, drawn = rng.getrandbits, []
    for top in range(count, 1, -_DRAWN):
        if should_stop():
            return None
        some = []
        for below in range(top, max(1, top - _DRAWN), -1):
            width = below.bit_length()
            place = bits(width)
            while place >= below:
                place = bits(width)
            some.append(place)
        drawn.append(np.array(some, np.int64))
    return np.concatenate(drawn) if drawn else np.zeros(0, np.int64)


class _Pile:
    """Groups as `random.shuffle` would leave them, of which only so many are brought into order, from the last one on,
    as are asked for."""

    def __init__(self, numbers: Numbers, sizes: Numbers, places: Numbers) -> None:
        self.rows = int(sizes[numbers].sum())
        self._smallest = int(sizes[numbers].min())
        self._left, self._sizes, self._places = numbers.copy(), sizes, places
        self._count = len(numbers)  # that are not in order yet
        self._ready: list[int] = []  # the last one first

    def __len__(self) -> int:
        return self._count + len(self._ready)

    def next(self, room: int) -> int | None:
        """Remove and return the last group that has room; the only group of a label stays for training."""
        if len(self) < 2 or room < self._smallest:
            return None
        place = 0
        while place < len(self._ready) or self._more():
            if self._sizes[self._ready[place]] <= room:
                return self._ready.pop(place)
            place += 1
        return None

    def smallest(self) -> int:
        """Remove and return the first of the smallest groups."""
        while self._more():
            pass
        found = min(reversed(self._ready), key=lambda one: int(self._sizes[one]))
        self._ready.remove(found)
        return found

    def _more(self) -> bool:
        if not self._count:
            return False
        last = self._count - 1
        if last:
            other = self._places[len(self._places) - last]
            self._left[last], self._left[other] = self._left[other], self._left[last]
        self._ready.append(int(self._left[last]))
        self._count = last
        return True


def _quotas(totals: Mapping[str, int], wanted: int, rng: random.Random) -> dict[str, int]:
    """How many rows each label gives: by largest remainder, equal remainders in a shuffled order."""
    rows = sum(totals.values())
    exact = {label: wanted * total / rows for label, total in sorted(totals.items())}
    quotas = {label: int(share) for label, share in exact.items()}
    order = list(exact)
    rng.shuffle(order)
    order.sort(key=lambda label: quotas[label] - exact[label])
    for label in order[: wanted - sum(quotas.values())]:
        quotas[label] += 1
    return quotas


def _take(
    waiting: Mapping[str, _Pile],
    quotas: Mapping[str, int],
    wanted: int,
    sizes: Numbers,
    should_stop: Callable[[], bool],
) -> list[int] | None:
    """Take up to each label's quota, then top up from whoever has most left; never more than `wanted` rows, except
    where one text alone has more. `waiting` is ordered by the labels. None where it was stopped."""
    taken: list[int] = []
    room = wanted
    for label, pile in waiting.items():
        quota = min(quotas[label], room)
        while quota > 0 and (group := pile.next(quota)) is not None:
            taken.append(group)
            quota, room = quota - int(sizes[group]), room - int(sizes[group])
    while room > 0:
        if should_stop():
            return None
        fullest = max(waiting.values(), key=len)
        found = fullest.next(room)
        if found is None and not taken and len(fullest) > 1:
            found = fullest.smallest()
        if found is None:
            break
        taken.append(found)
        room -= int(sizes[found])
    return taken
