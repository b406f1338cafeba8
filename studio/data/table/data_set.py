"""A table as a data set's folder, which `datasets.load_from_disk` opens in any program that learns from it.

In: a Table, and the column that names each row's part. Out: the folder, with a split for each part.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from studio.atomic import atomic_folder
from studio.data.reading.given_parts import Part, part_of
from studio.data.table.pages import open_writer, pieces
from studio.data.table.table import Table
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import pyarrow as pa

_SPLITS: dict[Part, str] = {"training": "train", "watching": "validation", "test": "test"}  # as the hub calls them


def write_data_set(table: Table, folder: Path, *, part: str = "") -> int:
    """Write the rows of `table` that are used, with their edits, into `folder`, which must not be there yet. Where
    every row names its part in the column `part`, the folder holds one split for each; else it holds the rows as one.
    Every column is text. Out: how many rows. Raises a Problem where there are no rows or the folder exists."""
    import datasets

    check_new(folder)
    if not len(table.numbers):
        raise Problem(f"“{folder.name}” cannot be written.", "The table has no rows.", "Choose a file with rows.")
    splits = _splits(table, part)
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        files = _write_parquet(table, Path(scratch), part if splits else "")
        datasets.disable_progress_bars()
        features = datasets.Features({name: datasets.Value("string") for name in table.columns})
        rows = {
            name: datasets.Dataset.from_parquet(str(file), features=features, cache_dir=f"{scratch}/cache-{name}")
            for name, file in files.items()
        }
        with atomic_folder(folder) as temporary:
            (datasets.DatasetDict(rows) if splits else rows["train"]).save_to_disk(str(temporary))
    return len(table.numbers)


def check_new(folder: Path) -> None:
    """Raise a Problem for a folder that is there already; quick, so that it can be asked before long work."""
    if folder.exists():
        raise Problem(
            f"“{folder.name}” is there already.",
            "A data set is written into a folder of its own, and nothing is written over.",
            "Choose a new folder’s name, or an ending such as .csv for a single file.",
            Where(str(folder)),
        )


def _splits(table: Table, part: str) -> bool:
    """Whether each row in use names a part, and more than one of them is named."""
    if part not in table.columns:
        return False
    named = {part_of(cell) for batch in _used(table, [part]) for cell in set(batch.column(0).to_pylist())}
    return None not in named and len(named) > 1


def _write_parquet(table: Table, scratch: Path, part: str) -> dict[str, Path]:
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = pa.schema([(name, pa.string()) for name in table.columns])
    names = list(_SPLITS.values()) if part else ["train"]
    files = {name: scratch / f"{name}.parquet" for name in names}
    filled = set()
    writers = {name: open_writer(file, schema) for name, file in files.items()}
    try:
        for batch in _used(table, table.columns):
            kinds = [_SPLITS[part_of(cell) or "training"] for cell in batch.column(part).to_pylist()] if part else []
            for name in names:
                rows = batch.filter(pc.equal(pa.array(kinds), name)) if part else batch
                if rows.num_rows:
                    writers[name].write_batch(rows)
                    filled.add(name)
    finally:
        for writer in writers.values():
            writer.close()
    return {name: file for name, file in files.items() if name in filled}


def _used(table: Table, columns: list[str] | tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    gone = table.overlay.deleted
    for piece in pieces(table, columns):
        kept = ~np.isin(np.asarray(piece.numbers), gone)
        yield piece.cells if kept.all() else piece.cells.filter(pa.array(kept))
