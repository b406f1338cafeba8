"""Rows to a file that reads back as it was: .csv, .tsv or .parquet, whole or not there.

In: column names and rows of text. Out: the file. In CSV and TSV every cell is quoted, so that no reader has to guess
where one ends and none takes "007" or "NA" for something else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from studio.atomic import atomic_file
from studio.problems import Problem, Where

_BATCH = 20_000  # rows held at once for Parquet
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def write_rows(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write `columns` and `rows` in the format that the file's ending names; another ending is a Problem."""
    ending = file.suffix.lower()
    if ending not in {*_DELIMITERS, ".parquet"}:
        raise Problem(
            f"“{file.name}” cannot be written.",
            f"Tables are written as .csv, .tsv or .parquet, not as “{ending or 'no ending'}”.",
            "Choose one of these endings.",
            Where(str(file)),
        )
    with atomic_file(file) as temporary:
        if ending == ".parquet":
            _write_parquet(temporary, columns, rows)
        else:
            _write_text(temporary, columns, rows, _DELIMITERS[ending])


def _write_text(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _write_parquet(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in columns])
    remaining = iter(rows)
    with pq.ParquetWriter(file, schema) as writer:
        while portion := list(islice(remaining, _BATCH)):
            cells = [pa.array(column, pa.string()) for column in zip(*portion, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(cells, schema=schema))
