"""Texts that are there more than once, and what that does.

In: Rows. Out: repeated texts, and texts that have several labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.data.checkup.finding import Finding, Fix, counted, finding
from studio.data.checkup.rows import Rows
from studio.data.edits import DeleteRows


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Exact duplicates; with labels also the same text under different ones."""
    if not rows.texts:
        return
    yield _duplicates(rows)
    if rows.targets and rows.kind == "classify":
        yield _contradictions(rows)


def _duplicates(rows: Rows) -> Finding:
    seen: set[str] = set()
    repeats = [row for row, key in rows.keys.items() if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
    return finding(
        "duplicates", repeats, "look",
        lambda n: counted(n, "1 row repeats a text that stands further up",
                          "{} rows repeat a text that stands further up"),
        "No text is there twice",
        "Harmless: such rows are never both learned and tested. Delete those that are there by mistake.",
        fix=lambda numbers: (Fix("Delete the repeats", (DeleteRows(tuple(numbers)),)),),
    )  # fmt: skip


def _contradictions(rows: Rows) -> Finding:
    """Rows whose text has another label elsewhere."""
    labels: dict[str, str] = {}
    torn: set[str] = set()
    for row, key in rows.keys.items():
        if (label := rows.targets[row]) and not label.isspace() and labels.setdefault(key, label) != label:
            torn.add(key)
    return finding(
        "contradictions", (row for row, key in rows.keys.items() if key in torn), "wrong",
        lambda n: f"{n:,} rows have the same text as another row, but a different label",
        "The same text always has the same label",
        "A model cannot learn both. Give the same text the same label.",
    )  # fmt: skip
