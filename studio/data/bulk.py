"""The fast way through a clean file: DuckDB, told how the cells are set apart.

In: a UTF-8 file and its Dialect. Out: batches of text columns, cell for cell what records.py gives. It gives up
(NotClean) at the first row that does not fit, and on files where DuckDB would read a cell otherwise than it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.data.encoding import CHUNK
from studio.data.records import Dialect

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 100_000  # rows
_LONGEST_LINE = 8_000_000  # bytes; DuckDB keeps buffers of several times this


class NotClean(Exception):
    """The file has to be read row by row."""


def batches(file: Path, dialect: Dialect, width: int) -> Iterator[pa.RecordBatch]:
    """Every row, a header included, as batches of `width` columns named c0, c1 …; raises NotClean."""
    import duckdb
    import pyarrow as pa

    if not _is_safe(file, dialect):
        raise NotClean
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    cells = ", ".join(f"coalesce(c{i}, '') AS c{i}" for i in range(width))
    query = (
        f"SELECT {cells} FROM read_csv({_text(str(file))}, auto_detect=false, columns={{{columns}}}, "
        f"delim={_text(dialect.delimiter)}, quote={_text(dialect.quote)}, escape={_text(dialect.quote)}, "
        f"header=false, strict_mode=true, null_padding=false, comment='', compression='none', "
        f"max_line_size={_LONGEST_LINE})"
    )
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        try:
            yield from connection.sql(query).to_arrow_reader(BATCH)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise NotClean from error


def _is_safe(file: Path, dialect: Dialect) -> bool:
    """Whether DuckDB reads this file as it stands: it drops blanks around quotes, and skips empty rows of one
    column; a name with * or ? would mean several files."""
    if len(dialect.delimiter) != 1 or dialect.skip_blanks or re.search(r"[*?\[\]{}]", str(file)):
        return False
    if not dialect.quote:
        return True
    sign, quote = re.escape(dialect.delimiter.encode()), re.escape(dialect.quote.encode())
    odd = re.compile(
        rb"[%s\r\n] +%s(?!%s[^%s%s\r\n ])|[^%s]%s +[%s\r\n]" % (sign, quote, quote, sign, quote, quote, quote, sign)
    )
    tail = b"\n"
    with file.open("rb") as stream:
        while block := stream.read(CHUNK):
            if odd.search(tail + block):
                return False
            tail = block[-64:]
    return True


def _text(value: str) -> str:
    """A value as an SQL text."""
    return "'" + value.replace("'", "''") + "'"
