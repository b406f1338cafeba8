"""How the labels are spread over the values of another column: a first look at bias.

In: a Table, its columns, one of them. Out: a Distribution with a plain sentence, as sure as the numbers allow. As a
check: one Finding for a column where a label is far more frequent for one value than for the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.data.checkup.finding import MOST_ROWS, Finding
from studio.data.checkup.giveaway import coded, told
from studio.data.checkup.rows import Rows
from studio.data.roles.columns import Columns
from studio.data.table.table import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_VALUES = 20  # of a column that is looked at; of more, the most frequent are shown and the rest is one value
REST = "(others)"
NOTHING = "(empty)"
SURE = 0.05  # chance, corrected for the number of labels, below which a difference is told
FEWEST = 5  # rows that chance alone would put into every cell: with fewer nothing is told
TIMES = 3.0  # how many times as frequent a label is for a value, to be a Finding …
MOST_TIMES = 100.0  # … and from where on the column is a part of the label, such as its category, and no surprise
STRONG = 0.2  # Cramér's V from which on it is one


@dataclass(frozen=True)
class Distribution:
    """`counts[label][value]` rows, the labels and values each with the most frequent first. `strength` is Cramér's V
    (0 none, 1 the value tells the label); `sentence` says the clearest difference, or that there is none that chance
    would not explain. `label`, `value`, `times` are that difference: `times` as frequent as for the other values; empty
    and 1 where there is none. `chance` is how likely luck alone does as much (Holm-corrected over the labels)."""

    column: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    strength: float
    sentence: str
    label: str = ""
    value: str = ""
    times: float = 1.0
    chance: float = 1.0


def across(table: Table, columns: Columns, column: str) -> Distribution:
    """How the labels of a table are spread over a column's values. Rows without a label do not count."""
    rows = Rows(table, columns, "classify", table.numbers)
    return distribution(column, rows.targets.values(), rows.cells(column).values())


def distribution(column: str, labels: Iterable[str], cells: Iterable[str]) -> Distribution:
    """The Distribution of labels over the cells beside them."""
    pairs = Counter((label, cell if cell.strip() else NOTHING) for label, cell in zip(labels, cells, strict=True)
                    if label.strip())  # fmt: skip
    by_label: Counter[str] = Counter()
    by_value: Counter[str] = Counter()
    for (label, value), count in pairs.items():
        by_label[label] += count
        by_value[value] += count
    values = [value for value, _ in by_value.most_common(MOST_VALUES)]
    names = [label for label, _ in by_label.most_common()]
    counts = [[pairs[label, value] for value in values] for label in names]
    if len(by_value) > MOST_VALUES:
        counts = [[*row, by_label[label] - sum(row)] for label, row in zip(names, counts, strict=True)]
        values.append(REST)
    return _judged(column, names, values, counts)


def _judged(column: str, names: Sequence[str], values: Sequence[str], counts: Sequence[Sequence[int]]) -> Distribution:
    import numpy as np

    table = np.array(counts, dtype=np.float64).reshape(len(names), len(values))
    facts = (column, tuple(names), tuple(values), tuple(tuple(row) for row in counts))
    if min(table.shape) < 2:
        return Distribution(*facts, 0.0, f"“{column}” has one value only, or there is one label only.")
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    squares = float(((table - expected) ** 2 / expected).sum())
    strength = float(np.sqrt(squares / (table.sum() * (min(table.shape) - 1))))
    chances = _corrected([_chance(row, table.sum(axis=0) - row) for row in table])
    best = _clearest(table, expected, chances)
    if best is None:
        small = float(np.median(expected)) < FEWEST
        sentence = (
            f"There are too few rows to say how the labels are spread over “{column}”."
            if small
            else f"No label is clearly more frequent for one “{column}” than for the others."
        )
        return Distribution(*facts, strength, sentence)
    label, value, times = best
    inside, outside = table[label, value] / table[:, value].sum(), _share_outside(table, label, value)
    sentence = (
        f"“{names[label]}” is {_times(times)} as frequent for {column} = “{values[value]}” as for the others: "
        f"{inside:.0%} of {int(table[:, value].sum()):,} rows against {outside:.0%}."
    )
    return Distribution(*facts, strength, sentence, names[label], values[value], times, chances[label])


def _chance(row: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """How likely luck alone spreads one label over the values as unevenly: chi-square where it may be used (Cochran:
    expected 5 or more in four fifths of the cells), Fisher's exact test for two by two, else 1."""
    import numpy as np
    from scipy import stats

    table = np.array([row, others])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 1.0
    expected = stats.contingency.expected_freq(table)
    if (expected >= FEWEST).mean() >= 0.8 and expected.min() >= 1:
        return float(stats.chi2_contingency(table, correction=False).pvalue)
    if table.shape == (2, 2):
        return float(stats.fisher_exact(table.astype(int)).pvalue)
    return 1.0


def _corrected(chances: Sequence[float]) -> list[float]:
    """Holm's correction (1979): the smallest times their number, the next times one less, never falling."""
    corrected = [1.0] * len(chances)
    most = 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        most = max(most, min(1.0, (len(chances) - rank) * chances[place]))
        corrected[place] = most
    return corrected


def _clearest(
    counts: NDArray[np.float64], by_chance: NDArray[np.float64], chances: Sequence[float]
) -> tuple[int, int, float] | None:
    """The label and value with the largest excess over chance among the sure ones, and how many times as frequent."""
    import numpy as np

    excess = (counts - by_chance) / np.sqrt(by_chance)
    excess[(by_chance < FEWEST)] = -np.inf
    excess[[chance >= SURE for chance in chances]] = -np.inf
    label, value = (int(place) for place in np.unravel_index(int(excess.argmax()), excess.shape))
    if not np.isfinite(excess[label, value]) or excess[label, value] <= 0:
        return None
    inside = counts[label, value] / counts[:, value].sum()
    outside = _share_outside(counts, label, value)
    return label, value, float(inside / outside) if outside > 0 else float("inf")


def _share_outside(counts: NDArray[np.float64], label: int, value: int) -> float:
    others = counts.sum() - counts[:, value].sum()
    return float((counts[label].sum() - counts[label, value]) / others) if others else 0.0


def _times(times: float) -> str:
    return "many times" if times > 99 else f"{times:.0f} times" if times >= 10 else f"{times:.1f} times"


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Columns with a few values where a label is at least three times as frequent for one; those that tell the label
    outright are told elsewhere (giveaway.py)."""
    if rows.columns.sign or not rows.by_label or len(rows.by_label) < 2 or len(rows.by_label) > len(rows.numbers) // 10:
        return
    labels = list(rows.targets.values())
    filled = [place for place, label in enumerate(labels) if label.strip()]
    codes, _ = coded([labels[place] for place in filled])
    chosen = rows.columns
    for column in rows.table.columns:
        if should_stop():
            return
        if column in {chosen.target, chosen.part, chosen.group, *chosen.read}:
            continue
        cells = list(rows.cells(column).values())
        if not 2 <= len(set(cells)) <= MOST_VALUES:
            continue
        seen = distribution(column, labels, cells)
        right, usual = told([cells[place] for place in filled], codes)
        if TIMES <= seen.times < MOST_TIMES and seen.strength >= STRONG and 1 - right > 0.1 * (1 - usual):
            numbers = [
                row for row, cell, label in zip(rows.numbers, cells, labels, strict=True)
                if label == seen.label and (cell if cell.strip() else NOTHING) == seen.value
            ]  # fmt: skip
            yield Finding(
                "uneven", len(numbers), tuple(numbers[:MOST_ROWS]), "look",
                f"{len(numbers):,} rows with {column} = “{seen.value}” are “{seen.label}”, "
                f"{_times(seen.times)} as often as elsewhere",
                f"{seen.sentence} If that is not how it should be, the model learns it all the same.",
                column,
                outside=f"{len(numbers):,} rows with one value of {column} are “{seen.label}”, "
                f"{_times(seen.times)} as often as elsewhere",
            )  # fmt: skip
