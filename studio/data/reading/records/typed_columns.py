"""Typed columns as a table of text: every cell as a person would write it.

In: an open Container. Out: a Source. Rows whose texts have broken characters are set aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studio.data.reading.delimited.header import unique_names
from studio.data.reading.records.arrow_files import HEAD_TEXT, ROWS, Container, check_size, damage, pieces, told
from studio.data.reading.records.arrow_text import ColumnText, as_bytes, is_nested
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table.table import Reading

if TYPE_CHECKING:
    import pyarrow as pa

_UNREAD = {"month_interval", "day_time_interval"}  # pyarrow knows these types, and no values of them
NESTED_ROWS = 2_000  # at once, where Python takes lists and records apart


@dataclass
class ColumnarSource:
    """A file of typed columns; see Source."""

    given: Given
    container: Container
    should_stop: Callable[[], bool] = lambda: False
    columns: tuple[str, ...] = field(init=False)
    texts: list[ColumnText] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = self._fresh()
        self.columns = tuple(text.name for text in self.texts)
        if not self.columns:
            raise told(self.given, "has no columns", "It holds nothing that could be read.", "Choose another file.")
        if unread := [text.name for text in self.texts if str(text.type) in _UNREAD]:
            raise told(
                self.given,
                "has spans of time of a kind that is not read",
                f"They are in {_listed(unread)}, as months or as days without a beginning.",
                "Save it without these columns, or save them as text.",
            )

    def head(self, rows: int) -> Portion:
        """The first `rows` rows; fewer where they are very long."""
        import pyarrow as pa

        kept: list[pa.RecordBatch] = []
        rejected: list[Rejected] = []
        count = 0
        for portion in self._read(min(rows, ROWS)):
            batch = portion.rows
            assert isinstance(batch, pa.RecordBatch)
            kept.append(batch.slice(0, rows - count))
            rejected += portion.rejected
            count += kept[-1].num_rows
            if count == rows or sum(batch.nbytes for batch in kept) > HEAD_TEXT:
                break
        table = pa.Table.from_batches(kept, pa.schema([(name, pa.string()) for name in self.columns]))
        merged = table.combine_chunks().to_batches()
        return Portion(merged[0] if merged else _no_rows(self.columns), rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        yield from self._read(ROWS)

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        return Reading(
            file=str(self.given.original),
            encoding="utf-8",
            delimiter="",
            quote="",
            rejected=rejected,
            certain=0.8 if self.container.doubt else 1.0,
            sentence=self._sentence(),
            kind=self.container.kind,
            member=self.given.member,
            members=self.given.members,
            doubts=self._doubts(),
        )

    def _fresh(self) -> list[ColumnText]:
        schema = self.container.schema
        features = _features(schema)
        names = unique_names(schema.names, len(schema.names))
        return [ColumnText(name, kept.type, features.get(kept.name)) for name, kept in zip(names, schema, strict=True)]

    def batches(self, rows: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """All rows as they are kept, at most `rows` at once, each time with the 1-based number of the first."""
        self.texts = self._fresh()
        first, total = 1, 0
        with damage(self.given):
            for whole in self.container.batches(rows):
                for batch, weight in pieces(whole, rows):
                    if self.should_stop():
                        return
                    total += weight
                    check_size(self.given, (first + batch.num_rows) * len(self.columns), total)
                    yield first, batch
                    first += batch.num_rows

    def _read(self, rows: int) -> Iterator[Portion]:
        if any(text.is_nested for text in self.texts):
            rows = min(rows, NESTED_ROWS)
        with damage(self.given):
            for first, batch in self.batches(rows):
                yield self._portion(batch, first)

    def _portion(self, batch: pa.RecordBatch, first: int) -> Portion:
        import pyarrow as pa

        cells = [text.write(column) for text, column in zip(self.texts, batch.columns, strict=True)]
        table = pa.RecordBatch.from_arrays(cells, names=list(self.columns))
        if not any(column.null_count for column in cells):
            return Portion(table)
        return _set_aside(table, batch, first)

    def title(self) -> str:
        """What kind of file it is, how many columns it has, and which numbers became labels."""
        columns = len(self.columns)
        kind = f"{self.container.title}, {columns:,} column{'s' if columns != 1 else ''}"
        named = [text.name for text in self.texts if text.is_named]
        return f"{kind}; the numbers in {_listed(named)} are shown as the labels that they stand for" if named else kind

    def _sentence(self) -> str:
        nested = [text.name for text in self.texts if text.is_nested]
        return f"{self.title()}; lists and records in {_listed(nested)} as JSON" if nested else self.title()

    def _doubts(self) -> tuple[str, ...]:
        said = [self.container.doubt] if self.container.doubt else []
        for text in self.texts:
            if text.nulls and text.empties:
                said.append(
                    f"In “{text.name}”, {_cells(text.nulls)} without a value and {_cells(text.empties)} with an empty "
                    "text both stand as empty."
                )
            if text.in_base64:
                said.append(f"In “{text.name}”, {_cells(text.in_base64)} of bytes that are no text stand as base64.")
            if text.unlabelled:
                said.append(
                    f"In “{text.name}”, {_cells(text.unlabelled)} with −1, which means no label, stand as empty."
                )
            if text.unknown_labels:
                said.append(f"In “{text.name}”, {_cells(text.unknown_labels)} with a number that stands for no label.")
        return tuple(said)


def _set_aside(table: pa.RecordBatch, raw: pa.RecordBatch, first: int) -> Portion:
    """The rows of `table` with broken characters apart from the others, as they stand in `raw`."""
    import numpy as np
    import pyarrow as pa

    broken = np.array([np.asarray(column.is_null()) for column in table.columns])
    rejected = []
    for place in np.flatnonzero(broken.any(axis=0)).tolist():
        names = [name for name, is_broken in zip(table.schema.names, broken[:, place], strict=True) if is_broken]
        cells = [
            _shown(column, place) if is_broken else text[place].as_py()
            for column, text, is_broken in zip(raw.columns, table.columns, broken[:, place], strict=True)
        ]
        rejected.append(
            Rejected(first + place, f"Some characters in {_listed(names)} cannot be read.", "\t".join(cells))
        )
    return Portion(table.filter(pa.array(~broken.any(axis=0))), rejected)


def _shown(column: pa.Array, place: int) -> str:
    """A cell with broken characters, with � for each of them as far as it can be shown at all."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column, place = column.dictionary, column.indices[place].as_py()
    if is_nested(column.type) or pa.types.is_run_end_encoded(column.type):
        return "�"
    return str(as_bytes(column)[place].as_py().decode(errors="replace"))


def _no_rows(columns: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([], pa.string()) for _ in columns], names=list(columns))


def _features(schema: pa.Schema) -> Mapping[str, Any]:
    """What the `datasets` library wrote about the columns."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return features if isinstance(features, dict) else {}


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
