"""Edits made again when the original was read again.

In: the Record of a log and the new Table. Out: the edits as they are there, and what could not be made again, with its
reason and count. An edit is made only to a row that surely is the same one; nothing is guessed, and nothing dropped
unsaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from studio.data.table.edits import AppendRow, DeleteRows, Edit, ReplaceValue, SetCells
from studio.data.table.groups import Again, Group, LeftOver, Record
from studio.data.table.marks import places_of
from studio.data.table.overlay import ColumnMaker, follow
from studio.data.table.pages import PageReader, pieces
from studio.data.table.table import Table

_NO_COLUMN = "The table has no column “{}” any more."
_OTHER_COLUMNS = "Columns that the table had are gone, so its rows cannot be told apart."
_CHANGED = "The row was changed or is gone."
_FEWER = "Rows with the same content are gone, and it cannot be told which."
_NOT_ASIDE = "No row with this text is set aside any more."
_GONE = "The row was taken in from those set aside, and is not there any more."
_OTHER_TEXT = "The cell holds another text now."
_NO_VALUE = "No cell of “{}” holds “{}” any more."


class Replayed(NamedTuple):
    """What was made again, and what was not, as `EditLog.carry_over` takes it."""

    groups: tuple[Again, ...]
    left_over: tuple[LeftOver, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits that were made again, in order."""
        return tuple(edit for group in self.groups for edit in group.edits)


def replay(
    record: Record, table: Table, *, is_unchanged: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> Replayed | None:
    """The edits of `record` for `table`, another reading of the same file, on top of those that it has; None after a
    stop. Nothing is written.

    A row is the same one where as many rows hold its content as before: then the first stands for the first, and so
    on. Where there are more, it is the one with the same number. A row whose content is gone keeps its changed cell
    only if the file `is_unchanged` (its bytes are the same, so that they were only read otherwise), nothing moved at
    all (as many rows, all others in place) and the cell holds what it held. In a newer version of a file the row in
    that place may be quite another one."""
    rows = _found_rows(record, table, should_stop)
    rows = replace(rows, is_still=rows.is_still and is_unchanged)
    rows.lost.update(dict.fromkeys(_taken_elsewhere(record), _GONE))
    if should_stop():
        return None
    groups: list[Again] = []
    left: list[LeftOver] = []
    held = _values_held(record, table, should_stop)
    aside = _Aside(table)
    makers: defaultdict[str, ColumnMaker] = defaultdict(ColumnMaker)
    for edit in table.edits:
        _follow(makers, edit)
    for group in record.groups:
        edits: list[Edit] = []
        for edit, before in _with_before(group):
            if should_stop():
                return None
            again, over = _again(_Old(edit, before, group.title), _New(table, rows, held, makers, aside))
            left += over
            if again is not None:
                edits.append(again)
                table = table.with_edits([*table.edits, again])
                _follow(makers, again)
        if edits:
            groups.append(Again(group.title, tuple(edits), group.name))
    return Replayed(tuple(groups), tuple(left))


def _follow(makers: Mapping[str, ColumnMaker], edit: Edit) -> None:
    if isinstance(edit, AppendRow):
        for name, text in zip(edit.columns, edit.cells, strict=True):
            makers[name].set_cells([(edit.number, text)])
    elif not isinstance(edit, DeleteRows):
        follow(makers[edit.column], edit)


@dataclass(frozen=True)
class _Found:
    """Where rows of the earlier table are now (`at`), and why others are nowhere. `is_still`: nothing moved."""

    at: dict[int, int]
    lost: dict[int, str]
    is_still: bool


class _Old(NamedTuple):
    edit: Edit
    before: tuple[str, ...]
    title: str


class _New(NamedTuple):
    """The new table with its edits and those that were made again so far, by column in `makers`; `held` are (column,
    value) that its snapshot holds, `aside` what is set aside and not taken in."""

    table: Table
    rows: _Found
    held: set[tuple[str, str]]
    makers: Mapping[str, ColumnMaker]
    aside: _Aside


class _Aside:
    """The rows that are still set aside, by their text; read once, and only where one is asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, row in self._table.rejected_at():
            found[str(row["text"])].append(place)
        return found

    def take(self, text: str, wanted: int) -> int | None:
        """The place of a row with this text, which is taken from now on: the one at `wanted` where it is among them."""
        places = self._places.get(text)
        return places.pop(places.index(wanted) if wanted in places else 0) if places else None


def _found_rows(record: Record, table: Table, should_stop: Callable[[], bool]) -> _Found:
    marks = {row: mark for group in record.groups for row, mark in group.marks.items()}
    if not set(record.columns) <= set(table.columns):
        return _Found({}, dict.fromkeys(marks, _OTHER_COLUMNS), is_still=False)
    places = places_of(table, record.columns, {mark.sum for mark in marks.values()}, should_stop=should_stop)
    at: dict[int, int] = {}
    lost: dict[int, str] = {}
    for row, mark in marks.items():
        here = places.get(mark.sum, [])
        if len(here) == mark.of:
            at[row] = here[mark.which]
        elif len(here) > mark.of and row in here:
            at[row] = row
        else:
            lost[row] = _FEWER if here else _CHANGED
    return _Found(at, lost, record.rows == table.read_rows and all(row == now for row, now in at.items()))


def _taken_elsewhere(record: Record) -> set[int]:
    """Rows that are named and were taken in from those set aside by a group that is not in the record."""
    named: set[int] = set()
    for edit in record.edits:
        if isinstance(edit, SetCells):
            named.update(row for row, _ in edit.cells)
        elif isinstance(edit, DeleteRows):
            named.update(edit.rows)
    known = {edit.number for edit in record.edits if isinstance(edit, AppendRow)}
    return {row for row in named if row >= record.rows} - known


def _values_held(record: Record, table: Table, should_stop: Callable[[], bool]) -> set[tuple[str, str]]:
    """Of the values that were replaced: (column, value) that the new snapshot holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    asked: defaultdict[str, set[str]] = defaultdict(set)
    for edit in record.edits:
        if isinstance(edit, ReplaceValue) and edit.column in table.columns:
            asked[edit.column].add(edit.before)
    held: set[tuple[str, str]] = set()
    for column, values in asked.items():
        wanted = pa.array(values, pa.string())
        for piece in pieces(table.with_edits(()), [column], should_stop=should_stop):
            cells = piece.cells.column(0)
            found = cells.filter(pc.is_in(cells, value_set=wanted)).unique()
            held.update((column, value) for value in found.to_pylist())
    return held


def _with_before(group: Group) -> Iterator[tuple[Edit, tuple[str, ...]]]:
    before = iter(group.before)
    for edit in group.edits:
        yield edit, next(before) if isinstance(edit, SetCells) else ()


def _again(old: _Old, new: _New) -> tuple[Edit | None, Sequence[LeftOver]]:
    """The edit as it is in the new table, and what is left over of it."""
    edit, rows = old.edit, new.rows
    if isinstance(edit, AppendRow):
        return _append_again(old, edit, new)
    if isinstance(edit, DeleteRows):
        kept = tuple(rows.at[row] for row in edit.rows if row in rows.at)
        lost = [row for row in edit.rows if row in rows.lost]
        return DeleteRows(kept) if kept else None, _lost(old.title, lost, rows)
    if edit.column not in new.table.columns:
        about = tuple(row for row, _ in edit.cells) if isinstance(edit, SetCells) else ()
        return None, [LeftOver(old.title, _NO_COLUMN.format(edit.column), max(1, len(about)), about)]
    if isinstance(edit, SetCells):
        return _set_again(old, edit, new.table, rows)
    if new.makers[edit.column].holds(edit.before, in_snapshot=(edit.column, edit.before) in new.held):
        return edit, []
    return None, [LeftOver(old.title, _NO_VALUE.format(edit.column, edit.before), 1)]


def _append_again(old: _Old, edit: AppendRow, new: _New) -> tuple[Edit | None, Sequence[LeftOver]]:
    """A row set aside is taken in again where a row with the same text is still set aside under the same columns."""
    table, reason = new.table, _OTHER_COLUMNS
    if tuple(table.columns) == edit.columns:
        reason = _NOT_ASIDE
        place = new.aside.take(edit.raw, edit.aside)
        if place is not None:
            new.rows.at[edit.number] = table.rows
            return AppendRow(table.rows, edit.columns, edit.cells, place, edit.raw), []
    new.rows.lost[edit.number] = _GONE
    return None, [LeftOver(old.title, reason, 1, (edit.number,))]


def _set_again(old: _Old, edit: SetCells, table: Table, rows: _Found) -> tuple[Edit | None, Sequence[LeftOver]]:
    cells: list[tuple[int, str]] = []
    lost: list[int] = []
    unsure: list[tuple[int, str, str]] = []
    for (row, text), before in zip(edit.cells, old.before, strict=True):
        if row in rows.at:
            cells.append((rows.at[row], text))
        elif rows.is_still and rows.lost[row] not in (_FEWER, _GONE):
            unsure.append((row, text, before))
        else:
            lost.append(row)
    now = PageReader(table, [edit.column]).at([row for row, _, _ in unsure])
    other = [row for (row, _, before), held in zip(unsure, now, strict=True) if held[0] != before]
    cells += [(row, text) for (row, text, before), held in zip(unsure, now, strict=True) if held[0] == before]
    left = _lost(old.title, lost, rows)
    if other:
        left.append(LeftOver(old.title, _OTHER_TEXT, len(other), tuple(other)))
    return (SetCells(edit.column, tuple(cells)) if cells else None), left


def _lost(title: str, lost: Sequence[int], rows: _Found) -> list[LeftOver]:
    reasons: defaultdict[str, list[int]] = defaultdict(list)
    for row in lost:
        reasons[rows.lost[row]].append(row)
    return [LeftOver(title, reason, len(about), tuple(about)) for reason, about in reasons.items()]
