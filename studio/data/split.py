"""A Table's rows into training, watching and test rows.

In: a Table, the columns and shares, a seed. Out: a Dataset. The same input always gives the same parts; rows with the
same text never stand in two of them, so that nothing is asked later that was learned by heart; labels are spread
evenly. Watching and test rows come first in no case: where rows are few, training keeps one of every label.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from studio.config.config import TaskKind
from studio.data.checkup.finding import listed
from studio.data.dataset import Dataset, Part
from studio.data.sameness import sameness_key
from studio.data.table import Table
from studio.problems import Problem, Where

MOST_WATCHING = 500  # rows: enough to tell the moments of a run apart; more would be missing in training
MOST_TEST = 5_000  # rows: more would hardly make the result surer
NO_TEXT = "no text"
NO_TARGET = {"classify": "no label", "answer": "no answer"}
IN_TEST_FILE = "also in the test file"
OF_TEST_FILE = " (test file)"  # ends a reason that is about rows of the test file


class _Group(NamedTuple):
    """Rows with the same text; `label` is the one that most of them have ("" for answers)."""

    rows: tuple[int, ...]
    label: str


def split(
    table: Table,
    *,
    kind: TaskKind,
    input: str,
    target: str,
    watching_share: float,
    test_share: float,
    seed: int,
    test_table: Table | None = None,
) -> Dataset:
    """The table's rows in their parts; raises a Problem where nothing can be learned or judged from them."""
    inputs, targets = _columns(table, input, target)
    usable, left_out = _usable(inputs, targets, kind)
    keys = {row: sameness_key(inputs[row]) for row in usable}
    test: tuple[int, ...] | None = None
    if test_table is not None:
        test, test_keys, unusable = _test_rows(test_table, kind, input, target)
        left_out |= unusable
        same = [row for row in usable if keys[row] in test_keys]
        usable = [row for row in usable if keys[row] not in test_keys]
        if same:
            left_out[IN_TEST_FILE] = tuple(same)
    _check(table, usable, targets, kind, left_out)
    groups = _groups(usable, keys, targets, kind)
    rng = random.Random(seed)
    shares = (watching_share, 0.0 if test is not None else test_share)
    watching, chosen_test, training = _deal(groups, shares, len(usable), rng)
    _check_parts(table, training, watching, chosen_test, shares)
    parts: dict[Part, tuple[int, ...]] = {
        "training": _rows(training),
        "watching": _rows(watching),
        "test": test if test is not None else _rows(chosen_test),
    }
    labels = sorted({targets[row] for row in usable}) if kind == "classify" else []
    return Dataset(table, input, target, parts, left_out, tuple(labels), test_table)


def judged_on(dataset: Dataset, test_table: Table, *, kind: TaskKind) -> Dataset:
    """The same training rows, with every usable row of another table as the test rows; raises a Problem where there is
    none."""
    usable, _, unusable = _test_rows(test_table, kind, dataset.input, dataset.target)
    left_out = {reason: rows for reason, rows in dataset.left_out.items() if not reason.endswith(OF_TEST_FILE)}
    return replace(
        dataset, parts={**dataset.parts, "test": usable}, left_out={**left_out, **unusable}, test_table=test_table
    )


def _columns(table: Table, input: str, target: str) -> tuple[list[str], list[str]]:
    if input and input == target:
        raise Problem(
            f"“{input}” is both the text to read and what to learn.",
            "A model would only learn to repeat what it reads.",
            "Choose another column for one of them.",
            Where(table.reading.file, column=input),
        )
    if not (input and target):
        raise _not_chosen(table, input)
    return table.column(input), table.column(target)


def _not_chosen(table: Table, input: str) -> Problem:
    where = Where(table.reading.file)
    if len(table.columns) == 1:
        return Problem(
            "The table has one column, and a model needs two.",
            "It learns a label or an answer for each text, and that stands in a column of its own.",
            "Choose a file with both, or change how this one is read if its cells were not told apart.",
            where,
        )
    role = "what the model learns, a label or an answer" if input else "the texts that the model reads"
    return Problem(
        f"No column is chosen yet for {role}.",
        f"The table has the columns {listed(table.columns)}.",
        "Choose one of them.",
        where,
    )


def _usable(
    inputs: Sequence[str], targets: Sequence[str], kind: TaskKind
) -> tuple[list[int], dict[str, tuple[int, ...]]]:
    """Rows with a text and a target, and the others by reason."""
    usable: list[int] = []
    left_out: dict[str, list[int]] = defaultdict(list)
    for row, (text, wanted) in enumerate(zip(inputs, targets, strict=True)):
        if text and not text.isspace():
            if wanted and not wanted.isspace():
                usable.append(row)
            else:
                left_out[NO_TARGET[kind]].append(row)
        else:
            left_out[NO_TEXT].append(row)
    return usable, {reason: tuple(rows) for reason, rows in left_out.items()}


def _test_rows(
    table: Table, kind: TaskKind, input: str, target: str
) -> tuple[tuple[int, ...], set[str], dict[str, tuple[int, ...]]]:
    """The usable rows of the test file, the keys of their texts, and its other rows by reason."""
    inputs, targets = _columns(table, input, target)
    usable, left_out = _usable(inputs, targets, kind)
    if not usable:
        raise Problem(
            "The test file has no row that can be used.",
            f"No row has both “{input}” and “{target}”.",
            "Choose another test file, or none: then some rows of the table are kept for it.",
            Where(table.reading.file),
        )
    keys = {sameness_key(inputs[row]) for row in usable}
    return tuple(usable), keys, {f"{reason}{OF_TEST_FILE}": rows for reason, rows in left_out.items()}


def _check(
    table: Table,
    usable: Sequence[int],
    targets: Sequence[str],
    kind: TaskKind,
    left_out: Mapping[str, Sequence[int]],
) -> None:
    where = Where(table.reading.file)
    if not usable:
        raise Problem(
            "No row can be used.",
            "Left out: " + ", ".join(f"{len(rows):,} ({reason})" for reason, rows in left_out.items() if rows) + ".",
            "Choose other columns or another file.",
            where,
        )
    labels = {targets[row] for row in usable} if kind == "classify" else set()
    if len(labels) == 1 and len(usable) > 1:
        raise Problem(
            f"Every row has the same label, “{labels.pop()}”.",
            "Sorting needs at least two labels to tell apart.",
            "Choose another column to learn, or add rows with other labels.",
            where,
        )
    if len(usable) < 3:
        raise _too_few(table, len(usable))


def _too_few(table: Table, usable: int) -> Problem:
    rows = "Only one row" if usable == 1 else f"Only {usable:,} rows"
    return Problem(
        "There are too few rows.",
        f"{rows} can be used; some must be kept apart to see whether it learned, and no text may stand on both sides.",
        "Add rows with different texts: from 8 a label (or 50 answers) it starts to make sense.",
        Where(table.reading.file),
    )


def _groups(usable: Iterable[int], keys: Mapping[int, str], targets: Sequence[str], kind: TaskKind) -> list[_Group]:
    by_key: dict[str, list[int]] = defaultdict(list)
    for row in usable:
        by_key[keys[row]].append(row)
    return [_Group(tuple(rows), _usual(rows, targets) if kind == "classify" else "") for rows in by_key.values()]


def _usual(rows: Sequence[int], targets: Sequence[str]) -> str:
    if len(rows) == 1:
        return targets[rows[0]]
    return Counter(targets[row] for row in rows).most_common(1)[0][0]


def _deal(
    groups: Sequence[_Group], shares: tuple[float, float], rows: int, rng: random.Random
) -> tuple[list[_Group], list[_Group], list[_Group]]:
    """Watching, test and training groups. A label gives by its size and keeps one group for training."""
    waiting: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        waiting[group.label].append(group)
    for label in sorted(waiting):
        rng.shuffle(waiting[label])
    totals = {label: sum(len(group.rows) for group in of) for label, of in waiting.items()}
    taken: list[list[_Group]] = []
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


def _take(waiting: dict[str, list[_Group]], quotas: Mapping[str, int], wanted: int) -> list[_Group]:
    """Take up to each label's quota, then top up from whoever has most left; never more than `wanted` rows, except
    where one text alone has more."""
    taken: list[_Group] = []
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


def _next(groups: list[_Group], room: int) -> _Group | None:
    """Remove and return the last group that has room; the only group of a label stays for training."""
    if len(groups) < 2:
        return None
    for place in range(len(groups) - 1, -1, -1):
        if len(groups[place].rows) <= room:
            return groups.pop(place)
    return None


def _check_parts(
    table: Table,
    training: Sequence[_Group],
    watching: Sequence[_Group],
    test: Sequence[_Group],
    shares: tuple[float, float],
) -> None:
    missing = not training or any(share > 0 and not part for share, part in zip(shares, (watching, test), strict=True))
    if missing:
        raise _too_few(table, len(_rows([*training, *watching, *test])))


def _rows(groups: Iterable[_Group]) -> tuple[int, ...]:
    return tuple(sorted(row for group in groups for row in group.rows))
