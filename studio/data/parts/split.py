"""A Table's rows into training, watching and test rows.

In: a Table, what its columns are for, shares, a seed. Out: a Dataset. The same input always gives the same parts; rows
with the same text never stand in two of them, so that nothing is asked later that was learned by heart, and rows of one
group stay together; labels are spread evenly. Parts that the table names are kept. Watching and test rows come first in
no case: where rows are few, training keeps one of every label.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from studio.config.config import TaskKind
from studio.data.checkup.finding import listed
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset
from studio.data.parts.dealing import MOST_WATCHING, deal, groups, rows_of
from studio.data.reading.given_parts import Part, part_of
from studio.data.roles.columns import Columns, input_texts
from studio.data.table.table import Table
from studio.problems import Problem, Where

NO_TEXT = "no text"
NO_TARGET: dict[TaskKind, str] = {"classify": "no label", "answer": "no answer"}
IN_TEST_FILE = "also in the test file"
IN_TEST_ROWS = "also among the test rows"
IN_WATCHING_ROWS = "also among the watching rows"
NO_PART = "neither for training nor watching nor test"
REPLACED = "test rows of the table, in whose place the test file is used"
OF_TEST_FILE = " (test file)"  # ends a reason that is about rows of the test file

_LeftOut = dict[str, tuple[int, ...]]


def split(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    watching_share: float,
    test_share: float,
    seed: int,
    test_table: Table | None = None,
) -> Dataset:
    """The table's rows in their parts; raises a Problem where nothing can be learned or judged from them."""
    inputs, targets = _cells(table, columns)
    usable, left_out = _usable(table, inputs, targets, kind)
    keys = {row: sameness_key(inputs[row]) for row in usable}
    test: tuple[int, ...] = ()
    if test_table is not None:
        test, test_keys, unusable = _test_rows(test_table, kind, columns)
        left_out |= unusable
        usable = _without(usable, keys, test_keys, IN_TEST_FILE, left_out)
    _check(table, usable, targets, kind, left_out)
    given = _given(table, columns.part, usable, keys, left_out, has_test_file=test_table is not None)
    free = [row for row in usable if row in given["training"]] if columns.part else usable
    shares = (0.0 if given["watching"] else watching_share, 0.0 if given["test"] or test_table else test_share)
    labels = {row: targets[row] for row in usable} if kind == "classify" else {}
    found = groups(free, [keys, *_ties(table, columns.group)], labels)
    watching, chosen_test, training = deal(found, shares, len(usable), random.Random(seed))
    parts: dict[Part, tuple[int, ...]] = {
        "training": rows_of(training),
        "watching": rows_of(watching) or _some(given["watching"], seed),
        "test": test or rows_of(chosen_test) or tuple(sorted(given["test"])),
    }
    _check_parts(table, parts, watching_share, 0.0 if test_table is not None else test_share)
    named = sorted({targets[row] for row in usable}) if kind == "classify" else []
    return Dataset(table, columns, parts, left_out, tuple(named), test_table)


def judged_on(dataset: Dataset, test_table: Table, *, kind: TaskKind) -> Dataset:
    """The same training rows, with every usable row of another table as the test rows; raises a Problem where there is
    none."""
    usable, _, unusable = _test_rows(test_table, kind, dataset.columns)
    left_out = {reason: rows for reason, rows in dataset.left_out.items() if not reason.endswith(OF_TEST_FILE)}
    return replace(
        dataset, parts={**dataset.parts, "test": usable}, left_out={**left_out, **unusable}, test_table=test_table
    )


def _cells(table: Table, columns: Columns) -> tuple[list[str], list[str]]:
    read = columns.read
    if columns.target and columns.target in read:
        raise Problem(
            f"“{columns.target}” is both the text to read and what to learn.",
            "A model would only learn to repeat what it reads.",
            "Choose another column for one of them.",
            Where(table.reading.file, column=columns.target),
        )
    if not ((columns.input or columns.template) and columns.target):
        raise _not_chosen(table, columns.input or columns.template)
    return input_texts(table, columns), table.column(columns.target)


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
    table: Table, inputs: Sequence[str], targets: Sequence[str], kind: TaskKind
) -> tuple[list[int], dict[str, tuple[int, ...]]]:
    """Rows with a text and a target, and the others by reason; deleted rows are in neither."""
    usable: list[int] = []
    left_out: dict[str, list[int]] = defaultdict(list)
    for row in table.numbers:
        text, wanted = inputs[row], targets[row]
        if text and not text.isspace():
            if wanted and not wanted.isspace():
                usable.append(row)
            else:
                left_out[NO_TARGET[kind]].append(row)
        else:
            left_out[NO_TEXT].append(row)
    return usable, {reason: tuple(rows) for reason, rows in left_out.items()}


def _test_rows(
    table: Table, kind: TaskKind, columns: Columns
) -> tuple[tuple[int, ...], set[str], dict[str, tuple[int, ...]]]:
    """The usable rows of the test file, the keys of their texts, and its other rows by reason."""
    inputs, targets = _cells(table, columns)
    usable, left_out = _usable(table, inputs, targets, kind)
    if not usable:
        raise Problem(
            "The test file has no row that can be used.",
            f"No row has both “{listed(columns.read)[1:-1]}” and “{columns.target}”.",
            "Choose another test file, or none: then some rows of the table are kept for it.",
            Where(table.reading.file),
        )
    keys = {sameness_key(inputs[row]) for row in usable}
    return tuple(usable), keys, {f"{reason}{OF_TEST_FILE}": rows for reason, rows in left_out.items()}


def _given(
    table: Table,
    column: str,
    usable: Sequence[int],
    keys: Mapping[int, str],
    left_out: _LeftOut,
    *,
    has_test_file: bool,
) -> dict[Part, set[int]]:
    """The rows of each part that the column `column` names. What is asked in a test is not learned, wherever else it
    stands; beside a test file the table's own test rows are not used."""
    rows: dict[Part, list[int]] = {"training": [], "watching": [], "test": []}
    if not column:
        return {part: set() for part in rows}
    unnamed: list[int] = []
    replaced: list[int] = []
    cells = table.column(column)
    part_at = {value: part_of(value) for value in set(cells)}
    for row in usable:
        part = part_at[cells[row]]
        if part is None:
            unnamed.append(row)
        else:
            (replaced if has_test_file and part == "test" else rows[part]).append(row)
    if not any(rows.values()):
        raise Problem(
            f"“{column}” names no parts.",
            f"Its cells should say train, validation or test; they say {listed(sorted(part_at))}.",
            "Choose another column for it, or none: then the parts are made by chance.",
            Where(table.reading.file, column=column),
        )
    left_out |= {reason: tuple(found) for reason, found in ((NO_PART, unnamed), (REPLACED, replaced)) if found}
    test_keys = {keys[row] for row in rows["test"]}
    learned: tuple[Part, Part] = ("training", "watching")
    for part in learned:
        rows[part] = _without(rows[part], keys, test_keys, IN_TEST_ROWS, left_out)
    watched = {keys[row] for row in rows["watching"]}
    rows["training"] = _without(rows["training"], keys, watched, IN_WATCHING_ROWS, left_out)
    return {part: set(found) for part, found in rows.items()}


def _without(
    rows: Sequence[int], keys: Mapping[int, str], taken: Collection[str], reason: str, left_out: _LeftOut
) -> list[int]:
    """The rows whose text is not `taken`; the others are left out for this reason."""
    same = tuple(row for row in rows if keys[row] in taken)
    if same:
        left_out[reason] = tuple(sorted({*left_out.get(reason, ()), *same}))
    return [row for row in rows if keys[row] not in taken]


def _ties(table: Table, column: str) -> list[dict[int, str]]:
    """What else keeps rows together: equal cells in `column`; empty ones tie nothing."""
    if not column:
        return []
    cells = table.column(column)
    return [{row: cells[row] for row in table.numbers if cells[row].strip()}]


def _some(rows: Collection[int], seed: int) -> tuple[int, ...]:
    """At most as many rows as are worth watching, chosen by chance."""
    chosen = sorted(rows)
    if len(chosen) > MOST_WATCHING:
        chosen = sorted(random.Random(seed).sample(chosen, MOST_WATCHING))
    return tuple(chosen)


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


def _check_parts(table: Table, parts: Mapping[Part, Sequence[int]], watching_share: float, test_share: float) -> None:
    wanted: dict[Part, float] = {"training": 1.0, "watching": watching_share, "test": test_share}
    if any(share > 0 and not parts[part] for part, share in wanted.items()):
        raise _too_few(table, sum(map(len, parts.values())))
