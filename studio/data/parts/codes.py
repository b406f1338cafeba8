"""What the split has to know of every row, as numbers: no text is held.

In: a Table and its Columns. Out: a Codes: which rows can be used, a hash of each text's sameness key, the label, the
group and the part of each row. Read piece by piece, and it can be stopped between two of them.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from studio.config.goals import GOALS, TaskKind
from studio.data.checkup.sameness import sameness_hashes
from studio.data.parts.comparable import comparable
from studio.data.parts.marking import place_of
from studio.data.reading.given_parts import Part, part_of
from studio.data.roles.columns import Columns, text_maker
from studio.data.roles.numbers import form_called, number_in
from studio.data.roles.several import labels_in
from studio.data.roles.target import target_maker
from studio.data.table.edits import missing_column
from studio.data.table.pages import as_array, pieces
from studio.data.table.table import Table
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

PARTS: tuple[Part, ...] = ("training", "watching", "test")  # a row's code is the place of its part
NAMES_NONE = -1  # the code of a cell that names no part
_TEXT, _TARGET, _CONTEXT, _PLACE, _FILLED = 1, 2, 4, 8, 16  # what a row has; a filled cell may say nothing to learn
_LACKING = (("text", _TEXT), ("context", _CONTEXT), ("target", _TARGET), ("place", _PLACE))
_IN_CONTEXT: frozenset[TaskKind] = frozenset({"find"})  # the answer has to stand in the text beside the question
_MAY_LACK: frozenset[TaskKind] = frozenset({"find", "read"})  # a question without an answer teaches that there is none
_MOST_LABELS = 100_000  # so many different labels are none, and would take all memory
_REMEMBERED = 10_000  # different cells of a column that names parts: a few, unless another column was chosen


@dataclass
class Codes:
    """Arrays with one entry a row of the table, deleted ones too. `keys` are hashes of sameness keys; `labels` are
    places in `names` (all 0 for answers), where a row has several that of its rarest one; `sets` are then places in
    `combinations` of labels; `groups` are hashes of the cells of the group column where `is_grouped`;
    `parts` are places in PARTS. `usable` are the numbers of the rows that have a text and a target, `left_out` the
    others by what they lack ("text", "target", "meaning" where the target's cell cannot be read, "context": a text to
    look in, "place": where the answer stands in it, or in words), what is lacking first comes first; deleted rows are
    in neither. Rows of one context are a group where no other is chosen."""

    keys: Numbers
    labels: NDArray[np.int32]
    names: list[str]
    groups: Numbers
    is_grouped: NDArray[np.bool_]
    parts: NDArray[np.int8]
    part_names: PartNames
    usable: Numbers
    left_out: dict[str, Numbers]
    sets: NDArray[np.int32] | None = None
    combinations: Sequence[tuple[str, ...]] = ()

    def told_apart(self, rows: Numbers) -> dict[str, int]:
        """How many of these rows have each label."""
        import numpy as np

        codes, counts = np.unique(self.labels[rows] if self.sets is None else self.sets[rows], return_counts=True)
        found: Counter[str] = Counter()
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            for label in (self.names[code],) if self.sets is None else self.combinations[code]:
                found[label] += count
        return dict(found)


@dataclass
class PartNames:
    """The part that each cell of a column names; `first` are the first three different cells by the alphabet."""

    hashes: list[Numbers] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def codes(self, cells: Sequence[str]) -> list[int]:
        """Places in PARTS, or NAMES_NONE."""
        import numpy as np

        each = set(cells)
        self.first = heapq.nsmallest(3, {*self.first, *each})
        self.hashes.append(np.unique(np.fromiter(map(hash, each), np.int64, len(each))))
        found: dict[str, int] = {}
        for cell in each:
            code = self._known.get(cell)
            if code is None:
                part = part_of(cell)
                code = NAMES_NONE if part is None else PARTS.index(part)
                if len(self._known) < _REMEMBERED:
                    self._known[cell] = code
            found[cell] = code
        return [found[cell] for cell in cells]

    @property
    def count(self) -> int:
        """How many different cells there are."""
        import numpy as np

        return len(np.unique(np.concatenate(self.hashes))) if self.hashes else 0


def read_codes(
    table: Table, columns: Columns, kind: TaskKind, *, should_stop: Callable[[], bool], only_texts: bool = False
) -> Codes | None:
    """The codes of a table's rows; None where it was stopped. With `only_texts` groups, parts and labels are not read.
    Raises a Problem for a column that is not there."""
    import numpy as np

    goal, texts_of, compared = GOALS[kind], text_maker(table, columns), comparable(columns, kind)
    # What is asked about one text stays together: who has learned a text knows the answers to other questions about it.
    group = columns.group or columns.context
    extra = () if only_texts else tuple(name for name in (group, columns.part) if name)
    learned = columns.learned if goal.target else ()
    beside = tuple(columns.beside.values())
    for name in (*learned, *beside, *extra):
        if name and name not in table.columns:
            raise missing_column(name, table.columns)
    rows = table.rows
    has = np.zeros(rows, np.uint8)
    keys = np.zeros(rows, np.int64)
    labels = np.zeros(rows, np.int32)
    groups = np.zeros(rows if group and not only_texts else 0, np.int64)
    is_grouped = np.zeros(len(groups), np.bool_)
    parts = np.zeros(rows if columns.part and not only_texts else 0, np.int8)
    why = np.zeros(rows if compared else 0, np.uint8)
    part_names, code_of = PartNames(), dict[str, int]()
    more = (*extra, columns.context, columns.start, *(compared.names if compared else ()))
    wanted = list(dict.fromkeys(name for name in (*columns.read, *learned, *more) if name))
    targets_of = target_maker(columns) if learned else texts_of
    means = _number_test(columns) if goal.target == "number" else _filled
    for piece in pieces(table, wanted, should_stop=should_stop):
        cells = {name: column.to_pylist() for name, column in zip(wanted, piece.cells.columns, strict=True)}
        here = slice(piece.start, piece.start + piece.cells.num_rows)
        texts = texts_of(cells)
        targets = targets_of(cells)
        contexts = cells[columns.context] if columns.context else texts
        has[here] = (
            _filled(texts) * _TEXT
            + (_TARGET if kind in _MAY_LACK else means(targets) * _TARGET)
            + _filled(contexts) * _CONTEXT
            + _placed(cells, columns, kind) * _PLACE
        )
        for name in learned:
            has[here] |= _filled(cells[name]).astype(np.uint8) * _FILLED
        both = zip(texts, contexts, strict=True)
        keys[here] = sameness_hashes([f"{text}\n{context}" for text, context in both] if columns.context else texts)
        if goal.has_labels and not only_texts:
            labels[here] = [code_of.setdefault(target, len(code_of)) for target in targets]
            _check_labels(table, learned[0], len(code_of))
        if compared:
            why[here] = compared.codes(cells)
            labels[here] = [code_of.setdefault(verdict, len(code_of)) for verdict in compared.verdicts(cells)]
        if len(groups):
            groups[here] = np.fromiter(map(hash, cells[group]), np.int64)
            is_grouped[here] = _filled(cells[group])
        if len(parts):
            parts[here] = part_names.codes(cells[columns.part])
    if should_stop():
        return None
    numbers = as_array(table.numbers)
    of, known = has[numbers], 0
    lacking: dict[str, Numbers] = {}
    for what, bit in _LACKING:
        lacking[what] = numbers[(of & known == known) & (of & bit == 0)]
        known |= bit
    is_filled = has[lacking["target"]] & _FILLED > 0
    lacking["target"], lacking["meaning"] = lacking["target"][~is_filled], lacking["target"][is_filled]
    usable = numbers[of & known == known]
    if compared:
        lacking |= {reason: usable[why[usable] == code] for code, reason in enumerate(compared.reasons, start=1)}
        usable = usable[why[usable] == 0]
    left_out = {what: found for what, found in sorted(lacking.items(), key=_first) if len(found)}
    names = list(code_of) or [""]
    codes = Codes(keys, labels, names, groups, is_grouped, parts, part_names, usable, left_out)
    return _with_sets(codes, columns.sign) if columns.sign and goal.has_labels else codes


def _with_sets(codes: Codes, sign: str) -> Codes:
    """The codes of rows with several labels: each row stands for its rarest one, so that the rare ones come into each
    part; rows with none stand for none (after Sechidis and others 2011, "On the Stratification of Multi-label Data").
    """
    import numpy as np

    sets, combinations = codes.labels, [labels_in(name, sign) for name in codes.names]
    counts = replace(codes, sets=sets, combinations=combinations).told_apart(codes.usable)
    names = ["", *sorted(counts)]
    place_of = {label: place for place, label in enumerate(names)}
    rarest = [min(of, key=lambda label: (counts.get(label, 0), label), default="") for of in combinations]
    labels = np.array([place_of.get(label, 0) for label in rarest], np.int32)[sets]
    return replace(codes, labels=labels, names=names, sets=sets, combinations=combinations)


def _number_test(columns: Columns) -> Callable[[Sequence[str]], NDArray[np.bool_]]:
    import numpy as np

    form = form_called(columns.form)
    return lambda cells: np.fromiter((number_in(cell, form) is not None for cell in cells), np.bool_, len(cells))


def _first(lacking: tuple[str, Numbers]) -> int:
    return int(lacking[1][0]) if len(lacking[1]) else 0


def _filled(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Which cells hold more than blanks."""
    import numpy as np

    return np.fromiter((cell != "" and not cell.isspace() for cell in cells), np.bool_, len(cells))


def _placed(cells: Mapping[str, Sequence[str]], columns: Columns, kind: TaskKind) -> NDArray[np.bool_]:
    """Which answers stand in their text, where they have to; an empty one says that there is none."""
    import numpy as np

    count = len(next(iter(cells.values())))
    if kind not in _IN_CONTEXT or columns.target not in cells or columns.context not in cells:
        return np.ones(count, np.bool_)
    starts = cells[columns.start] if columns.start else ("",) * count
    every = zip(cells[columns.context], cells[columns.target], starts, strict=True)
    found = (not answer.strip() or place_of(text, answer, start) is not None for text, answer, start in every)
    return np.fromiter(found, np.bool_, count)


def _check_labels(table: Table, column: str, count: int) -> None:
    if count > _MOST_LABELS:
        raise Problem(
            f"There are more than {_MOST_LABELS:,} different labels.",
            "These are too many to sort into; this column looks like text.",
            "Choose a column with fewer different values, or the goal “Answer in my style”.",
            Where(table.reading.file, column=column),
        )
