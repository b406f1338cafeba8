"""Rows to a file that reads back as it was: .csv, .tsv, .jsonl or .parquet, whole or not there.

In: column names and rows of text. Out: the file. In CSV and TSV every cell is quoted, so that no reader has to guess
where one ends and none takes "007" or "NA" for something else; in JSON Lines every row is an object of texts.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from studio.atomic import atomic_file
from studio.data.table.pages import pieces
from studio.data.table.table import REJECTED_FILE, Table
from studio.problems import Problem, Where

_BATCH = 20_000  # rows held at once for Parquet
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def write_rows(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write `columns` and `rows` in the format that the file's ending names; another ending is a Problem."""
    check_ending(file)
    ending = file.suffix.lower()
    with atomic_file(file) as temporary:
        if ending == ".parquet":
            _write_parquet(temporary, columns, rows)
        elif ending == ".jsonl":
            _write_objects(temporary, columns, rows)
        else:
            _write_text(temporary, columns, rows, _DELIMITERS[ending])


def check_ending(file: Path) -> None:
    """Raise a Problem for a name that no table can be written to; quick, so that it can be asked before long work."""
    ending = file.suffix.lower()
    if ending not in {*_DELIMITERS, ".jsonl", ".parquet"}:
        raise Problem(
            f"“{file.name}” cannot be written.",
            f"Tables are written as .csv, .tsv, .jsonl or .parquet, not as “{ending or 'no ending'}”.",
            "Choose one of these endings.",
            Where(str(file)),
        )


def write_table(table: Table, file: Path) -> int:
    """Write the rows of a table that are used, with their edits, as write_rows does, piece by piece. Out: how many."""
    write_rows(file, table.columns, _used(table))
    return len(table.numbers)


def _used(table: Table) -> Iterator[tuple[str, ...]]:
    gone = set(table.overlay.deleted.tolist())
    for piece in pieces(table, table.columns):
        rows = zip(*(column.to_pylist() for column in piece.cells.columns), strict=True)
        yield from (row for number, row in zip(piece.numbers, rows, strict=True) if number not in gone)


def write_rejected(table: Table, file: Path) -> int:
    """Write the rows that are set aside: their line (or row number) in the original, the reason, and the raw text, as
    write_rows does. Out: how many."""
    import pyarrow.parquet as pq

    path, count = table.folder / REJECTED_FILE, 0
    gone = {edit.aside for edit in table.taken}

    def rows() -> Iterator[tuple[str, str, str]]:
        nonlocal count
        if path.exists():
            with pq.ParquetFile(path) as aside:
                place = 0
                for batch in aside.iter_batches(_BATCH, columns=["line", "reason", "text"]):
                    for line, reason, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        if place not in gone:
                            count += 1
                            yield str(line), reason, text
                        place += 1

    write_rows(file, ("line", "reason", "text"), rows())
    return count


def _write_objects(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n")


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
