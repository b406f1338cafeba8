"""One column at a glance: how much of it is filled, what stands in it most, how long the texts are.

In: a Table and a column. Out: a Summary of the rows that are used. DuckDB counts over the snapshot itself; only where
edits or deleted rows change the column it is given the cells piece by piece.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from studio.data.table.edits import missing_column
from studio.data.table.pages import pieces
from studio.data.table.table import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_VALUES = 20
MOST_BINS = 20
NUMBERS = 0.95  # share of the filled cells that are numbers, from which on a column is summed up as numbers too
_EXACT = 2_000_000  # different texts that are counted exactly
_FEW = 50_000  # different texts that are counted by themselves, not by a sum over each
_BLANKS = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                            0x202F, 0x205F, 0x3000]))  # fmt: skip
_LOOK = 0.05  # seconds between two questions whether to stop


@dataclass(frozen=True)
class Bin:
    """How many (`count`) lie from `low` up to `high`. Of lengths both ends are in it; of numbers the upper end belongs
    to the next bin, where there is one. The first and the last bin reach to what lies far outside."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Lengths:
    """Lengths of the filled cells in characters (code points)."""

    least: int
    median: int
    p95: int
    most: int
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Numbers:
    """The cells that are numbers; `others` are filled with something else."""

    count: int
    others: int
    least: float
    median: float
    mean: float
    most: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Summary:
    """`filled` cells and `empty` ones (nothing but blanks), how many different texts are among the filled (`distinct`,
    estimated within a few percent where it `is_estimate`), the most frequent with their counts (up to 20; where there
    are more, only what stands there more than once), and what their lengths and numbers are."""

    column: str
    filled: int
    empty: int
    distinct: int
    is_estimate: bool
    values: tuple[tuple[str, int], ...]
    lengths: Lengths | None
    numbers: Numbers | None


def summarise(table: Table, column: str, should_stop: Callable[[], bool] = lambda: False) -> Summary | None:
    """The Summary of one column; None after a stop."""
    if column not in table.columns:
        raise missing_column(column, table.columns)
    with _connected(should_stop) as connection:
        _offer_cells(connection, table, column, should_stop)
        found = _counted(connection, column)
    return None if should_stop() else found


@contextmanager
def _connected(should_stop: Callable[[], bool]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own: two threads, half a gigabyte, nothing loaded or fetched. A query that is under way is ended
    when `should_stop` says so; nothing more follows in the block then."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 2,
        "memory_limit": "512MB",
    }
    done = Event()
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch, duckdb.connect(config=config) as connection:
        connection.execute("SET temp_directory = " + _text(scratch))

        def watch() -> None:
            while not done.wait(_LOOK):
                if should_stop():
                    connection.interrupt()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield connection
        except duckdb.InterruptException:
            if not should_stop():
                raise
        finally:
            done.set()
            watcher.join()


def _offer_cells(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, should_stop: Callable[[], bool]
) -> None:
    """Make the column's cells known as cells(cell)."""
    import pyarrow as pa

    changed = column in table.overlay.columns or len(table.overlay.deleted)
    alike = sum(name.lower() == column.lower() for name in table.columns) > 1  # DuckDB takes them for the same
    if not (changed or alike or set("*?[]{}") & set(str(table.file))):
        name = '"' + column.replace('"', '""') + '"'
        connection.execute(
            f"CREATE VIEW cells AS SELECT coalesce({name}, '') AS cell FROM read_parquet({_text(str(table.file))})"
        )
        return
    schema = pa.schema([("cell", pa.string())])
    edited = pa.RecordBatchReader.from_batches(schema, _used_cells(table, column, should_stop))
    connection.register("edited", edited)
    connection.execute("CREATE TEMP TABLE cells AS SELECT cell FROM edited")


def _used_cells(table: Table, column: str, should_stop: Callable[[], bool]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    used = np.ones(table.rows, np.bool_)
    used[table.overlay.deleted] = False
    for piece in pieces(table, [column], should_stop=should_stop):
        here = used[piece.start : piece.start + piece.cells.num_rows]
        yield piece.cells.filter(pa.array(here)).rename_columns(["cell"])


_FILLED = "CASE WHEN unicode(cell) BETWEEN 33 AND 132 THEN true ELSE trim(cell, {blanks}) <> '' END"
# The numbers of values.COMPUTED, as the database reads them itself, which is several times faster than by a pattern.
_NUMBER = "CASE WHEN unicode(cell) BETWEEN 43 AND 57 OR unicode(cell) = 32 THEN try_cast(cell AS DOUBLE) END"


def _counted(connection: duckdb.DuckDBPyConnection, column: str) -> Summary:
    """One pass for what can be counted on the way, one for the different texts, one for the numbers where they are."""
    filled_here = _FILLED.format(blanks=_text(_BLANKS))
    rows, about, numbers, by_length = _one(
        connection,
        f"SELECT count(*), approx_count_distinct(cell) FILTER (f), count({_NUMBER}) FILTER (f), "
        f"histogram(length(cell)) FILTER (f) FROM (SELECT cell, {filled_here} AS f FROM cells)",
    )
    counts = {int(length): int(count) for length, count in (by_length or {}).items()}
    filled = sum(counts.values())
    source = f"(SELECT cell FROM cells WHERE {filled_here})"
    distinct, values = _values(connection, source, min(about, filled)) if filled else (0, [])
    return Summary(
        column,
        filled,
        rows - filled,
        distinct if distinct is not None else min(about, filled),
        distinct is None,
        tuple(values),
        _lengths(counts) if filled else None,
        _numbers(connection, source, filled) if filled and numbers >= NUMBERS * filled else None,
    )


def _values(connection: duckdb.DuckDBPyConnection, source: str, about: int) -> tuple[int | None, list[tuple[str, int]]]:
    """How many different texts there are (None: too many to count), and the most frequent."""
    if about <= _FEW:
        groups = f"(SELECT cell, count(*) AS n FROM {source} GROUP BY cell)"
        distinct = _one(connection, f"SELECT count(*) FROM {groups}")[0]
        top = connection.execute(f"SELECT cell, n FROM {groups} ORDER BY n DESC, cell LIMIT {MOST_VALUES}").fetchall()
        return distinct, [(text, n) for text, n in top if n > 1 or distinct <= MOST_VALUES]
    if about <= _EXACT:
        connection.execute(f"CREATE TEMP TABLE sums AS SELECT hash(cell) AS h, count(*) AS n FROM {source} GROUP BY h")
        distinct = _one(connection, "SELECT count(*) FROM sums")[0]
        wanted = connection.execute(f"SELECT h FROM sums WHERE n > 1 ORDER BY n DESC, h LIMIT {MOST_VALUES}").fetchall()
        if not wanted:
            return distinct, []
        test = f"hash(cell) IN ({', '.join(str(h) for (h,) in wanted)})"
    else:
        distinct = None
        connection.execute(
            f"CREATE TEMP TABLE likely AS SELECT unnest(approx_top_k(cell, {2 * MOST_VALUES})) AS cell FROM {source}"
        )
        test = "cell IN (SELECT cell FROM likely)"
    top = connection.execute(
        f"SELECT cell, count(*) AS n FROM {source} WHERE {test} GROUP BY cell HAVING n > 1 "
        f"ORDER BY n DESC, cell LIMIT {MOST_VALUES}"
    ).fetchall()
    return distinct, top


def _lengths(counts: dict[int, int]) -> Lengths:
    import numpy as np

    sizes = np.array(sorted(counts))
    each = np.array([counts[size] for size in sizes.tolist()])
    upto = np.cumsum(each)
    at = [int(sizes[np.searchsorted(upto, share * upto[-1])]) for share in (0.5, 0.95, 0.99)]
    edges = bin_edges(int(sizes[0]), at[2], least=1)
    bins = []
    for place, low in enumerate(edges[:-1]):
        is_last = place == len(edges) - 2
        inside = (sizes >= low) & (is_last | (sizes < edges[place + 1]))
        bins.append(Bin(low, max(edges[place + 1] - 1, sizes[-1].item() if is_last else 0), int(each[inside].sum())))
    return Lengths(int(sizes[0]), at[0], at[1], int(sizes[-1]), tuple(bins))


def _numbers(connection: duckdb.DuckDBPyConnection, source: str, filled: int) -> Numbers | None:
    numbers = f"(SELECT {_NUMBER} AS x FROM {source})"
    count, least, most, mean, shares = _one(
        connection,
        "SELECT count(*), min(x), max(x), avg(x), quantile_cont(x, [0.01, 0.5, 0.99]) "
        f"FROM {numbers} WHERE isfinite(x)",
    )
    if not count:
        return None
    # Where few numbers lie far outside, the bins are made for the others.
    is_wide = most - least > 5 * (shares[2] - shares[0]) > 0
    edges = bin_edges(*((shares[0], shares[2]) if is_wide else (least, most)))
    place = f"floor((x - {edges[0]!r}) / {edges[1] - edges[0]!r})"
    found = dict(
        connection.execute(
            f"SELECT greatest(0, least({len(edges) - 2}, {place}))::INTEGER AS bin, count(*) "
            f"FROM {numbers} WHERE isfinite(x) GROUP BY bin"
        ).fetchall()
    )
    lows = [min(edges[0], least), *edges[1:-1]]
    highs = [*edges[1:-1], max(edges[-1], most)]
    bins = tuple(Bin(low, high, found.get(place, 0)) for place, (low, high) in enumerate(zip(lows, highs, strict=True)))
    return Numbers(count, filled - count, least, shares[1], mean, most, bins)


def bin_edges(low: float, high: float, *, least: float = 0.0) -> list[float]:
    """Edges of at most 20 equal bins from at or below `low` to above `high`, at multiples of 1, 2 or 5 times a power of
    ten, which is not below `least`."""
    step = max((high - low) / MOST_BINS, least, abs(high) * 1e-9, 1e-300)
    power = 10.0 ** math.floor(math.log10(step))
    for step in (factor * power for factor in (1, 2, 5, 10, 20, 50)):
        first, last = math.floor(low / step), math.floor(high / step) + 1
        if last - first <= MOST_BINS and step >= least:
            break
    edges = [place * step for place in range(first, last + 1)]
    return [round(edge) for edge in edges] if step >= 1 else [float(f"{edge:.12g}") for edge in edges]


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Sequence[Any]:
    return connection.execute(query).fetchall()[0]


def _text(value: str) -> str:
    """A value as an SQL text."""
    return "'" + value.replace("'", "''") + "'"
