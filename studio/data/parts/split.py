"""A Table's rows into training, watching and test rows.

In: a Table, what its columns are for, shares, a seed. Out: a Dataset. The same input always gives the same parts; rows
with the same text never stand in two of them, so that nothing is asked later that was learned by heart, and rows of one
group stay together; labels are spread evenly. Parts that the table names are kept. Watching and test rows come first in
no case: where rows are few, training keeps one of every label.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from studio.config.goals import GOALS, Target, TaskKind
from studio.data.checkup.finding import listed
from studio.data.parts.codes import NAMES_NONE, PARTS, Codes, read_codes
from studio.data.parts.dataset import Dataset
from studio.data.parts.dealing import MOST_WATCHING, deal, groups
from studio.data.parts.pairing import NO_NUMBER, tied, unnumbered
from studio.data.parts.stretches import few_texts, file_column, stretches
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.data.table.row_tuple import RowTuple
from studio.data.table.table import Table
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

NO_TEXT = "no text"
NO_CONTEXT = "no text in which to look for the answer"
NO_PLACE = "the answer does not stand in its text"
NO_TARGET: dict[Target, str] = {
    "label": "no label", "number": "no number", "text": "no answer", "passage": "no passage", "": "no text",
}  # fmt: skip
NO_MEANING: dict[Target, str] = {"number": "a cell that is no single number"}
UNCLEAR = "marks that do not say which labels"
IN_TEST_FILE = "also in the test file"
IN_TEST_ROWS = "also among the test rows"
IN_WATCHING_ROWS = "also among the watching rows"
_FREQUENT = 12  # labels
NO_PART = "neither for training nor watching nor test"
BEYOND_WATCHING = f"more validation rows than the {MOST_WATCHING} that watch"
REPLACED = "test rows of the table, in whose place the test file is used"
OF_TEST_FILE = " (test file)"  # ends a reason that is about rows of the test file


@overload
def split(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    watching_share: float,
    test_share: float,
    seed: int,
    test_table: Table | None = None,
) -> Dataset: ...


@overload
def split(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    watching_share: float,
    test_share: float,
    seed: int,
    test_table: Table | None = None,
    should_stop: Callable[[], bool],
) -> Dataset | None: ...


def split(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    watching_share: float,
    test_share: float,
    seed: int,
    test_table: Table | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Dataset | None:
    """The table's rows in their parts; None where it was stopped. Raises a Problem where nothing can be learned or
    judged from them."""
    _check_columns(table, columns, kind)
    is_text = GOALS[kind].whole_text
    files = file_column(table) if is_text and not columns.group else None
    codes = read_codes(table, replace(columns, group=files or columns.group), kind, should_stop=should_stop)
    if codes is None:
        return None
    rows = _Usable(codes, kind)
    rows.leave_out_unnumbered(table, columns, should_stop)
    test: Numbers | None = None
    if test_table is not None:
        tested = _test_rows(test_table, kind, columns, should_stop)
        if tested is None:
            return None
        rows.left_out |= tested.left_out
        test = tested.numbers
        rows.numbers = rows.without(rows.numbers, tested.codes.keys[test], IN_TEST_FILE)
    _check(table, rows, kind)
    given = _given(table, columns.part, rows, has_test_file=test_table is not None)
    free = given["training"] if columns.part else rows.numbers
    shares = (
        0.0 if len(given["watching"]) else watching_share,
        0.0 if len(given["test"]) or test_table is not None else test_share,
    )
    keys = codes.keys[free]
    if GOALS[kind].target == "passage":
        keys = tied(table, columns, keys, free, should_stop=should_stop)
    if is_text and few_texts(table, free):
        dealt: tuple[Numbers, Numbers, Numbers] | None = stretches(table, free, shares)
    else:
        dealt = _dealt(rows, free, keys, shares, seed, should_stop)
    if dealt is None:
        return None
    training, watching, chosen_test = dealt
    if not len(watching):
        watching = _watched(rows, given["watching"], seed, is_text=is_text)
    parts: dict[Part, Sequence[int]] = {
        "training": RowTuple(training),
        "watching": RowTuple(watching),
        "test": RowTuple(test if test is not None else chosen_test if len(chosen_test) else given["test"]),
    }
    _check_parts(table, parts, watching_share, 0.0 if test_table is not None else test_share)
    _check_labels(table, rows, training, kind, "Every training row")
    labels, frequent = (rows.labels(training), rows.frequent) if GOALS[kind].has_labels else ((), ())
    return Dataset(table, columns, parts, rows.told, labels, test_table, frequent)


def judged_on(dataset: Dataset, test_table: Table, *, kind: TaskKind) -> Dataset:
    """The same training rows, with every usable row of another table as the test rows; raises a Problem where there is
    none."""
    tested = _test_rows(test_table, kind, dataset.columns, lambda: False)
    assert tested is not None  # nobody stops it
    left_out = {reason: rows for reason, rows in dataset.left_out.items() if not reason.endswith(OF_TEST_FILE)}
    return replace(
        dataset,
        parts={**dataset.parts, "test": RowTuple(tested.numbers)},
        left_out={**left_out, **tested.told},
        test_table=test_table,
    )


class _Usable:
    """The rows of a table that can be used (`numbers`), and those that cannot, by reason."""

    def __init__(self, codes: Codes, kind: TaskKind, *, end: str = "") -> None:
        target = GOALS[kind].target
        words = {
            "text": NO_TEXT,
            "context": NO_CONTEXT,
            "target": NO_TARGET[target],
            "place": NO_PLACE,
            "meaning": NO_MEANING.get(target, UNCLEAR),
        }
        self.codes, self.kind, self.end = codes, kind, end
        self.numbers = codes.usable
        self.left_out: dict[str, Numbers] = {
            f"{words.get(what, what)}{end}": rows for what, rows in codes.left_out.items()
        }

    @property
    def told(self) -> dict[str, RowTuple]:
        """The rows that are left out, by reason."""
        return {reason: RowTuple(rows) for reason, rows in self.left_out.items()}

    def labels(self, training: Numbers) -> tuple[str, ...]:
        """The labels of the training rows: one that only other rows have cannot be learned."""
        return tuple(sorted(self.codes.told_apart(training)))

    @property
    def frequent(self) -> tuple[str, ...]:
        """The labels that most of the usable rows have, the most frequent first; equal ones by name."""
        found = self.codes.told_apart(self.numbers).items()
        return tuple(label for label, _ in sorted(found, key=lambda one: (-one[1], one[0]))[:_FREQUENT])

    def leave_out_unnumbered(self, table: Table, columns: Columns, should_stop: Callable[[], bool]) -> None:
        """Rows of a search that has a column of numbers, and no number in it."""
        if GOALS[self.kind].target != "passage":
            return
        found = unnumbered(table, columns, self.numbers, should_stop=should_stop)
        if len(found):
            import numpy as np

            self.left_out[f"{NO_NUMBER}{self.end}"] = found
            self.numbers = np.setdiff1d(self.numbers, found)

    def without(self, rows: Numbers, taken: Numbers, reason: str) -> Numbers:
        """Those of `rows` whose key is not `taken`; the others are left out for this reason."""
        import numpy as np

        same = np.isin(self.codes.keys[rows], taken)
        if same.any():
            self.left_out[reason] = np.union1d(self.left_out.get(reason, rows[:0]), rows[same])
        return rows[~same]


def _check_columns(table: Table, columns: Columns, kind: TaskKind) -> None:
    if columns.target and columns.target in columns.read:
        raise Problem(
            f"“{columns.target}” is both the text to read and what to learn.",
            "A model would only learn to repeat what it reads.",
            "Choose another column for one of them.",
            Where(table.reading.file, column=columns.target),
        )
    if not ((columns.input or columns.template) and (columns.learned or not GOALS[kind].target)):
        raise _not_chosen(table, columns.input or columns.template)
    if "context" in GOALS[kind].roles and columns.context in {"", columns.target, *columns.read}:
        raise Problem(
            "No column is chosen yet for the text in which the answer is looked for."
            if not columns.context
            else f"“{columns.context}” cannot be the text in which the answer is looked for and something else too.",
            f"The table has the columns {listed(table.columns)}.",
            "Choose the column with the texts that hold the answers.",
            Where(table.reading.file, column=columns.context),
        )


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


def _test_rows(table: Table, kind: TaskKind, columns: Columns, should_stop: Callable[[], bool]) -> _Usable | None:
    """The rows of the test file."""
    _check_columns(table, columns, kind)
    codes = read_codes(table, columns, kind, should_stop=should_stop, only_texts=True)
    if codes is None:
        return None
    if not len(codes.usable):
        raise Problem(
            "The test file has no row that can be used.",
            f"No row has both “{listed(columns.read)[1:-1]}” and “{listed(columns.learned)[1:-1]}”."
            if columns.learned
            else f"No row has a text in “{listed(columns.read)[1:-1]}”.",
            "Choose another test file, or none: then some rows of the table are kept for it.",
            Where(table.reading.file),
        )
    rows = _Usable(codes, kind, end=OF_TEST_FILE)
    rows.leave_out_unnumbered(table, columns, should_stop)
    return rows


def _given(table: Table, column: str, rows: _Usable, *, has_test_file: bool) -> dict[Part, Numbers]:
    """The rows of each part that the column `column` names. What is asked in a test is not learned, wherever else it
    stands; beside a test file the table's own test rows are not used."""
    usable, keys = rows.numbers, rows.codes.keys
    if not column:
        return dict.fromkeys(PARTS, usable[:0])
    codes = rows.codes.parts[usable]
    given: dict[Part, Numbers] = {part: usable[codes == code] for code, part in enumerate(PARTS)}
    replaced = usable[:0]
    if has_test_file:
        replaced, given["test"] = given["test"], replaced
    if not any(map(len, given.values())):
        names = rows.codes.part_names
        more = f" and {names.count - 3:,} more" if names.count > 3 else ""
        raise Problem(
            f"“{column}” names no parts.",
            f"Its cells should say train, validation or test; they say {listed(names.first)}{more}.",
            "Choose another column for it, or none: then the parts are made by chance.",
            Where(table.reading.file, column=column),
        )
    unnamed = usable[codes == NAMES_NONE]
    rows.left_out |= {reason: found for reason, found in ((NO_PART, unnamed), (REPLACED, replaced)) if len(found)}
    learned: tuple[Part, Part] = ("training", "watching")
    for part in learned:
        given[part] = rows.without(given[part], keys[given["test"]], IN_TEST_ROWS)
    given["training"] = rows.without(given["training"], keys[given["watching"]], IN_WATCHING_ROWS)
    return given


def _dealt(
    rows: _Usable, free: Numbers, keys: Numbers, shares: tuple[float, float], seed: int, should_stop: Callable[[], bool]
) -> tuple[Numbers, Numbers, Numbers] | None:
    """The free rows for training, watching and test, those with the same key (of `keys`) in one part; None where it was
    stopped."""
    import numpy as np

    codes = rows.codes
    if not len(free):
        return free, free, free
    has_groups = len(codes.groups) > 0
    found = groups(
        free,
        keys,
        codes.labels[free],
        codes.names,
        tie=codes.groups[free] if has_groups else None,
        is_tied=codes.is_grouped[free] if has_groups else None,
    )
    dealt = None if should_stop() else deal(found, shares, len(rows.numbers), random.Random(seed), should_stop)
    if dealt is None:
        return None
    watching, test = dealt
    return free[~np.isin(found.of, [*watching, *test])], found.rows_of(watching), found.rows_of(test)


def _watched(rows: _Usable, given: Numbers, seed: int, *, is_text: bool) -> Numbers:
    """Of the watching rows that the table names at most as many as are worth watching, chosen by chance, of texts the
    first; the others are left out, since a part that the table names is neither learned nor tested as another one."""
    import numpy as np

    if len(given) <= MOST_WATCHING:
        return given
    is_chosen = np.zeros(len(given), np.bool_)
    chosen = range(len(given))
    is_chosen[chosen[:MOST_WATCHING] if is_text else random.Random(seed).sample(chosen, MOST_WATCHING)] = True
    rows.left_out[BEYOND_WATCHING] = given[~is_chosen]
    return given[is_chosen]


def _check(table: Table, rows: _Usable, kind: TaskKind) -> None:
    where = Where(table.reading.file)
    if not len(rows.numbers):
        raise Problem(
            "No row can be used.",
            "Left out: " + ", ".join(f"{len(found):,} ({reason})" for reason, found in rows.left_out.items()) + ".",
            "Choose other columns or another file.",
            where,
        )
    if len(rows.numbers) > 1:
        _check_labels(table, rows, rows.numbers, kind, "Every row")
    if len(rows.numbers) < 3:
        raise _too_few(table, len(rows.numbers))


def _check_labels(table: Table, rows: _Usable, of: Numbers, kind: TaskKind, each: str) -> None:
    """Raises a Problem where there is but one label to learn among the rows `of`, each of which stands for them all."""
    labels = rows.labels(of) if GOALS[kind].has_labels and rows.codes.sets is None else ()
    if len(labels) == 1:
        raise Problem(
            f"{each} has the same label, “{labels[0]}”.",
            "Sorting needs at least two labels to tell apart.",
            "Choose another column to learn, or add rows with other labels.",
            Where(table.reading.file),
        )


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
