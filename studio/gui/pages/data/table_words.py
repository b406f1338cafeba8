"""Conditions and orders in words.

In: a condition on a column, or an order. Out: what a person reads: “Only rows where topic is “refill””.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.data.table.view import CellTest
from studio.gui.work.browsing import SortedBy

_LONG = 40  # characters of a text that is quoted


def _tr(words: str) -> str:
    return QCoreApplication.translate("TableWords", words)


def sort_words(sort: SortedBy) -> str:
    """How rows are sorted."""
    if sort.as_number:
        way = _tr("largest first") if sort.descending else _tr("smallest first")
    else:
        way = _tr("Z to A") if sort.descending else _tr("A to Z")
    return _tr("Sorted by {column}, {way}").format(column=sort.column, way=way)


def condition_words(column: str, test: CellTest) -> str:
    """Which rows are shown."""
    text = test.texts[0] if test.texts else ""
    text = " ".join(text[: _LONG + 1].split())
    text = text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
    match test.kind:
        case "empty":
            words = _tr("is not empty") if test.negated else _tr("is empty")
        case "longer":
            words = _tr("has more than {count} characters").format(count=f"{test.characters:,}")
        case "contains":
            words = _tr("contains “{text}”").format(text=text)
        case _:
            words = _tr("is “{text}”").format(text=text)
    return _tr("Only rows where {column} {words}").format(column=column, words=words)
