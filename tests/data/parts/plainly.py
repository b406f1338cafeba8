"""The split's rule written plainly, row by row: what the fast one must do, too.

In: rows as keys, labels and groups. Out: the rows that watch, those that test and those that are learned.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

Group = tuple[tuple[int, ...], str]


def grouped(keys: Mapping[int, str], ties: Mapping[int, str], labels: Mapping[int, str]) -> list[Group]:
    """Rows with the same key or tie, directly or by way of others, with the label that most of them have."""
    left, found = list(keys), list[Group]()
    while left:
        same = {left[0]}
        while more := [
            row
            for row in left
            if row not in same
            and any(keys[row] == keys[other] or ties.get(row, row) == ties.get(other) for other in same)
        ]:
            same.update(more)
        left = [row for row in left if row not in same]
        rows = tuple(sorted(same))
        found.append((rows, Counter(labels[row] for row in rows).most_common(1)[0][0] if labels else ""))
    return found


def dealt(groups: Sequence[Group], wanted: Sequence[int], rng: random.Random) -> tuple[list[int], list[int], list[int]]:
    """So many rows for watching and for the test, and the others."""
    waiting: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        waiting[group[1]].append(group)
    for label in sorted(waiting):
        rng.shuffle(waiting[label])
    totals = {label: sum(len(group[0]) for group in of) for label, of in waiting.items()}
    taken = []
    for count in wanted:
        exact = {label: count * total / sum(totals.values()) for label, total in sorted(totals.items())}
        quotas = {label: int(share) for label, share in exact.items()}
        order = list(exact)
        rng.shuffle(order)
        order.sort(key=lambda label: quotas[label] - exact[label])
        for label in order[: count - sum(quotas.values())]:
            quotas[label] += 1
        taken.append([row for group in _taken(waiting, quotas, count) for row in group[0]])
    rest = [row for of in waiting.values() for group in of for row in group[0]]
    return sorted(taken[0]), sorted(taken[1]), sorted(rest)


def _taken(waiting: dict[str, list[Group]], quotas: Mapping[str, int], wanted: int) -> list[Group]:
    taken, room = [], wanted
    for label in sorted(waiting):
        quota = min(quotas[label], room)
        while quota > 0 and (group := _last(waiting[label], quota)):
            taken.append(group)
            quota, room = quota - len(group[0]), room - len(group[0])
    while room > 0:
        label = max(sorted(waiting), key=lambda name: len(waiting[name]))
        found = _last(waiting[label], room)
        if found is None and not taken and len(waiting[label]) > 1:
            found = min(waiting[label], key=lambda one: len(one[0]))
            waiting[label].remove(found)
        if found is None:
            break
        taken.append(found)
        room -= len(found[0])
    return taken


def _last(groups: list[Group], room: int) -> Group | None:
    for place in range(len(groups) - 1, -1, -1):
        if len(groups) > 1 and len(groups[place][0]) <= room:
            return groups.pop(place)
    return None
