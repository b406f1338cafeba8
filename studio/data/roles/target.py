"""How the cells to learn are read: one label or several, numbers with which decimal sign, marks in columns.

In: a Table, its Columns, the goal, and what was told about it. Out: the Columns with `sign` and `form` filled in; what
a row's cells say then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from studio.config.goals import GOALS, TaskKind
from studio.data.roles.columns import Columns
from studio.data.roles.numbers import form_of
from studio.data.roles.several import LIST, joined, sign_of
from studio.data.table.table import Table

ONE = "one"  # label a text, as the setting calls it
_LOOKED_AT = 5_000  # cells
_YES = frozenset({"1", "1.0", "true", "yes", "y", "x", "✓", "✔", "t", "ja", "j", "oui", "sí", "si", "sim", "да", "是"})
_NO = frozenset({"0", "0.0", "", "false", "no", "n", "f", "-", "–", "nein", "non", "não", "нет", "否"})


def settled(table: Table, columns: Columns, kind: TaskKind, several: str | None = None) -> Columns:
    """The columns with how the cells to learn are read: found by looking where `several` (a sign, or "one") is None."""
    goal = GOALS[kind]
    if any(name not in table.columns for name in columns.learned):
        return columns
    if goal.target == "number" and columns.target:
        return replace(columns, form=form_of(table.sample(_LOOKED_AT, [columns.target])[columns.target]).written)
    if not goal.has_labels or several == ONE:
        return columns
    if several is not None:
        return replace(columns, sign=several)
    if columns.target:
        return replace(columns, sign=sign_of(table.sample(_LOOKED_AT, [columns.target])[columns.target]))
    if columns.labels:
        cells = table.sample(_LOOKED_AT, list(columns.labels))
        marked = zip(*(map(is_marked, cells[name]) for name in columns.labels), strict=True)
        return replace(columns, sign="" if all(sum(row) == 1 for row in marked if None not in row) else LIST)
    return columns


def is_marked(cell: str) -> bool | None:
    """Whether a cell says yes to its column's label; None where it says neither yes nor no."""
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def target_maker(columns: Columns) -> Callable[[Mapping[str, Sequence[str]]], list[str]]:
    """What makes the cells to learn of some rows' cells (by column): those of the target; where each label has a column
    of its own, the labels as `several.labels_in` takes them apart, or the one that a row has. "" where a row has none
    to learn: no mark at all, one that says neither yes nor no, or several where it should be one."""
    if not columns.labels or columns.target:
        return lambda cells: list(cells[columns.target])

    def made(row: Sequence[str]) -> str:
        marks = [is_marked(cell) for cell in row]
        if None in marks or not any(cell.strip() for cell in row):
            return ""
        having = [name for name, mark in zip(columns.labels, marks, strict=True) if mark]
        if columns.sign:
            return joined(having, LIST)
        return having[0] if len(having) == 1 else ""

    return lambda cells: [made(row) for row in zip(*(cells[name] for name in columns.labels), strict=True)]
