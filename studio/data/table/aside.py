"""The text of a row set aside as cells, as far as it can be told apart.

In: the raw text, how its file was read, how many columns the table has. Out: as many cells, and what is left over. It
is a proposal that a person looks at and mends; the text itself is kept beside the table.
"""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

from studio.data.table.table import Reading

_TWO_BLANKS = re.compile(" {2,}")


class Split(NamedTuple):
    """`cells` are as many as the table has columns, empty ones at the end where there were fewer; `over` are cells for
    which there is no column."""

    cells: tuple[str, ...]
    over: tuple[str, ...] = ()


def split_raw(raw: str, reading: Reading, columns: int) -> Split:
    """The cells of `raw`, told apart as the other rows were; text that does not follow the rules is one cell."""
    text = raw.removesuffix("\n").removesuffix("\r")
    cells = _cells(text, reading)
    if columns == 1:
        return Split((text if len(cells) > 1 else cells[0],))
    return Split((*cells[:columns], *[""] * (columns - len(cells))), tuple(cells[columns:]))


def _cells(text: str, reading: Reading) -> list[str]:
    delimiter = reading.delimiter if reading.kind in {"delimited", "folder"} else "\t"  # others put tabs between cells
    if not delimiter:
        return [text]
    if delimiter == "  ":
        return _TWO_BLANKS.split(text.strip(" "))
    if len(delimiter) > 1:
        return text.split(delimiter)
    try:
        if reading.kind == "delimited" and len(reading.quote) == 1:
            rows = list(csv.reader([text], delimiter=delimiter, quotechar=reading.quote))
        else:
            rows = list(csv.reader([text], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error:
        return text.split(delimiter)
    return rows[0] if len(rows) == 1 and rows[0] else [text]
