"""Finding rows by what is written in them.

In: a Table and a text. Out: row numbers. Reads the snapshot piece by piece; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.data.table import TABLE_FILE, Table

PIECE = 65_536  # rows read at once


def find_rows(table: Table, text: str, *, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
    """The 0-based numbers of rows in which any column contains `text`, whatever the case, piece by piece."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    start = 0
    with pq.ParquetFile(table.folder / TABLE_FILE) as file:
        for batch in file.iter_batches(batch_size=PIECE):
            if should_stop():
                return
            hit = None
            for column in batch.columns:
                here = pc.fill_null(pc.match_substring(column, text, ignore_case=True), False)
                hit = here if hit is None else pc.or_(hit, here)
            if hit is not None:
                yield [start + number for number in pc.indices_nonzero(hit).to_pylist()]
            start += batch.num_rows
