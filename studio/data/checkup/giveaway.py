"""Columns that give the label or the answer away.

In: Rows. Out: a Finding for every column that alone tells the label of almost every row, and one where the text holds
its own label or answer. What such a column says is seldom known when the model is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any

from studio.counting import counted
from studio.data.checkup.finding import Finding
from studio.data.checkup.rows import Rows
from studio.data.checkup.sameness import sameness_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

FEWEST = 20  # rows: with fewer everything tells everything
TELLS = 0.9  # share of the mistakes of always saying the commonest label that the column avoids
HOLDS = 0.9  # share of texts that hold their own label or answer from which on that is wrong …
OFTEN = 0.3  # … and from which on it is worth a look
MOST_ANSWERS = 200  # different answers: with more they are no labels
_PARSED = 0.95  # share of cells that are numbers in a column of numbers
_LEAVES = 64  # of a tree over numbers
_SPACED = (0x2E80, 0xF900)  # characters between these need no blanks around a word


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Give-away columns, and labels or answers that stand in the text; nothing where there are none."""
    if not rows.targets or len(rows.numbers) < FEWEST:
        return
    is_told = [target != "" and not target.isspace() for target in rows.targets.values()]
    numbers = list(compress(rows.numbers, is_told))
    if rows.texts:
        yield from _held(rows, numbers)
    labels, kinds = coded(list(compress(rows.targets.values(), is_told)))
    if len(numbers) < FEWEST or not 2 <= kinds <= (MOST_ANSWERS if rows.goal.has_texts else len(numbers) // 2):
        return
    shown = set(rows.columns.read) if len(rows.columns.read) > 1 else set()
    used = {rows.columns.target, rows.columns.part, *rows.columns.read} - shown
    for column in rows.table.columns:
        if column in used:
            continue
        if should_stop():
            return
        right, usual = told(list(compress(rows.cells(column).values(), is_told)), labels)
        if 1 - right <= (1 - TELLS) * (1 - usual):
            yield _column(rows, column, right, usual, is_read=column in shown)


def told(cells: Sequence[str], labels: Codes) -> tuple[float, float]:
    """How often a column's value alone tells the label, learned on one half of the rows and tried on the other, both
    ways; and how often the commonest label alone would be right. Numbers count by thresholds, too."""
    import numpy as np

    values, kinds = coded(cells)
    half = np.random.default_rng(0).random(len(labels)) < 0.5
    usual = float(np.bincount(labels).max() / len(labels))
    right = 0.0
    if 2 <= kinds <= len(labels) // 2:
        right = _both_ways(half, lambda learn, ask: _by_value(values, labels, learn, ask))
    if kinds > FEWEST and (numbers := _numbers(cells)) is not None:
        right = max(right, _both_ways(half, lambda learn, ask: _by_threshold(numbers, labels, learn, ask)))
    return right, usual


def coded(cells: Sequence[str]) -> tuple[Codes, int]:
    """The cells as numbers, equal ones alike, and how many different ones there are."""
    import numpy as np

    seen: dict[str, int] = {}
    codes = np.array([seen.setdefault(cell, len(seen)) for cell in cells], dtype=np.int64)
    return codes, len(seen)


def _both_ways(half: Any, right: Callable[[Any, Any], int]) -> float:
    return (right(half, ~half) + right(~half, half)) / len(half)


def _by_value(values: Codes, labels: Codes, learn: Any, ask: Any) -> int:
    """Right answers where every value gets the label that it most often has, and an unknown value the commonest."""
    import numpy as np

    kinds = int(labels.max()) + 1
    pairs, counts = np.unique(values[learn] * kinds + labels[learn], return_counts=True)
    order = np.argsort(counts, kind="stable")  # the last one written stays
    guess = np.full(int(values.max()) + 1, np.bincount(labels[learn]).argmax() if learn.any() else 0)
    guess[pairs[order] // kinds] = pairs[order] % kinds
    return int((guess[values[ask]] == labels[ask]).sum())


def _by_threshold(numbers: Any, labels: Codes, learn: Any, ask: Any) -> int:
    """Right answers of a small tree; none where most labels to learn from stand there once, so that nothing repeats."""
    import numpy as np
    from sklearn.tree import DecisionTreeClassifier

    if not ask.any() or 2 * len(np.unique(labels[learn])) > learn.sum():
        return 0
    leaves = min(_LEAVES, 2 * (int(labels.max()) + 1))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=2, random_state=0)
    tree.fit(numbers[learn], labels[learn])
    return int((tree.predict(numbers[ask]) == labels[ask]).sum())


def _numbers(cells: Sequence[str]) -> Any | None:
    """The cells as a column of numbers, -1 where one is none; None where they are no numbers."""
    import numpy as np

    numbers = np.full((len(cells), 1), -1.0)
    parsed = 0
    for place, cell in enumerate(cells):
        try:
            number = float(cell.replace(",", "."))
        except ValueError:
            if (place + 1 - parsed) > (1 - _PARSED) * len(cells):
                return None
            continue
        if abs(number) < 1e30:  # a tree keeps 32-bit numbers
            numbers[place, 0], parsed = number, parsed + 1
    return numbers if parsed >= _PARSED * len(cells) else None


def _column(rows: Rows, column: str, right: float, usual: float, *, is_read: bool) -> Finding:
    count = round(right * len(rows.numbers))
    noun = rows.goal.noun
    if is_read:
        meaning = f"The model reads “{column}” and would learn nothing else. Leave it out of the template, unless"
    else:
        meaning = f"The model does not read “{column}”. Leave it so, unless"
    return Finding(
        "giveaway", count, (), "wrong" if is_read else "look",
        f"{min(right, 0.999):.1%} of the {noun}s can be told from “{column}” alone",
        f"{meaning} it is known whenever the model is asked. (Always saying the commonest {noun} would be right for "
        f"{usual:.0%}.)",
        column,
    )  # fmt: skip


def _held(rows: Rows, numbers: Sequence[int]) -> Iterator[Finding]:
    """Texts in which their own label or answer stands, more often than another row's does."""
    asked = [row for row in numbers if row in rows.keys]
    if len(asked) < FEWEST:
        return
    name_of = {target: sameness_key(target) for target in set(rows.targets.values())}
    names = [name_of[rows.targets[row]] for row in asked]
    if len(set(names)) < 2:
        return
    holding = [row for row, name in zip(asked, names, strict=True) if holds(rows.keys[row], name)]
    step = len(names) // 2 + 1
    strange = [
        holds(rows.keys[row], names[(place + step) % len(names)])
        for place, row in enumerate(asked)
        if names[(place + step) % len(names)] != names[place]
    ]
    share = len(holding) / len(asked)
    if share < OFTEN or share - sum(strange) / max(1, len(strange)) < OFTEN:
        return
    is_label = rows.goal.has_labels
    noun = "label" if is_label else "answer"
    yield Finding(
        "held", len(holding), tuple(holding[:10_000]), "wrong" if is_label and share >= HOLDS else "look",
        counted(len(holding), f"1 text holds its own {noun}", f"{{}} texts hold their own {noun}")
        + f" word for word ({share:.0%})",
        "Fine where such texts come in just like that. If the words were added with the label, the model learns to "
        "look for them and nothing else."
        if is_label else
        "Fine where the answer is to be found in the text. If it is not meant to stand there, the model learns to "
        "copy.",
        rows.columns.input,
    )  # fmt: skip


def holds(key: str, name: str) -> bool:
    """Whether a text's key holds a name's key as whole words; Chinese, Japanese and Korean words need no blanks."""
    if not name:
        return False
    if _SPACED[0] <= ord(name[0]) < _SPACED[1]:
        return name in key
    return name in key and f" {name} " in f" {key} "
