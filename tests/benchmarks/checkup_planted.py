"""Does the check-up find what is wrong, and leave alone what is right? Faults are planted where nothing was wrong.

In: nothing, or a real table with labels. Out: how many planted faults each check finds (recall), how many of the rows
that it names were planted (precision), how many of the clean rows are named by any; the exit code is 1 where a
generated table misses a goal. In a real table rows that were not planted may be at fault, too (there precision is a
lower bound), and a slip in a text of five words makes it another text; there only the ranking of labels is a goal.

    python tests/benchmarks/checkup_planted.py
    python tests/benchmarks/checkup_planted.py --data train.csv --input text --target category
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.data.checkup import suspicious
from studio.data.checkup.check_up import findings
from studio.data.checkup.finding import Finding
from studio.data.checkup.rows import Rows
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_rows
from tests.benchmarks.checkup_rows import TOPICS, address, again, message, nearly

NAMES = ("text", "label", "queue", "minutes", "region", "customer", "number")
PLANTED = {"duplicates": 400, "near_duplicates": 600, "leaks": 100, "near_leaks": 100, "personal": 150, "torn": 40}
FLIPPED = 0.02
REGIONS = ("North", "South", "East", "West")


@dataclass
class Planted:
    """Rows as they end up in the table, the rows of the test file, and which rows each fault is in."""

    rows: list[list[str]]
    test: list[list[str]]
    faults: dict[str, set[int]] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None) -> int:
    """Plant, check, count."""
    parser = argparse.ArgumentParser(description="Planted faults against the check-up.")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--dice", type=int, default=0)
    parser.add_argument("--data", type=Path, help="a UTF-8 CSV with labels, in place of generated rows")
    parser.add_argument("--input", default="text")
    parser.add_argument("--target", default="label")
    wants = parser.parse_args(argv)
    dice = random.Random(wants.dice)
    if wants.data:
        with wants.data.open(encoding="utf-8-sig", newline="") as lines:
            pairs = [(row[wants.input], row[wants.target]) for row in csv.DictReader(lines)]
        planted = plant(dice, [[text, label] for text, label in pairs if text.strip() and label.strip()], real=True)
    else:
        planted = plant(dice, generated(dice, wants.rows), real=False)
    with tempfile.TemporaryDirectory() as folder:
        names = NAMES[: len(planted.rows[0])]
        table = imported(Path(folder), "rows.csv", names, planted.rows)
        test = imported(Path(folder), "test.csv", names, planted.test)
        return told(table, test, planted, is_real=bool(wants.data))


def generated(dice: random.Random, count: int) -> list[list[str]]:
    """Clean rows: a message, its topic, a queue that gives it away, a number that does, and three that do not."""
    rows = []
    topics = list(TOPICS)
    for number in range(count):
        topic = dice.choice(topics)
        queue = f"Q{topics.index(topic if dice.random() < 0.98 else dice.choice(topics)):02}"
        minutes = f"{topics.index(topic) * 10 + dice.random() * 9:.2f}"
        customer = f"C{dice.randrange(count // 4):05}"
        rows.append([message(dice, topic), topic, queue, minutes, dice.choice(REGIONS), customer, str(number)])
    return rows


def plant(dice: random.Random, rows: list[list[str]], *, real: bool) -> Planted:
    """Spoil them: every fault in rows of its own."""
    share = min(1.0, len(rows) / 20_000)
    free = list(range(len(rows)))
    dice.shuffle(free)
    sources = {fault: [free.pop() for _ in range(max(5, round(count * share)))] for fault, count in PLANTED.items()}
    if real:
        del sources["personal"]
    flipped = [free.pop() for _ in range(round(FLIPPED * len(rows)))]
    labels = sorted({row[1] for row in rows})
    marked: list[tuple[list[str], str]] = [(row, "") for row in rows]
    for fault, change in (("duplicates", again), ("near_duplicates", nearly)):
        for source in sources[fault]:
            marked.append(([change(dice, rows[source][0]), *rows[source][1:]], fault))
    for source in sources["torn"]:
        marked.append((_other_label(dice, list(rows[source]), labels), "contradictions"))
        marked[source] = (rows[source], "contradictions")
    test = [
        [f"{message(dice, dice.choice(list(TOPICS)))} ({n})", *rows[n][1:]] for n in range(min(500, len(rows) // 10))
    ]
    for fault, change in (("leaks", again), ("near_leaks", nearly)):
        for source in sources[fault]:
            test.append([change(dice, rows[source][0]), *rows[source][1:]])
            marked[source] = (rows[source], fault)
    for source in flipped:
        marked[source] = (_other_label(dice, list(rows[source]), labels), "suspicious_labels")
    for source in sources.get("personal", ()):
        marked[source] = ([f"{rows[source][0]} {address(dice)}", *rows[source][1:]], "personal")
    # A copy stands anywhere after its source: what repeats is then the copy.
    order = sorted(range(len(marked)), key=lambda place: (place >= len(rows), dice.random()))
    planted = Planted([marked[place][0] for place in order], test)
    for number, place in enumerate(order):
        if fault := marked[place][1]:
            planted.faults.setdefault(fault, set()).add(number)
    return planted


def _other_label(dice: random.Random, row: list[str], labels: Sequence[str]) -> list[str]:
    row[1] = dice.choice([label for label in labels if label != row[1]])
    return row


def imported(folder: Path, name: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The rows as a table."""
    write_rows(folder / name, names, rows)
    list(read_table(folder / name, folder / f"{name} table", ReadOptions("utf-8", ",", '"', True)))
    return open_table(folder / f"{name} table")


def told(table: Table, test: Table, planted: Planted, *, is_real: bool) -> int:
    """Print a line a check; 1 where a goal is missed."""
    columns = Columns("text", "label")
    begun = time.monotonic()
    found = findings(table, columns, kind="classify", test_table=test)
    by_kind = {one.kind: one for one in found}
    print(f"{table.rows:,} rows, checked in {time.monotonic() - begun:.1f} s")
    good = [
        _line("duplicates", by_kind, planted, is_real, 0.99, 0.95, also=("contradictions",)),
        _line("near_duplicates", by_kind, planted, is_real, 0.90, 0.95),
        _line("leaks", by_kind, planted, is_real, 0.99, 0.95),
        _line("near_leaks", by_kind, planted, is_real, 0.90, 0.95),
        _line("contradictions", by_kind, planted, is_real, 0.99, 0.95),
        _line("suspicious_labels", by_kind, planted, is_real, 0.5, 0.5, also=("contradictions",)),
        _ranking(table, columns, planted),
    ]
    if not is_real:
        good += [_columns(found), _personal(by_kind, planted), _clean(found, planted)]
    return 0 if all(good) else 1


def _line(
    fault: str, found: dict[str, Finding], planted: Planted, is_real: bool, recall: float, precision: float,
    also: Sequence[str] = (),
) -> bool:  # fmt: skip
    faults = planted.faults.get(fault, set())
    named = set(found[fault].rows) if fault in found else set()
    right = named & faults
    allowed = set().union(*(planted.faults.get(other, set()) for other in also)) if also else set()
    shares = len(right) / max(1, len(faults)), len(right) / max(1, len(named - allowed))
    is_good = is_real or (shares[0] >= recall and shares[1] >= precision)
    print(f"  {fault:18} planted {len(faults):5,}  named {len(named):5,}  recall {shares[0]:.3f}  "
          f"precision {shares[1]:.3f}{'' if is_good else '  MISSED'}")  # fmt: skip
    return is_good


def _ranking(table: Table, columns: Columns, planted: Planted) -> bool:
    judged = suspicious.judge(Rows(table, columns, "classify", table.numbers), lambda: False)
    if judged is None:
        print("  too little to judge labels by")
        return False
    order = [judged.rows[place] for place in suspicious.ranked(judged)]
    flipped = planted.faults["suspicious_labels"]
    shares = [len(flipped & set(order[: round(part * len(order))])) / len(flipped) for part in (0.02, 0.04, 0.1)]
    print(f"  flipped labels in the most doubtful 2 %: {shares[0]:.1%}, 4 %: {shares[1]:.1%}, 10 %: {shares[2]:.1%}")
    return shares[2] >= 0.7


def _columns(found: Sequence[Finding]) -> bool:
    told = Counter((one.kind, one.column) for one in found if one.kind in {"giveaway", "groups", "uneven", "held"})
    print(f"  columns told: {', '.join(f'{column} ({kind})' for kind, column in sorted(told))}")
    return {("giveaway", "queue"), ("giveaway", "minutes")} == {pair for pair in told if pair[0] == "giveaway"}


def _personal(found: dict[str, Finding], planted: Planted) -> bool:
    named: set[int] = set()
    for kind, one in found.items():
        if kind.startswith("personal") or "mail" in kind or "mail" in one.title:
            named |= set(one.rows)
    faults = planted.faults["personal"]
    right = len(named & faults)
    print(f"  e-mail addresses   planted {len(faults):5,}  named {len(named):5,}  recall {right / len(faults):.3f}  "
          f"precision {right / max(1, len(named)):.3f}")  # fmt: skip
    return len(named & faults) >= 0.99 * len(faults) and len(named - faults) <= 0.05 * len(faults)


def _clean(found: Sequence[Finding], planted: Planted) -> bool:
    spoiled = set().union(*planted.faults.values())
    clean = set(range(len(planted.rows))) - spoiled
    by_kind = {one.kind: len(clean & set(one.rows)) for one in found if one.severity != "good"}
    named = {row for one in found for row in one.rows if one.kind not in {"groups", "uneven"}} & clean
    print(f"  clean rows named: {len(named):,} of {len(clean):,} ({len(named) / len(clean):.2%}) "
          + str({kind: count for kind, count in by_kind.items() if count}))  # fmt: skip
    return len(named) <= 0.01 * len(clean)


if __name__ == "__main__":
    sys.exit(main())
