"""Does the check-up find what is wrong, and leave alone what is right? Faults are planted where nothing was wrong.

In: nothing, or real tables with labels. Out: a table with, for each check, how many planted faults it finds (recall)
and how many of the rows that it names were planted (precision), generated rows beside the real ones; how many flipped
labels stand in the most doubtful tenth; how many clean rows are named by any. The exit code is 1 where a goal is
missed. In a real table rows that were not planted may be at fault, too: there precision is a lower bound and no goal.
Answers are cut by the tokens of a model that is on this computer; its tokenizer is read, not the model.

    python -m tests.benchmarks.checkup_planted
    python -m tests.benchmarks.checkup_planted --real banking.csv text category --real reviews.tsv review stars
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from studio.data.checkup import suspicious
from studio.data.checkup.check_up import findings
from studio.data.checkup.finding import Finding
from studio.data.checkup.rows import Rows
from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_rows
from studio.models.catalog import find_model
from studio.tasks.example import Example, Turn
from studio.tokens.cuts import cut_findings
from studio.tokens.tokenizer import Tokenizer
from tests.benchmarks.checkup_rows import TOPICS, address, again, message, nearly

NAMES = ("text", "label", "queue", "minutes", "region", "customer", "number")
PLANTED = {"duplicates": 400, "near_duplicates": 600, "leaks": 100, "near_leaks": 100, "personal": 150, "torn": 40}
FLIPPED = 0.02
REGIONS = ("North", "South", "East", "West")
CUT_AT = 120  # tokens
GOALS = {  # recall and precision in generated rows
    "duplicates": (0.99, 0.95), "near_duplicates": (0.95, 0.95), "leaks": (0.99, 0.95), "near_leaks": (0.95, 0.95),
    "contradictions": (0.99, 0.95), "suspicious_labels": (0.5, 0.5), "personal": (0.99, 0.95),
    "cut": (0.99, 0.95), "answer_cut": (0.99, 0.95),
}  # fmt: skip
ALSO = {
    "duplicates": ("contradictions",),
    "suspicious_labels": ("contradictions",),
}  # named by a check with good reason
REAL_RECALL = 0.95
TOP_TENTH, CLEAN = 0.7, 0.01
GOAL_WORDS = {
    **{fault: f"{recall} / {precision}" for fault, (recall, precision) in GOALS.items()},
    "flipped labels": f"{TOP_TENTH:.0%}", "clean rows named": f"<= {CLEAN:.0%}",
}  # fmt: skip


class Measure(NamedTuple):
    """One figure in words, what it is about, and whether it meets its goal."""

    what: str
    told: str
    is_good: bool


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
    parser.add_argument("--real", nargs=3, action="append", default=[], metavar=("FILE", "TEXT", "LABEL"),
                        help="a file with labels, and its two columns; may be given several times")  # fmt: skip
    parser.add_argument("--model", default="", help="whose tokens cut answers: a name or a folder; else the starter")
    wants = parser.parse_args(argv)
    dice = random.Random(wants.dice)
    found = {"generated": checked(plant(dice, generated(dice, wants.rows)))}
    found["generated"] += cut_answers(dice, wants.model, wants.rows // 10)
    for name, text, label in wants.real:
        rows = real_rows(Path(name), text, label)
        found[f"{Path(name).parent.name}/{Path(name).stem}"] = checked(plant(dice, rows, real=True), is_real=True)
    show(found)
    return 0 if all(one.is_good for measures in found.values() for one in measures) else 1


def real_rows(file: Path, text: str, label: str) -> list[list[str]]:
    """The rows of a file that have both, read as the program reads it."""
    with tempfile.TemporaryDirectory() as folder:
        list(read_table(file, Path(folder) / "table"))
        table = open_table(Path(folder) / "table")
        pairs = zip(table.column(text), table.column(label), strict=True)
        return [[one, other] for one, other in pairs if one.strip() and other.strip()]


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


def plant(dice: random.Random, rows: list[list[str]], *, real: bool = False) -> Planted:
    """Spoil them: every fault in rows of its own."""
    share = min(1.0, len(rows) / 20_000)
    free = list(range(len(rows)))
    dice.shuffle(free)
    sources = {}
    for fault, count in PLANTED.items():
        most = max(5, round(count * share), min(count, len(rows) // 50) if real else 0)  # few say little about a share
        sources[fault] = [free.pop() for _ in range(0 if real and fault == "personal" else most)]
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


def checked(planted: Planted, *, is_real: bool = False) -> list[Measure]:
    """What the check-up finds of the planted faults."""
    with tempfile.TemporaryDirectory() as folder:
        names = NAMES[: len(planted.rows[0])]
        table = imported(Path(folder), "rows.csv", names, planted.rows)
        test = imported(Path(folder), "test.csv", names, planted.test)
        found = findings(table, Columns("text", "label"), kind="classify", test_table=test)
        ranking = _ranking(table, planted)
    by_kind = {one.kind: one for one in found}
    measures = [
        _measure(fault, _rows(by_kind, fault), planted, is_real=is_real)
        for fault in ("duplicates", "near_duplicates", "leaks", "near_leaks", "contradictions", "suspicious_labels")
    ]
    measures.append(ranking)
    if not is_real:
        measures.append(_measure("personal", _rows(by_kind, "privacy_email"), planted))
        measures += [_columns(found), _clean(found, planted)]
    return measures


def _rows(found: Mapping[str, Finding], kind: str) -> set[int]:
    return set(found[kind].rows) if kind in found else set()


def _measure(fault: str, named: set[int], planted: Planted, *, is_real: bool = False) -> Measure:
    faults = planted.faults.get(fault, set())
    allowed = set().union(*(planted.faults.get(other, set()) for other in ALSO.get(fault, ())))
    right = len(named & faults)
    return shares(fault, len(faults), right, len(named - allowed), is_real=is_real)


def shares(fault: str, planted: int, right: int, named: int, *, is_real: bool = False) -> Measure:
    """Recall and precision against their goals."""
    recall, precision = right / max(1, planted), right / max(1, named)
    wanted = GOALS[fault]
    if is_real:
        is_good = fault == "suspicious_labels" or recall >= min(REAL_RECALL, wanted[0])
    else:
        is_good = recall >= wanted[0] and precision >= wanted[1]
    return Measure(f"{fault}", f"{recall:.3f} / {precision:.3f} of {planted:,}", is_good)


def cut_answers(dice: random.Random, model: str, count: int) -> list[Measure]:
    """Questions with answers, of which some lose their end at the limit and some everything."""
    tokenizer = Tokenizer.load(find_model(model, "causal"), ("causal",))
    kinds = {row: dice.choices(("fits", "cut", "answer_cut"), (0.8, 0.1, 0.1))[0] for row in range(count)}
    examples = [_asked(dice, row, kind) for row, kind in kinds.items()]
    found = {one.kind: one for one in cut_findings(examples, tokenizer, CUT_AT)}
    measures = []
    for fault in ("cut", "answer_cut"):
        faults = {row for row, kind in kinds.items() if kind == fault}
        named = _rows(found, fault)
        measures.append(shares(fault, len(faults), len(named & faults), len(named)))
    return measures


def _asked(dice: random.Random, row: int, kind: str) -> Example:
    """A word is at least a token, and none of these more than four: so it is certain what is cut."""
    topics = list(TOPICS)
    question, answer = (message(dice, dice.choice(topics)) for _ in range(2))
    while kind == "cut" and len(answer.split()) < CUT_AT:
        answer = f"{answer} {message(dice, dice.choice(topics))}"
    while kind == "answer_cut" and len(question.split()) < CUT_AT:
        question = f"{question} {message(dice, dice.choice(topics))}"
    return Example(row, (Turn("user", question), Turn("assistant", answer, learned=True)))


def show(found: Mapping[str, Sequence[Measure]]) -> None:
    """A table: a line a check, a column a set of rows; what misses its goal is marked."""
    lines = {one.what: GOAL_WORDS.get(one.what, "") for measures in found.values() for one in measures}
    cells = {(name, one.what): one.told + ("" if one.is_good else " !") for name, measures in found.items()
             for one in measures}  # fmt: skip
    widths = [max(len(name), *(len(cells.get((name, what), "")) for what in lines)) for name in found]
    print("recall / precision of planted faults; ! misses its goal")
    print(f"{'':20}{'goal':14}" + "  ".join(name.ljust(width) for name, width in zip(found, widths, strict=True)))
    for what, goal in lines.items():
        told = (cells.get((name, what), "").ljust(width) for name, width in zip(found, widths, strict=True))
        print(f"{what:20}{goal:14}" + "  ".join(told))


def _ranking(table: Table, planted: Planted) -> Measure:
    judged = suspicious.judge(Rows(table, Columns("text", "label"), "classify", table.numbers), lambda: False)
    if judged is None:
        return Measure("flipped labels", "too little to judge by", is_good=False)
    order = [judged.rows[place] for place in suspicious.ranked(judged)]
    flipped = planted.faults["suspicious_labels"]
    share = len(flipped & set(order[: len(order) // 10])) / len(flipped)
    return Measure("flipped labels", f"{share:.1%} in the top 10 %", share >= TOP_TENTH)


def _columns(found: Sequence[Finding]) -> Measure:
    told = sorted(one.column for one in found if one.kind == "giveaway")
    return Measure("give-away columns", ", ".join(told), told == ["minutes", "queue"])


def _clean(found: Sequence[Finding], planted: Planted) -> Measure:
    spoiled = set().union(*planted.faults.values())
    clean = set(range(len(planted.rows))) - spoiled
    named = {row for one in found for row in one.rows if one.kind not in {"groups", "uneven"}} & clean
    by_kind = Counter(one.kind for one in found if one.severity != "good" and clean & set(one.rows))
    told = f"{len(named) / len(clean):.2%} of {len(clean):,}" + (f" ({', '.join(by_kind)})" if by_kind else "")
    return Measure("clean rows named", told, len(named) <= CLEAN * len(clean))


if __name__ == "__main__":
    sys.exit(main())
