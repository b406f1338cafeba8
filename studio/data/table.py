"""A Table: rows as they were in the file, every cell as text, kept as a Parquet snapshot in a folder.

In: a folder written by read.py. Out: columns and rows on demand; nothing is held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.problems import Problem

if TYPE_CHECKING:
    import pyarrow as pa

TABLE_FILE = "table.parquet"
READING_FILE = "reading.json"
REJECTED_FILE = "rejected.parquet"  # columns: line (int64), reason (string), text (string, the raw line)


@dataclass(frozen=True)
class Reading:
    """How a file was read. `kind` is what it was ("delimited", "workbook", "json", "lines", "parquet", "arrow", "text",
    "folder"), `sentence` tells the reading in words; `certain` is 0..1, and `doubts` say in one sentence each what it
    is less certain of. `skip` counts the lines above the table. `part` of `parts` was read, where there was a choice.
    `shape` names a known structure of the rows ("" where there is none; see shapes.py)."""

    file: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True
    rejected: int = 0
    certain: float = 1.0
    sentence: str = ""
    kind: str = "delimited"
    skip: int = 0
    part: str = ""
    parts: tuple[str, ...] = ()
    shape: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`rows` rows of text under `columns`, in `folder`."""

    folder: Path
    columns: tuple[str, ...]
    rows: int
    reading: Reading

    @property
    def numbers(self) -> Sequence[int]:
        """The 0-based numbers of the rows that are used, in order: all but the deleted ones."""
        return range(self.rows)

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The columns as Arrow strings, memory-mapped."""
        import pyarrow.parquet as pq

        return pq.read_table(
            self.folder / TABLE_FILE, columns=list(columns) if columns is not None else None, memory_map=True
        )

    def column(self, name: str) -> list[str]:
        """One column's cells, in row order; an empty cell is ""."""
        if name not in self.columns:
            raise Problem(
                f"There is no column “{name}”.",
                f"The table has: {', '.join(self.columns)}.",
                "Choose one of these columns.",
            )
        return [cell or "" for cell in self.arrow([name]).column(0).to_pylist()]

    def sample(self, rows: int) -> dict[str, list[str]]:
        """About `rows` whole rows by column, evenly over the table; reads a few row groups at most."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.folder / TABLE_FILE, memory_map=True) as file:
            groups = range(0, file.num_row_groups, max(1, file.num_row_groups // 4))
            read = file.read_row_groups(list(groups))
        chosen = read.take(list(range(0, read.num_rows, max(1, read.num_rows // rows))))
        return {name: [cell or "" for cell in chosen[name].to_pylist()] for name in self.columns}

    def rejected(self) -> list[dict[str, object]]:
        """The rows set aside: line number, reason, raw text."""
        import pyarrow.parquet as pq

        path = self.folder / REJECTED_FILE
        return list(pq.read_table(path).to_pylist()) if path.exists() else []


def open_table(folder: Path) -> Table:
    """The Table in a snapshot folder."""
    import pyarrow.parquet as pq

    try:
        values = json.loads((folder / READING_FILE).read_text(encoding="utf-8"))
        meta = pq.read_schema(folder / TABLE_FILE)
        rows = pq.read_metadata(folder / TABLE_FILE).num_rows
    except (OSError, ValueError) as error:
        raise Problem(
            "The imported table cannot be opened.",
            "Its snapshot is missing or damaged.",
            "Import the original file again; it was never changed.",
        ) from error
    known = {f.name for f in fields(Reading)}
    tuples: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    reading = Reading(**{name: value for name, value in tuples.items() if name in known})
    return Table(folder, tuple(meta.names), rows, reading)


def write_reading(folder: Path, reading: Reading) -> None:
    """Write reading.json beside the snapshot."""
    (folder / READING_FILE).write_text(json.dumps(asdict(reading), ensure_ascii=False, indent=1), encoding="utf-8")
