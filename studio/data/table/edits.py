"""What a person changed in a table: cells, rows that are gone, labels that became one.

In: a Table and Edits in the order in which they were made. Out: the same Table with them applied; the snapshot itself
is never touched. Rows keep their numbers, also where some are deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.problems import Problem


@dataclass(frozen=True)
class SetCells:
    """New texts for cells of one column: pairs of a 0-based row number and the text."""

    column: str
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class DeleteRows:
    """Rows that are not used any more, by their 0-based numbers."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class ReplaceValue:
    """Every cell of a column that is exactly `before` becomes `after`: a label that is renamed or merged."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class AppendRow:
    """A row set aside that was mended and taken into the table, behind its last row: it gets the 0-based `number`, and
    its `cells` stand in `columns`, which are all of the table's. `aside` is its 0-based place among the rows set aside,
    and `raw` its text there."""

    number: int
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    aside: int
    raw: str


Edit = SetCells | DeleteRows | ReplaceValue | AppendRow


def appended(edits: Iterable[Edit]) -> tuple[AppendRow, ...]:
    """The rows that were taken into the table, in their order."""
    return tuple(edit for edit in edits if isinstance(edit, AppendRow))


def check_edits(
    edits: Iterable[Edit], columns: Sequence[str], rows: int, *, aside: int = 0, taken: Iterable[int] = ()
) -> None:
    """Raise a Problem for a column that is not among `columns`, a row number outside 0..`rows` - 1, a text that no file
    can hold, or a row set aside that is not there (`aside` of them are) or is among those `taken` in already."""
    gone = set(taken)
    for edit in edits:
        if isinstance(edit, AppendRow):
            _check_appended(edit, columns, rows)
            _check_aside(edit.aside, aside, gone)
            gone.add(edit.aside)
            rows += 1
            continue
        if isinstance(edit, DeleteRows):
            _check_rows(edit.rows, rows)
            continue
        if edit.column not in columns:
            raise missing_column(edit.column, columns)
        if isinstance(edit, SetCells):
            _check_rows([row for row, _ in edit.cells], rows)
            _check_texts([text for _, text in edit.cells])
        else:
            _check_texts([edit.before, edit.after])


def _check_appended(edit: AppendRow, columns: Sequence[str], rows: int) -> None:
    if edit.number != rows or tuple(edit.columns) != tuple(columns) or len(edit.cells) != len(columns):
        raise Problem(
            "The row cannot be taken into the table.",
            "The table has other rows or columns by now.",
            "Look at the rows set aside again, and take it from there.",
        )
    _check_texts(edit.cells)


def _check_aside(place: int, aside: int, gone: set[int]) -> None:
    if place in gone or not 0 <= place < aside:
        raise Problem(
            "The row cannot be taken into the table.",
            "It was taken in before." if place in gone else "It is not among the rows set aside.",
            "Look at the rows set aside again: those that are still there can be taken in.",
        )


def missing_column(name: str, columns: Sequence[str]) -> Problem:
    """A Problem about a column that a table does not have."""
    return Problem(
        f"There is no column “{name}”.", f"The table has: {', '.join(columns)}.", "Choose one of these columns."
    )


def _check_rows(numbers: Sequence[int], rows: int) -> None:
    if numbers and not (min(numbers) >= 0 and max(numbers) < rows):
        wrong = min(numbers) if min(numbers) < 0 else max(numbers)
        raise Problem(
            f"There is no row {wrong + 1:,}.",
            f"The table has {rows:,} row{'' if rows == 1 else 's'}.",
            "If the file was read anew, make the change again.",
        )


def _check_texts(texts: Sequence[str]) -> None:
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Problem(
            "This text cannot be kept.",
            "It holds half a character, as can come from the clipboard of another program.",
            "Type the text anew, or copy it again.",
        ) from error
