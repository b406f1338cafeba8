"""Rows to Parquet: the table, the rows set aside, and how the file was read.

In: a Plan and an empty folder. Out: the snapshot's three files, and how many rows are written so far. Clean files go
through DuckDB (bulk.py), others row by row (records.py), with the same result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studio.data.reading import bulk
from studio.data.reading.encoding import CHUNK
from studio.data.reading.plan import Plan, settled, undecodable
from studio.data.reading.source import Rejected
from studio.data.table import REJECTED_FILE, TABLE_FILE, write_reading

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 20_000  # rows that are held while reading row by row
_COPY = "text.utf8"


class Written(NamedTuple):
    """So far: rows kept and rows set aside."""

    rows: int
    rejected: int


def write_snapshot(plan: Plan, folder: Path) -> Iterator[Written]:
    """Write the whole snapshot into `folder`; the last Written holds the totals."""
    try:
        written = Written(0, 0)
        for written in _bulk(plan, folder):
            yield written
    except bulk.NotClean:
        plan = settled(plan)
        written = Written(0, 0)
        for written in _row_by_row(plan, folder):
            yield written
    write_reading(folder, plan.reading(written.rejected))
    yield written


def _bulk(plan: Plan, folder: Path) -> Iterator[Written]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not plan.dialect.delimiter or len(plan.columns) != plan.width:
        raise bulk.NotClean
    schema, rows = _schema(plan.columns), 0
    file = _as_utf8(plan, folder / _COPY)
    try:
        with pq.ParquetWriter(folder / TABLE_FILE, schema) as writer:
            for number, batch in enumerate(bulk.batches(file, plan.dialect, plan.width)):
                kept = batch.slice(1) if number == 0 and plan.has_header else batch
                writer.write_batch(pa.RecordBatch.from_arrays(kept.columns, schema=schema))
                rows += kept.num_rows
                yield Written(rows, 0)
    finally:
        (folder / _COPY).unlink(missing_ok=True)
    with pq.ParquetWriter(folder / REJECTED_FILE, _rejected_schema()):
        pass


def _as_utf8(plan: Plan, copy: Path) -> Path:
    """The file itself where it is UTF-8, else a copy in UTF-8; raises NotClean for bytes that do not fit."""
    if plan.encoding.name in {"utf-8", "utf-8-sig"}:
        return plan.file
    try:
        with plan.open() as source, copy.open("w", encoding="utf-8", newline="") as out:
            while text := source.read(CHUNK):
                out.write(text)
    except UnicodeError as error:
        raise bulk.NotClean from error
    return copy


def _row_by_row(plan: Plan, folder: Path) -> Iterator[Written]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, rejected_schema = _schema(plan.columns), _rejected_schema()
    rows = rejected = 0
    with (
        plan.open() as lines,
        pq.ParquetWriter(folder / TABLE_FILE, schema) as table,
        pq.ParquetWriter(folder / REJECTED_FILE, rejected_schema) as aside,
    ):
        for kept, bad in _batches(plan, lines):
            if kept:
                table.write_batch(_batch(kept, schema))
            if bad:
                aside.write_batch(
                    pa.RecordBatch.from_arrays(
                        [pa.array(column) for column in zip(*bad, strict=True)], schema=rejected_schema
                    )
                )
            rows, rejected = rows + len(kept), rejected + len(bad)
            yield Written(rows, rejected)


def _batches(plan: Plan, lines: Iterator[str]) -> Iterator[tuple[list[list[str]], list[tuple[int, str, str]]]]:
    """Rows kept and rows set aside, in portions."""
    kept: list[list[str]] = []
    bad: list[tuple[int, str, str]] = []
    try:
        for record in plan.records(lines):
            if isinstance(record, Rejected):
                bad.append((record.line, record.reason, record.text))
            else:
                kept.append(record)
            if len(kept) + len(bad) == _BATCH:
                yield kept, bad
                kept, bad = [], []
    except UnicodeError as error:
        raise undecodable(plan.file, plan.encoding) from error
    yield kept, bad


def _batch(rows: Sequence[list[str]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    columns += [pa.array([""] * len(rows), pa.string())] * (len(schema) - len(columns))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _schema(columns: Sequence[str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(name, pa.string()) for name in columns])


def _rejected_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
