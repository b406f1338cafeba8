"""How long the check-up takes, check by check, and how much memory it needs.

In: a number of rows (100,000 short ones unless told otherwise), or a CSV. Out: seconds a check (on the clock, and of
processor time, which other programs do not disturb), the first answer, the peak of memory; pandas, datasketch and
scikit-learn doing the like for comparison. The whole is measured several times, each in a process of its own; the exit
code is 1 where the median is beyond the budget.

    python -m tests.benchmarks.checkup_speed
    python -m tests.benchmarks.checkup_speed --rows 20000 --labels 77
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from studio.data.checkup.check_up import QUICK, THOROUGH, check_up
from studio.data.checkup.rows import Rows
from studio.data.checkup.sameness import sameness_key
from studio.data.roles.columns import Columns
from studio.data.table.table import Table, open_table
from tests.benchmarks.checkup_planted import NAMES, generated, imported, plant

BUDGET = 30.0  # seconds of processor time for everything
MEMORY = 1_000  # MB
TOLD = {
    "first": "first answer", "seconds": "all", "busy": "all", "peak": "memory at its peak", "more": "more than before",
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="The check-up's speed.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=10, help="more labels than topics: a topic is divided")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="only the whole check-up")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    wants = parser.parse_args(argv)
    if wants.child:
        print(json.dumps(whole(open_table(wants.child))._asdict()))
        return 0
    dice = random.Random(0)
    rows = plant(dice, generated(dice, wants.rows)).rows
    parts = max(1, wants.labels // 10)
    for row in rows if parts > 1 else ():
        row[1] += f" {len(row[0].split()[4]) % parts}"
    with tempfile.TemporaryDirectory() as folder:
        table = imported(Path(folder), "rows.csv", NAMES, rows)
        texts = [row[0] for row in rows]
        del rows
        good = told(table, [in_a_child(table.folder) for _ in range(wants.rounds)])
        if not wants.alone:
            by_check(table)
            others(texts, table.column("label"))
    return 0 if good else 1


class Took(NamedTuple):
    """Seconds to the first answer and to the last on the clock, the processor's seconds, MB at the peak and more than
    before."""

    first: float
    seconds: float
    busy: float
    peak: float
    more: float


def in_a_child(folder: Path) -> Took:
    """The check-up of a snapshot in a process of its own, so that no round profits from another one's memory."""
    command = [sys.executable, "-m", "tests.benchmarks.checkup_speed", "--child", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


def told(table: Table, took: Sequence[Took]) -> bool:
    """Print the medians with their ranges; whether they keep within the bounds."""
    print(f"{table.rows:,} rows, {len(took)} rounds")
    median = {}
    for name, unit in (
        ("first", "s"),
        ("seconds", "s"),
        ("busy", "s of processor time"),
        ("peak", "MB"),
        ("more", "MB"),
    ):
        values = sorted(getattr(one, name) for one in took)
        median[name] = statistics.median(values)
        print(f"  {TOLD[name]:24} {median[name]:8,.1f} {unit} ({values[0]:,.1f} to {values[-1]:,.1f})")
    good = median["busy"] <= BUDGET and median["more"] <= MEMORY
    if not good:
        print(f"  MISSED: at most {BUDGET:.0f} s of processor time and {MEMORY:,} MB more than before")
    return good


def whole(table: Table) -> Took:
    """The check-up as a person gets it."""
    process = psutil.Process()
    before = peak = process.memory_info().rss
    begun, cpu = time.monotonic(), time.process_time()
    first = 0.0
    for stage in check_up(table, Columns("text", "label"), kind="classify"):
        first = first or time.monotonic() - begun
        peak = max(peak, process.memory_info().rss)
        if stage.is_last:
            break
    seconds, busy = time.monotonic() - begun, time.process_time() - cpu
    top = max(peak, _peak())
    return Took(first, seconds, busy, top / 1e6, (top - before) / 1e6)


def by_check(table: Table) -> None:
    """Every check alone; what they share is made by the first that needs it."""
    rows = Rows(table, Columns("text", "label"), "classify", table.numbers)
    for check in (*QUICK, *THOROUGH):
        with clocked(check.__module__.rpartition(".")[2]):
            list(check(rows, lambda: False))


def others(texts: Sequence[str], labels: Sequence[str]) -> None:
    """What people use for single questions."""
    import pandas as pd
    from datasketch import MinHash, MinHashLSH
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    with clocked("pandas drop_duplicates (exact only)"):
        pd.DataFrame({"text": texts}).drop_duplicates()
    some = [sameness_key(text) for text in texts[:5_000]]
    with clocked(f"datasketch near duplicates of {len(some):,} rows"):
        shingles = [{text[at : at + 3].encode() for at in range(len(text))} for text in some]
        signatures = MinHash.bulk(shingles, num_perm=64)
        index = MinHashLSH(num_perm=64, params=(16, 4))
        for number, signature in enumerate(signatures):
            index.insert(number, signature)
            index.query(signature)
    with clocked("scikit-learn tf-idf, logistic regression, 3 folds, of 5,000 rows"):
        vectors = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts[:5_000])
        cross_val_predict(LogisticRegression(), vectors, labels[:5_000], cv=3, method="predict_proba")


@contextmanager
def clocked(what: str) -> Iterator[None]:
    """Print what something took."""
    begun, cpu = time.monotonic(), time.process_time()
    yield
    print(f"  {what:68} {time.monotonic() - begun:7.2f} s  {time.process_time() - cpu:7.2f} s of processor time")


def _peak() -> int:
    """The most memory that this process ever had, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    unit: Callable[[int], int] = (lambda kb: kb) if sys.platform == "darwin" else (lambda kb: kb * 1024)
    return unit(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    sys.exit(main())
