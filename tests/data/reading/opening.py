"""Opens the files that tests write, with the real readers, by their endings."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from studio.data.reading.delimited.delimited import open_delimited
from studio.data.reading.options import ReadOptions
from studio.data.reading.records.columnar import open_columnar
from studio.data.reading.source import Given, Rejected, Source
from studio.data.reading.text.plain import open_text
from studio.data.table.table import Reading


def open_one(file: Path) -> Source:
    given = Given(file, file, file.name)
    if file.suffix in {".parquet", ".arrow", ".feather"}:
        return open_columnar(given)
    if file.suffix in {".csv", ".tsv"} or "\t" in file.read_text():
        return open_delimited(given, ReadOptions())
    return open_text(given)


def rows_of(source: Source) -> tuple[list[tuple[str, ...]], list[Rejected], Reading]:
    """Every row that stays, every row set aside, and how it was read."""
    rows: list[tuple[str, ...]] = []
    rejected: list[Rejected] = []
    for portion in source.portions():
        if portion.again:
            rows, rejected = [], []
        if isinstance(portion.rows, pa.RecordBatch):
            rows += zip(*(column.to_pylist() for column in portion.rows.columns), strict=True)
        else:
            rows += [tuple(row) for row in portion.rows]
        rejected += portion.rejected
    assert all(len(row) == len(source.columns) for row in rows)
    return rows, rejected, source.reading(len(rejected))
