"""What stands in the way of learning, found in the rows themselves.

In: a Table and the columns to read and to learn. Out: Findings, each with the rows that it is about and how much it
matters; one with no rows is good news. Knows nothing of how they are shown or mended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from studio.config.config import TaskKind
from studio.data.sameness import sameness_key
from studio.data.table import Table

Severity = Literal["good", "look", "wrong"]
FEW = 5  # examples: with fewer a label is hardly learned
UNEVEN = 10  # times as many rows in the largest label as in the smallest is worth a look
MOST_ROWS = 10_000  # row numbers that a finding carries; its count is always whole


@dataclass(frozen=True)
class Finding:
    """One thing found: its `kind`, how many rows (`count`), their 0-based numbers (`rows`, at most 10,000), how much
    it matters, a short title that begins with its number, and what follows from it (nothing where it is good news)."""

    kind: str
    count: int
    rows: tuple[int, ...]
    severity: Severity
    title: str
    meaning: str = ""


def check_up(table: Table, *, kind: TaskKind, input: str, target: str) -> tuple[Finding, ...]:
    """All findings, the worst first. Columns that are not chosen yet ("") are not looked at."""
    texts = table.column(input) if input else []
    targets = table.column(target) if target else []
    found: list[Finding] = []
    if texts:
        filled = {row: sameness_key(text) for row, text in enumerate(texts) if text and not text.isspace()}
        found += [_no_text(texts, filled), _duplicates(filled)]
        if targets and kind == "classify":
            found.append(_contradictions(filled, targets))
    if targets:
        found.append(_no_target(targets, kind))
        if kind == "classify":
            by_label = _by_label(targets)
            found += [*_single(by_label), _rare(by_label), _similar(by_label), _uneven(by_label)]
    order: dict[Severity, int] = {"wrong": 0, "look": 1, "good": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


_MEANINGS = {
    "no_text": "Harmless where the cells are meant to be empty: the other rows are used.",
    "no_target": "Harmless where the cells are meant to be empty: the other rows are used.",
    "duplicates": "Harmless: such rows are never both learned and tested. Delete those that are there by mistake.",
    "contradictions": "A model cannot learn both. Give the same text the same label.",
    "single_label": "There is nothing to tell apart. Choose another column, or add rows with other labels.",
    "rare_labels": "Few rows teach hardly anything. Add rows with such labels where you can.",
    "similar_labels": "They are learned as different labels. Spell them the same way.",
    "imbalance": "Rare labels are learned less well. More rows of them help.",
}


def _finding(kind: str, rows: Iterable[int], bad: Severity, words: Callable[[int], str], good: str) -> Finding:
    numbers = sorted(rows)
    count = len(numbers)
    if not count:
        return Finding(kind, 0, (), "good", good)
    return Finding(kind, count, tuple(numbers[:MOST_ROWS]), bad, words(count), _MEANINGS[kind])


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(f"{count:,}")


def _no_text(texts: Sequence[str], filled: Mapping[int, str]) -> Finding:
    rows = (row for row in range(len(texts)) if row not in filled)
    return _finding(
        "no_text", rows, "look",
        lambda n: _counted(n, "1 row has no text and is left out", "{} rows have no text and are left out"),
        "Every row has a text",
    )  # fmt: skip


def _no_target(targets: Sequence[str], kind: TaskKind) -> Finding:
    noun = "label" if kind == "classify" else "answer"
    rows = (row for row, cell in enumerate(targets) if not cell or cell.isspace())
    return _finding(
        "no_target", rows, "look",
        lambda n: _counted(n, f"1 row has no {noun} and is left out", f"{{}} rows have no {noun} and are left out"),
        f"Every row has {'a label' if kind == 'classify' else 'an answer'}",
    )  # fmt: skip


def _duplicates(filled: Mapping[int, str]) -> Finding:
    seen: set[str] = set()
    rows = [row for row, key in filled.items() if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
    return _finding(
        "duplicates", rows, "look",
        lambda n: _counted(n, "1 row repeats a text that stands further up",
                           "{} rows repeat a text that stands further up"),
        "No text is there twice",
    )  # fmt: skip


def _contradictions(filled: Mapping[int, str], targets: Sequence[str]) -> Finding:
    """Rows whose text has another label elsewhere."""
    labels: dict[str, str] = {}
    torn: set[str] = set()
    for row, key in filled.items():
        if (label := targets[row]) and not label.isspace() and labels.setdefault(key, label) != label:
            torn.add(key)
    rows = [row for row, key in filled.items() if key in torn] if torn else []
    return _finding(
        "contradictions", rows, "wrong",
        lambda n: f"{n:,} rows have the same text as another row, but a different label",
        "The same text always has the same label",
    )  # fmt: skip


def _by_label(targets: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(targets):
        if label and not label.isspace():
            rows[label].append(row)
    return rows


def _rare(by_label: Mapping[str, Sequence[int]]) -> Finding:
    rare = {label: rows for label, rows in by_label.items() if len(rows) < FEW}
    names = listed(sorted(rare))
    return _finding(
        "rare_labels", (row for rows in rare.values() for row in rows), "look",
        lambda _: _counted(len(rare), f"1 label has fewer than {FEW} rows", f"{{}} labels have fewer than {FEW} rows")
        + f": {names}",
        f"Every label has at least {FEW} rows",
    )  # fmt: skip


def _single(by_label: Mapping[str, Sequence[int]]) -> list[Finding]:
    """Told where it is so alone: that there are several labels goes without saying."""
    if len(by_label) != 1:
        return []
    rows = next(iter(by_label.values()))
    return [
        _finding(
            "single_label", rows, "wrong",
            lambda count: _counted(count, "1 row alone has a label", "{} rows, all of them, have the same label"), "",
        )
    ]  # fmt: skip


def _similar(by_label: Mapping[str, Sequence[int]]) -> Finding:
    """Labels that differ only by capitals or spaces; the rows are those of the rarer spellings."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for label in by_label:
        spellings[" ".join(label.casefold().split())].append(label)
    rarer = [
        label
        for labels in spellings.values()
        for label in sorted(labels, key=lambda one: (-len(by_label[one]), one))[1:]
    ]
    names = listed(sorted(rarer))
    return _finding(
        "similar_labels", (row for label in rarer for row in by_label[label]), "wrong",
        lambda n: _counted(n, "1 row has a label", "{} rows have a label")
        + f" that differs from another only by capitals or spaces: {names}",
        "No label is spelled in two ways",
    )  # fmt: skip


def _uneven(by_label: Mapping[str, Sequence[int]]) -> Finding:
    """Labels with far fewer rows than the largest; the rows are those of the small labels."""
    sizes = Counter({label: len(rows) for label, rows in by_label.items()})
    good = "No label has far fewer rows than the others"
    if len(sizes) < 2:
        return Finding("imbalance", 0, (), "good", good)
    largest, most = sizes.most_common(1)[0]
    small = [label for label, size in sizes.items() if size * UNEVEN <= most]
    return _finding(
        "imbalance", (row for label in small for row in by_label[label]), "look",
        lambda _: _counted(len(small), "1 label has", "{} labels have")
        + f" less than a tenth of the rows of “{largest}” ({most:,})",
        good,
    )  # fmt: skip


def listed(names: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return shown + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
