"""Rows without a text, a label or an answer.

In: Rows. Out: one Finding for the texts and one for what is to be learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.data.checkup.finding import Finding, Fix, counted, finding
from studio.data.checkup.rows import Rows
from studio.data.edits import DeleteRows

_MEANING = "Harmless where the cells are meant to be empty: the other rows are used."


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Empty texts and empty labels or answers."""
    if rows.texts:
        yield finding(
            "no_text", (row for row in rows.texts if row not in rows.keys), "look",
            lambda n: counted(n, "1 row has no text and is left out", "{} rows have no text and are left out"),
            "Every row has a text", _MEANING, fix=_delete,
        )  # fmt: skip
    if rows.targets:
        noun, one = ("label", "a label") if rows.kind == "classify" else ("answer", "an answer")
        empty = (row for row, cell in rows.targets.items() if not cell or cell.isspace())
        yield finding(
            "no_target", empty, "look",
            lambda n: counted(n, f"1 row has no {noun} and is left out", f"{{}} rows have no {noun} and are left out"),
            f"Every row has {one}", _MEANING, fix=_delete,
        )  # fmt: skip


def _delete(rows: list[int]) -> tuple[Fix, ...]:
    return (Fix("Delete these rows", (DeleteRows(tuple(rows)),)),)
