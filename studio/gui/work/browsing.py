"""Looking through a table: the rows that a query finds and their order, how often a label stands there, one column.

In: a Table, and a `RowQuery`, a label or a column. Out: `Found` and `Arranged` row numbers; `LabelCount`; a Summary,
and the Distribution of the labels over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from studio.data.table.order import sort
from studio.data.table.pages import as_array
from studio.data.table.table import Table
from studio.data.table.view import CellTest, combine, gathered, search, where

if TYPE_CHECKING:
    from studio.data.roles.columns import Columns
    from studio.data.table.pages import RowNumbers
    from studio.gui.job import Control

_MOST_SHARED = 200  # different values of a column for which labels are compared


class SortedBy(NamedTuple):
    """A column, the way round, and whether its cells are numbers."""

    column: str
    descending: bool = False
    as_number: bool = False


@dataclass(frozen=True)
class RowQuery:
    """What a row has to have: a text in any column, and what each of some columns has to hold; and the order."""

    search: str = ""
    tests: tuple[tuple[str, CellTest], ...] = ()
    sort: SortedBy | None = None

    @property
    def keys(self) -> tuple[Any, ...]:
        """What has to be found, each by itself."""
        return (*([self.search] if self.search else []), *self.tests, *([self.sort] if self.sort is not None else []))


class Found(NamedTuple):
    """The rows that one key of a query found; where it is the order, all rows in that order."""

    key: Any
    numbers: Any


class Arranged(NamedTuple):
    """The rows of the whole query, in its order."""

    numbers: RowNumbers


class LabelCount(NamedTuple):
    """How many rows of a column have a label."""

    column: str
    label: str
    rows: int


def find_rows(
    control: Control,
    table: Table,
    base: RowNumbers | None,
    query: RowQuery,
    known: Mapping[Any, Any],
    missing: tuple[Any, ...],
) -> Iterator[object]:
    """Find those keys of a query that are `missing`, and put them together with what is `known`: `Found` for each, then
    `Arranged`. `base` are the only rows that count; None: all."""
    found_by_key = dict(known)
    for key in missing:
        found: Any
        if isinstance(key, SortedBy):
            sorting = sort(
                table,
                key.column,
                descending=key.descending,
                as_number=key.as_number,
                should_stop=control.should_stop,
            )
            found = sorting.numbers if sorting is not None else None
        elif isinstance(key, str):
            found = gathered(search(table, key, should_stop=control.should_stop))
        else:
            found = gathered(where(table, key[0], key[1], should_stop=control.should_stop))
        if control.should_stop():
            return
        found_by_key[key] = found
        yield Found(key, found)
    yield Arranged(arranged(table, base, query, found_by_key))


def arranged(table: Table, base: RowNumbers | None, query: RowQuery, known: Mapping[Any, Any]) -> RowNumbers:
    """The rows of a query, in its order, from the rows that each of its keys found."""
    filters = [known[key] for key in query.keys if key is not query.sort]
    if query.sort is None:
        return combine(table, None if base is None else in_use(table, base), *filters)
    return combine(table, known[query.sort], *filters, *([] if base is None else [as_array(base)]))


def in_use(table: Table, numbers: RowNumbers) -> RowNumbers:
    """Those of the rows that are not deleted, in the order given."""
    import numpy as np

    if not len(table.overlay.deleted):
        return numbers
    some = as_array(numbers)
    return some[~np.isin(some, table.overlay.deleted)]


def count_label(control: Control, table: Table, column: str, label: str) -> Iterator[object]:
    """Count the rows whose cell in a column is this label: one `LabelCount`, none where it is stopped."""
    found = where(table, column, CellTest("equals", (label,)), should_stop=control.should_stop)
    rows = sum(len(piece) for piece in found)
    if not control.should_stop():
        yield LabelCount(column, label, rows)


def sum_up_column(control: Control, table: Table, column: str, columns: Columns) -> Iterator[object]:
    """A column's Summary; where `columns` name a label and this is no text that is read, also the Distribution of the
    labels over its values."""
    from studio.data.checkup.bias import across
    from studio.data.table.summary import summarise

    found = summarise(table, column, control.should_stop)
    if found is None:
        return
    yield found
    is_shared = columns.target and column not in {columns.target, *columns.read}
    if is_shared and 2 <= found.distinct <= _MOST_SHARED and not control.should_stop():
        yield across(table, columns, column)
