"""Labels: too few rows, one alone, far from even.

In: Rows with labels. Out: one Finding a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import Finding, finding, listed
from studio.data.checkup.rows import Rows

FEW = 5  # examples: with fewer a label is hardly learned
UNEVEN = 10  # times as many rows in the largest label as in the smallest is worth a look


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """What the labels' sizes say; nothing where there are no labels."""
    if rows.by_label:
        yield from _single(rows.by_label)
        yield _rare(rows.by_label)
        yield _uneven(rows.by_label)


def _rare(by_label: Mapping[str, Sequence[int]]) -> Finding:
    rare = {label: rows for label, rows in by_label.items() if len(rows) < FEW}
    names = listed(sorted(rare))
    return finding(
        "rare_labels", (row for rows in rare.values() for row in rows), "look",
        lambda _: counted(len(rare), f"1 label has fewer than {FEW} rows", f"{{}} labels have fewer than {FEW} rows")
        + f": {names}",
        f"Every label has at least {FEW} rows",
        "Few rows teach hardly anything. Add rows with such labels where you can.",
    )  # fmt: skip


def _single(by_label: Mapping[str, Sequence[int]]) -> list[Finding]:
    """Told where it is so alone: that there are several labels goes without saying."""
    if len(by_label) != 1:
        return []
    rows = next(iter(by_label.values()))
    return [
        finding(
            "single_label", rows, "wrong",
            lambda count: counted(count, "1 row alone has a label", "{} rows, all of them, have the same label"), "",
            "There is nothing to tell apart. Choose another column, or add rows with other labels.",
        )
    ]  # fmt: skip


def _uneven(by_label: Mapping[str, Sequence[int]]) -> Finding:
    """Labels with far fewer rows than the largest; the rows are those of the small labels."""
    sizes = Counter({label: len(rows) for label, rows in by_label.items()})
    good = "No label has far fewer rows than the others"
    if len(sizes) < 2:
        return Finding("imbalance", 0, (), "good", good)
    largest, most = sizes.most_common(1)[0]
    small = [label for label, size in sizes.items() if size * UNEVEN <= most]
    return finding(
        "imbalance", (row for label in small for row in by_label[label]), "look",
        lambda _: counted(len(small), "1 label has", "{} labels have")
        + f" less than a tenth of the rows of “{with_blanks(largest)}” ({most:,})",
        good,
        "Rare labels are learned less well. More rows of them help.",
    )  # fmt: skip
