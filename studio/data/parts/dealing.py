"""Groups of rows dealt into watching, test and training.

In: rows, what keeps them together, their labels, a seed. Out: three lists of groups; every label gives by its size, and
training keeps one group of each. The same input always gives the same answer.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_WATCHING = 500  # rows: enough to tell the moments of a run apart; more would be missing in training
MOST_TEST = 5_000  # rows: more would hardly make the result surer


class Group(NamedTuple):
    """Rows that stay together; `label` is the one that most of them have ("" for answers)."""

    rows: tuple[int, ...]
    label: str


def groups(rows: Iterable[int], ties: Sequence[Mapping[int, Hashable]], labels: Mapping[int, str]) -> list[Group]:
    """Rows that are tied, directly or by way of others, as one Group, in the order of their first rows. Each of `ties`
    gives rows a value, and equal values tie; a row without a value is tied by nothing there."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    first: list[dict[Hashable, int]] = [{} for _ in ties]
    for row in rows:
        parent[row] = row
        for tie, seen in zip(ties, first, strict=True):
            if row in tie:
                one, other = root(seen.setdefault(tie[row], row)), root(row)
                parent[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = defaultdict(list)
    for row in parent:
        members[root(row)].append(row)
    return [Group(tuple(found), _usual(found, labels)) for found in members.values()]


def rows_of(dealt: Iterable[Group]) -> tuple[int, ...]:
    """The rows of these groups, in order."""
    return tuple(sorted(row for group in dealt for row in group.rows))


def _usual(rows: Sequence[int], labels: Mapping[int, str]) -> str:
    if not labels:
        return ""
    if len(rows) == 1:
        return labels[rows[0]]
    return Counter(labels[row] for row in rows).most_common(1)[0][0]


def deal(
    groups: Sequence[Group], shares: tuple[float, float], rows: int, rng: random.Random
) -> tuple[list[Group], list[Group], list[Group]]:
    """Watching, test and training groups: of `rows` rows these `shares` for watching and test. A label gives by its
    size and keeps one group for training."""
    waiting: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        waiting[group.label].append(group)
    for label in sorted(waiting):
        rng.shuffle(waiting[label])
    totals = {label: sum(len(group.rows) for group in of) for label, of in waiting.items()}
    taken: list[list[Group]] = []
    for share, most in zip(shares, (MOST_WATCHING, MOST_TEST), strict=True):
        wanted = min(most, max(1, round(share * rows))) if share > 0 else 0
        taken.append(_take(waiting, _quotas(totals, wanted, rng), wanted))
    return taken[0], taken[1], [group for of in waiting.values() for group in of]


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


def _take(waiting: dict[str, list[Group]], quotas: Mapping[str, int], wanted: int) -> list[Group]:
    """Take up to each label's quota, then top up from whoever has most left; never more than `wanted` rows, except
    where one text alone has more."""
    taken: list[Group] = []
    room = wanted
    for label in sorted(waiting):
        quota = min(quotas[label], room)
        while quota > 0 and (group := _next(waiting[label], quota)):
            taken.append(group)
            quota, room = quota - len(group.rows), room - len(group.rows)
    while room > 0:
        label = max(sorted(waiting), key=lambda name: len(waiting[name]))
        group = _next(waiting[label], room)
        if group is None and not taken and len(waiting[label]) > 1:
            group = min(waiting[label], key=lambda one: len(one.rows))
            waiting[label].remove(group)
        if group is None:
            break
        taken.append(group)
        room -= len(group.rows)
    return taken


def _next(groups: list[Group], room: int) -> Group | None:
    """Remove and return the last group that has room; the only group of a label stays for training."""
    if len(groups) < 2:
        return None
    for place in range(len(groups) - 1, -1, -1):
        if len(groups[place].rows) <= room:
            return groups.pop(place)
    return None
