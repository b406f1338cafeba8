"""How long an import of a million rows takes and how much memory it needs, beside others who read CSV files.

    python -m tests.benchmarks.imports [--rows 1000000] [--rounds 5] [--only studio duckdb] [--head GIGABYTES]

Writes a clean file, one in UTF-16, one with quoted cells of several lines, and one whose last row is broken; every
program reads each of them in a process of its own, in turn, and each round in another order. Prints the median seconds
(imports of libraries aside), the processor's seconds (with imports), the peak of memory and the ratio to DuckDB's bare
`COPY … TO … (FORMAT parquet)`: the median of the rounds' ratios, because the two of a round met the same disturbances,
and its 95 % bootstrap interval. The exit code is 1 where the clean file takes more than 1.5 times as long or 400 MB.
`--head` writes one file of so many gigabytes and measures the preview of its first 200 rows instead; 1 beyond 150 ms.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_TEXT = (
    "the a customer order parcel arrived late yesterday and I would like my money back please tell me how card payment "
    "was declined twice in shop why is größer café naïve to of on at with from when account transfer"
)
WORDS = _TEXT.split()
LABELS = ("refund", "card", "late", "other")
VARIANTS = ("clean", "utf-16", "quoted", "dirty")
MOST_TIMES = 1.5  # of DuckDB's seconds, for the clean file
MOST_MEMORY = 400  # MB
MOST_HEAD = 150  # milliseconds to the first rows of a large file


def lines(rows: int, *, quoted: bool) -> Iterator[str]:
    """A header and rows of a text, a label and a number."""
    chance = random.Random(7)
    yield "text,label,number\n"
    for number in range(rows):
        text = " ".join(chance.choices(WORDS, k=chance.randint(7, 22)))
        if quoted:
            text = f'"{text},\n""{chance.choice(WORDS)}"" they said"'
        yield f"{text},{chance.choice(LABELS)},{number}\n"


def write(file: Path, variant: str, rows: int) -> None:
    """One of the files."""
    encoding = "utf-16" if variant == "utf-16" else "utf-8"
    with file.open("w", encoding=encoding, newline="") as out:
        out.writelines(lines(rows, quoted=variant == "quoted"))
        if variant == "dirty":
            out.write("one cell alone\n")


def ours(file: Path, out: Path, encoding: str) -> tuple[float, int]:
    """Nothing is told: encoding, delimiter, quotes and header are found."""
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    from studio.data.reading.read import read_table
    from studio.events import Imported

    start = time.perf_counter()
    last = list(read_table(file, out))[-1]
    assert isinstance(last, Imported)
    return time.perf_counter() - start, last.rows


def bare_duckdb(file: Path, out: Path, encoding: str) -> tuple[float, int]:
    """As plain as it goes, all columns as text."""
    import duckdb

    start = time.perf_counter()
    with duckdb.connect() as connection:
        query = f"SELECT * FROM read_csv('{file}', all_varchar=true, encoding='{encoding}')"
        try:
            done = connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)").fetchall()
        except duckdb.Error as error:
            raise ValueError from error
    return time.perf_counter() - start, int(done[0][0])


def datasets_library(file: Path, out: Path, encoding: str) -> tuple[float, int]:
    """`load_dataset("csv")` with an empty cache."""
    import datasets

    datasets.disable_progress_bars()
    start = time.perf_counter()
    found = datasets.load_dataset("csv", data_files=str(file), cache_dir=str(out), split="train", encoding=encoding)
    return time.perf_counter() - start, len(found)


def pandas_library(file: Path, out: Path, encoding: str) -> tuple[float, int]:
    """`read_csv` with all columns as text, then `to_parquet`."""
    import pandas as pd

    start = time.perf_counter()
    found = pd.read_csv(file, dtype=str, keep_default_na=False, encoding=encoding)
    found.to_parquet(out)
    return time.perf_counter() - start, len(found)


READERS: dict[str, Callable[[Path, Path, str], tuple[float, int]]] = {
    "studio": ours,
    "duckdb": bare_duckdb,
    "datasets": datasets_library,
    "pandas": pandas_library,
}


def child(reader: str, file: Path, encoding: str) -> None:
    """One measurement, printed as JSON."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        try:
            seconds, rows = READERS[reader](file, Path(folder) / "out", encoding)
        except (ValueError, RuntimeError, OSError) as error:
            print(json.dumps({"refused": type(error).__name__}))
            return
    used = resource.getrusage(resource.RUSAGE_SELF)
    work = used.ru_utime + used.ru_stime
    print(json.dumps({"seconds": seconds, "rows": rows, "peak": used.ru_maxrss / 1024, "work": work}))


def measure(reader: str, file: Path, encoding: str) -> dict[str, float]:
    """Run one reader in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.imports", "--child", reader, str(file), encoding]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(folder: Path, rows: int, rounds: int, readers: Sequence[str]) -> bool:
    """All readers on all files, in turn; whether ours keeps within its bounds on the clean one."""
    is_good = True
    for variant in VARIANTS:
        file = folder / f"{variant}.csv"
        write(file, variant, rows)
        found: dict[str, list[dict[str, float]]] = {reader: [] for reader in readers}
        for number in range(rounds):
            for reader in (*readers[number % len(readers) :], *readers[: number % len(readers)]):
                found[reader].append(measure(reader, file, "utf-16" if variant == "utf-16" else "utf-8"))
        print(f"\n{variant}: {rows:,} rows, {file.stat().st_size / 1e6:.0f} MB, {rounds} rounds")
        base = [one["seconds"] for one in found["duckdb"] if "seconds" in one]
        for reader, results in found.items():
            if "refused" in results[0]:
                print(f"  {reader:9} refuses the file ({results[0]['refused']})")
                continue
            seconds = [one["seconds"] for one in results]
            peak = max(one["peak"] for one in results)
            times, low, high = ratio(seconds, base) if base else (0.0, 0.0, 0.0)
            work = statistics.median(one["work"] for one in results)
            told = f"{times:5.2f} x DuckDB ({low:.2f} to {high:.2f})" if base and reader != "duckdb" else ""
            print(f"  {reader:9} {statistics.median(seconds):6.2f} s ({min(seconds):.2f} to {max(seconds):.2f})  "
                  f"{work:6.2f} s of work  {peak:6.0f} MB  {results[0]['rows']:>9,} rows  {told}")  # fmt: skip
            if reader == "studio" and variant == "clean" and (times > MOST_TIMES or peak > MOST_MEMORY):
                print(f"  MISSED: at most {MOST_TIMES} x DuckDB and {MOST_MEMORY} MB")
                is_good = False
        file.unlink()
    return is_good


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """The median of the rounds' ratios, and its 95 % interval (percentile bootstrap over rounds)."""
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    dice = random.Random(0)
    drawn = sorted(statistics.median(dice.choices(pairs, k=len(pairs))) for _ in range(2_000))
    return statistics.median(pairs), drawn[50], drawn[-51]


def head(folder: Path, gigabytes: float) -> bool:
    """The preview of a very large file; whether it comes in time."""
    from studio.data.reading.read import preview

    file = folder / "large.csv"
    block = "".join(lines(100_000, quoted=False)).split("\n", 1)[1].encode()
    with file.open("wb") as out:
        out.write(b"text,label,number\n")
        while out.tell() < gigabytes * 1e9:
            out.write(block)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        assert len(preview(file).rows) == 200
        times.append(1000 * (time.perf_counter() - start))
    loaded = sorted({name.split(".")[0] for name in sys.modules} & {"duckdb", "pyarrow", "pandas", "numpy", "datasets"})
    print(
        f"{file.stat().st_size / 1e9:.1f} GB: first preview {times[0]:.0f} ms, then {statistics.median(times[1:]):.0f}"
    )
    print(f"libraries imported meanwhile: {', '.join(loaded) or 'none'}")
    file.unlink()
    return statistics.median(times) <= MOST_HEAD


def main() -> int:
    """Read the command line; 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=[*READERS], default=[*READERS], help="DuckDB is always among them")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--head", type=float)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), options.child[2])
        return 0
    readers = [name for name in READERS if name in {*options.only, "duckdb"}]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        if options.head:
            is_good = head(Path(folder), options.head)
        else:
            is_good = compare(Path(folder), options.rows, options.rounds, readers)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
