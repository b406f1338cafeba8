"""How a file is read whose first line names the columns that are looked for, where looking at the file did not find
them: few lines can look like another kind of table.

In: such a file, what is known of it, and the names. Out: ReadOptions, or None where the first line does not name them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from studio.data.reading.delimited.delimited import open_delimited
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Given

_SIGNS = (",", ";", "\t", "|", "")  # the last one: a single column
_ROWS = 200  # that are looked at


def by_names(given: Given, options: ReadOptions, expected: Collection[str], *, encoding: str) -> ReadOptions | None:
    """`options` with what reads the first line as names, all `expected` columns among them; None where nothing does, or
    where somebody told how the cells are set apart. `encoding` is the one that was found or told."""
    if any(told is not None for told in (options.delimiter, options.quote, options.has_header, options.skip)):
        return None
    found: list[tuple[int, int, ReadOptions]] = []
    for sign in _SIGNS:
        told = replace(options, delimiter=sign, quote='"', has_header=True, skip=0)
        source = open_delimited(given, replace(told, encoding=encoding), only_head=True)
        if set(expected) <= set(source.columns):
            found.append((len(source.columns), len(source.head(_ROWS).rejected), told))
    # A single name says nothing of the sign, and one that stands in the cells would cut them into more columns.
    return min(found, key=lambda way: way[:2])[-1] if found else None
