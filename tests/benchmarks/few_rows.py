"""How well are texts sorted that were learned from few rows of each label? Mean accuracy over several draws.

In: a folder with `train.csv` and `test.csv` (columns text, category), such as banking77. Out: the share of right labels
on all test rows for each draw, and their mean with the spread. A draw takes `--rows` training rows of each label by
chance; `--watching` more of each are the watching rows on which training looks, as in the published figures, whose
validation rows stand beside the few. With `--watching 0` the program sets some of the few apart itself. Everything goes
through studio.flow with default settings. One sitting ends after `--minutes`; call it again with the same `--out`.

With `--unlabelled` the other training rows stand in the table without their label, as in a table of which little was
labelled yet. CPFT has seen them too: its first stage learns from texts of intent data sets without their labels.

    python tests/benchmarks/few_rows.py FOLDER --out WORK [--rows 10] [--unlabelled] [--seeds 10] [--minutes 7]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from studio import flow
from tests.benchmarks.sorting import NOT_YET, READERS, Pairs, Texts, trained

PUBLISHED = (  # 10 rows a label of banking77
    ("RoBERTa + classifier", 84.3),
    ("USE + ConveRT (Casanueva et al. 2020)", 85.2),
    ("CPFT (Zhang et al. 2021)", 87.2),
)


def main(argv: Sequence[str] | None = None) -> int:
    """One sitting."""
    parser = argparse.ArgumentParser(description="Accuracy of sorting texts learned from few rows.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=10, help="training rows of each label")
    parser.add_argument("--watching", type=int, default=2, help="watching rows of each label, beside them")
    parser.add_argument("--unlabelled", action="store_true", help="the other training rows stand there without a label")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--draws", type=int, nargs=2, metavar=("FIRST", "END"), help="only these in this sitting")
    parser.add_argument("--preset", default="balanced")
    parser.add_argument("--minutes", type=float, default=7.0)
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE")
    wants = parser.parse_args(argv)
    whole = READERS["banking77"](wants.folder)
    until, name = time.monotonic() + 60 * wants.minutes, f"few-{wants.rows}-{wants.watching}-{wants.preset}"
    name += "-unlabelled" if wants.unlabelled else ""
    wants.out.mkdir(parents=True, exist_ok=True)
    for seed in range(*(wants.draws or (0, wants.seeds))):
        run, result = wants.out / f"{name}-{seed}", wants.out / f"{name}-{seed}.json"
        if result.exists():
            continue
        settings = [f"training.preset={wants.preset}", f"training.seed={seed}", *wants.set]
        texts = drawn(whole, wants.rows, wants.watching, seed, with_others=wants.unlabelled)
        if time.monotonic() > until or not trained(run, texts, settings, until):
            print("not at its end yet, call it again", flush=True)
            break
        found = accuracy(run, whole.test)
        result.write_text(json.dumps(found), encoding="utf-8")
        print(f"draw {seed}: {100 * found:.2f} % right of {len(whole.test):,} test rows", flush=True)
    results = (wants.out / f"{name}-{seed}.json" for seed in range(wants.seeds))
    return report([json.loads(file.read_text(encoding="utf-8")) for file in results if file.exists()], wants.seeds)


def drawn(whole: Texts, rows: int, watching: int, seed: int, *, with_others: bool) -> Texts:
    """So many rows of each label by chance to learn from, and so many others to watch; with the texts of all others."""
    dice, training, beside, others = random.Random(seed), Pairs(), Pairs(), list[str]()
    for label in sorted({label for _, label in whole.training}):
        own = [pair for pair in whole.training if pair[1] == label]
        dice.shuffle(own)
        training += own[:rows]
        beside += own[rows : rows + watching]
        others += [text for text, _ in own[rows + watching :]]
    return Texts(training, beside, whole.test, tuple(others) if with_others else ())


def accuracy(run: Path, test: Pairs) -> float:
    """The share of test texts whose likeliest label is theirs."""
    found = flow.sort_texts(flow.open_tuned(run), [text for text, _ in test])
    return sum(next(iter(shares)) == label for shares, (_, label) in zip(found, test, strict=True)) / len(test)


def report(known: Sequence[float], seeds: int) -> int:
    """Print the mean of what is known so far; 0 where every draw is there."""
    shares = [100 * value for value in known]
    spread = statistics.stdev(shares) if len(shares) > 1 else 0.0
    if shares:
        print(f"{len(shares)} of {seeds} draws: mean {statistics.mean(shares):.2f} %, one draw varies by {spread:.2f}")
        for name, score in PUBLISHED:
            print(f"     {name:40} {score:.1f}")
    return 0 if len(shares) >= seeds else NOT_YET


if __name__ == "__main__":
    sys.exit(main())
