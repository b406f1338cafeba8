"""How long the check-up takes, check by check, and how much memory it needs.

In: a number of rows (100,000 short ones unless told otherwise), or a CSV. Out: seconds a check (on the clock, and of
processor time, which other programs do not disturb), the first answer, the peak of memory; pandas, datasketch and
scikit-learn doing the like for comparison. The exit code is 1 where the budget is missed.

    python tests/benchmarks/checkup_speed.py
    python tests/benchmarks/checkup_speed.py --rows 20000 --labels 77
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from studio.data.checkup.check_up import QUICK, THOROUGH, check_up
from studio.data.checkup.rows import Rows
from studio.data.checkup.sameness import sameness_key
from studio.data.roles.columns import Columns
from studio.data.table.table import Table
from tests.benchmarks.checkup_planted import NAMES, generated, imported, plant

BUDGET = 30.0  # seconds of processor time for everything
FIRST = 1.0  # seconds for the first answer
MEMORY = 1_000  # MB


def main(argv: Sequence[str] | None = None) -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="The check-up's speed.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=10, help="more labels than topics: a topic is divided")
    parser.add_argument("--alone", action="store_true", help="without the others for comparison")
    wants = parser.parse_args(argv)
    dice = random.Random(0)
    rows = plant(dice, generated(dice, wants.rows), real=False).rows
    parts = max(1, wants.labels // 10)
    for row in rows if parts > 1 else ():
        row[1] += f" {len(row[0].split()[4]) % parts}"
    with tempfile.TemporaryDirectory() as folder:
        table = imported(Path(folder), "rows.csv", NAMES, rows)
        texts = [row[0] for row in rows]
        del rows
        good = whole(table)
        by_check(table)
        if not wants.alone:
            others(texts, table.column("label"))
    return 0 if good else 1


def whole(table: Table) -> bool:
    """The check-up as a person gets it: the seconds to the first answer and to the last, and the memory."""
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
    print(f"{table.rows:,} rows: first answer {first:.2f} s, all {seconds:.1f} s ({busy:.1f} s of processor time), "
          f"memory at its peak {top / 1e6:,.0f} MB, {(top - before) / 1e6:,.0f} MB more than before")  # fmt: skip
    return busy <= BUDGET and (top - before) / 1e6 <= MEMORY


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
