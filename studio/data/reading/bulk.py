"""The fast way through a clean file: DuckDB, told how the cells are set apart.

In: a UTF-8 file and its Dialect. Out: batches of text columns, cell for cell what records.py gives. It gives up
(NotClean) at the first row that does not fit, and on files where DuckDB would read a cell otherwise than it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.data.reading.encoding import CHUNK
from studio.data.reading.records import Dialect

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 100_000  # rows
_MOST_COLUMNS = 1_000  # beyond, reading row by row is faster
_LONGEST_LINE = 8_000_000  # bytes; DuckDB keeps buffers of several times this


class NotClean(Exception):
    """The file has to be read row by row."""


def batches(file: Path, dialect: Dialect, width: int) -> Iterator[pa.RecordBatch]:
    """Every row, a header included, as batches of `width` columns named c0, c1 …; raises NotClean."""
    import duckdb
    import pyarrow as pa

    if width > _MOST_COLUMNS or not _is_safe(file, dialect):
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
    """Whether DuckDB reads this file as it stands: it drops blanks around quotes and after a lone carriage return; a
    name with * or ? would mean several files."""
    if len(dialect.delimiter) != 1 or dialect.skip_blanks or re.search(r"[*?\[\]{}]", str(file)):
        return False
    tail = b"\n"
    with file.open("rb") as stream:
        while block := stream.read(CHUNK):
            if block.endswith(b"\r"):
                block += stream.read(1)
            if block.count(b"\r") != block.count(b"\r\n"):
                return False
            if dialect.quote and _has_blanks_around_quotes(
                tail + block, dialect.delimiter.encode(), dialect.quote.encode()
            ):
                return False
            tail = block[-64:]
    return True


def _has_blanks_around_quotes(data: bytes, sign: bytes, quote: bytes) -> bool:
    """Whether a quoted cell may have blanks before or after its quotes. Patterns begin with plain characters, so that
    the search runs at full speed; a doubled quote before a letter is text inside a cell."""
    ends = sign + b"\r\n"
    between, mark = re.escape(ends), re.escape(quote)
    for found in re.finditer(b" %s(?!%s[^%s%s ])" % (mark, mark, mark, between), data):
        if data[max(0, found.start() - 64) : found.start()].rstrip(b" ")[-1:] in {b"", *_each(ends)}:
            return True
    for found in re.finditer(b"%s +[%s]" % (mark, between), data):
        before = data[max(0, found.start() - 2) : found.start()]
        if not before.endswith(quote) or before[:1] in _each(ends):
            return True
    return False


def _each(values: bytes) -> set[bytes]:
    return {bytes([value]) for value in values}


def _text(value: str) -> str:
    """A value as an SQL text."""
    return "'" + value.replace("'", "''") + "'"
