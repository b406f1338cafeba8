"""Labels that look wrong.

In: Rows with labels. Out: one Finding with the doubted rows, the most doubtful first, each with the label that it looks
like. Confident learning (Northcutt, Jiang and Chuang 2021): every row is judged by a quick classifier that learned from
other rows only, and a row is doubted where another label is at least as likely as it usually is for rows that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.features import weighted
from studio.data.checkup.finding import Finding, Fix, finding
from studio.data.checkup.linear import EPOCHS, learn
from studio.data.checkup.rows import Rows
from studio.data.table.edits import SetCells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Shares = NDArray[np.float32]
    Codes = NDArray[np.int64]

FEWEST_ROWS = 5  # of a label: with fewer there is nothing to learn it from
SURE = 0.6  # how likely the other label must be …
UNLIKELY = 0.06  # … and how unlikely its own: on rows without known faults this doubts about one in a hundred
_ASKED = 2_000  # rows that are judged together
_FEW = 5_000  # rows up to which five folds are worth their time
_WORK = 400_000_000  # weights moved in all: some 3 s; of more rows a part is learned, and all are judged
_WEIGHTS = 30_000_000  # of one classifier: 240 MB
_TOP = 4  # labels of a row whose likelihood is kept


@dataclass(frozen=True)
class Judged:
    """Rows as a classifier sees them that did not learn from them: how likely the label is that each has (`own`), which
    other label it looks like most (`looks_like`, of `labels`; -1 for none that is likely enough) and how likely that
    is (`other`). `learned` is how many rows a classifier learned from."""

    rows: Sequence[int]
    labels: Sequence[str]
    own: Shares
    looks_like: Codes
    other: Shares
    margin: Shares
    learned: int


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """The labels that look wrong; nothing where there is too little to learn from."""
    judged = judge(rows, should_stop)
    if judged is None:
        return
    doubted = [place for place in ranked(judged) if judged.other[place] >= SURE and judged.own[place] <= UNLIKELY]
    names = {judged.rows[place]: judged.labels[judged.looks_like[place]] for place in doubted}
    notes = {
        judged.rows[place]: f"looks like “{with_blanks(names[judged.rows[place]])}” ({judged.other[place]:.2f})"
        for place in doubted
    }
    yield finding(
        "suspicious_labels", names, "look",
        lambda n: counted(n, "1 label looks wrong", "{} labels look wrong"),
        "No label looks wrong",
        _meaning(judged),
        fix=lambda _: (Fix("Take the suggested labels", (SetCells(rows.columns.target, tuple(names.items())),)),),
        notes=notes, ranked=True,
    )  # fmt: skip


def ranked(judged: Judged) -> list[int]:
    """The places of all judged rows, the most doubtful label first: where its likelihood falls most below that of the
    likeliest other label."""
    import numpy as np

    return [int(place) for place in np.argsort(judged.margin, kind="stable")]


def judge(rows: Rows, should_stop: Callable[[], bool]) -> Judged | None:
    """All rows with a text and a label of at least five rows, judged; None with fewer than two such labels, or where it
    was stopped."""
    import numpy as np

    if rows.columns.sign:
        return None  # each row would need a judgement for every label
    by_label = {label: [row for row in of if row in rows.keys] for label, of in sorted(rows.by_label.items())}
    labels = [label for label, numbers in by_label.items() if len(numbers) >= FEWEST_ROWS]
    if len(labels) < 2:
        return None
    code_of = {row: code for code, label in enumerate(labels) for row in by_label[label]}
    numbers = sorted(code_of)
    codes = np.array([code_of[row] for row in numbers], dtype=np.int64)
    matrix = weighted([rows.keys[row] for row in numbers], should_stop)
    if matrix is None:
        return None
    matrix = _frequent(matrix, len(labels))
    if should_stop():
        return None
    folds = _folds([rows.keys[row] for row in numbers], codes)
    likely = _out_of_fold(matrix, codes, folds, len(labels), should_stop)
    return None if likely is None else _compared(numbers, labels, codes, *likely)


def _folds(keys: Sequence[str], codes: Codes) -> Codes:
    """A fold for every row, labels spread evenly; rows with the same text share one."""
    import numpy as np

    count = 5 if len(keys) <= _FEW else 3
    order = np.random.default_rng(0).permutation(len(keys))
    dealt: dict[str, int] = {}
    met = [0] * (int(codes.max()) + 1)
    folds = np.zeros(len(keys), dtype=np.int64)
    for place, code in zip(order.tolist(), codes[order].tolist(), strict=True):
        fold = dealt.get(keys[place])
        if fold is None:
            fold = dealt[keys[place]] = (met[code] + code) % count
            met[code] += 1
        folds[place] = fold
    return folds


def _out_of_fold(
    matrix: Any, codes: Codes, folds: Codes, labels: int, should_stop: Callable[[], bool]
) -> tuple[Shares, Codes, Shares, int] | None:
    """How likely each row's own label is; its likeliest labels and how likely they are; the rows learned from."""
    import numpy as np

    count = int(folds.max()) + 1
    top = min(_TOP, labels)
    own = np.zeros(len(codes), dtype=np.float32)
    best = np.zeros((len(codes), top), dtype=np.int64)
    shares = np.zeros((len(codes), top), dtype=np.float32)
    most = max(20 * labels, _WORK // (max(1, matrix.nnz // len(codes)) * labels * EPOCHS * count))
    learned = 0
    for fold in range(count):
        if should_stop():
            return None
        others = _some(np.flatnonzero(folds != fold), codes, most)
        if len(np.unique(codes[others])) < 2:  # all rows of the other labels have one text: nothing to compare with
            asked = np.flatnonzero(folds == fold)
            own[asked], best[asked], shares[asked] = 1.0, codes[asked, None], 1.0
            continue
        learned = max(learned, len(others))
        model = learn(matrix[others], codes[others], should_stop)
        asked = np.flatnonzero(folds == fold)
        for start in range(0, len(asked), _ASKED):
            if model is None or should_stop():
                return None
            some = asked[start : start + _ASKED]
            likely = np.zeros((len(some), labels), dtype=np.float32)
            likely[:, model.codes] = model.likely(matrix[some])
            own[some] = likely[np.arange(len(some)), codes[some]]
            best[some] = np.argpartition(-likely, top - 1, axis=1)[:, :top]
            shares[some] = np.take_along_axis(likely, best[some], axis=1)
    return own, best, shares, learned


def _some(places: Codes, codes: Codes, most: int) -> Codes:
    """At most about `most` of the places: the same share of every label, but at least 20 rows of each."""
    import numpy as np

    if len(places) <= most:
        return places
    order = np.random.default_rng(1).permutation(places)
    order = order[np.argsort(codes[order], kind="stable")]
    sizes = np.bincount(codes[order])
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    room = np.maximum(20, np.ceil(sizes * (most / len(places))))
    return order[rank < np.repeat(room, sizes)]


def _frequent(matrix: Any, labels: int) -> Any:
    """Only the pieces that stand in two texts at least, and of these not more than one classifier has room for."""
    import numpy as np

    texts_with = np.bincount(matrix.indices, minlength=matrix.shape[1])
    kept = np.flatnonzero(texts_with >= 2)
    room = max(1_000, _WEIGHTS // labels)
    if len(kept) > room:
        kept = np.sort(kept[np.argsort(-texts_with[kept], kind="stable")[:room]])
    return matrix[:, kept] if len(kept) else matrix


def _compared(
    numbers: Sequence[int], labels: Sequence[str], codes: Codes, own: Shares, best: Codes, shares: Shares, learned: int
) -> Judged:
    """Which other label every row looks like: the likeliest of those that reach their own usual likelihood."""
    import numpy as np

    usual = np.bincount(codes, weights=own, minlength=len(labels)) / np.bincount(codes, minlength=len(labels))
    is_other = best != codes[:, None]
    likeliest = np.where(is_other, shares, 0).max(axis=1)
    reached = np.where(is_other & (shares >= usual[best]), shares, 0)
    at = reached.argmax(axis=1)[:, None]
    other = np.take_along_axis(reached, at, axis=1)[:, 0]
    looks_like = np.where(other > 0, np.take_along_axis(best, at, axis=1)[:, 0], -1)
    return Judged(numbers, labels, own, looks_like, other, own - likeliest, learned)


def _meaning(judged: Judged) -> str:
    part = f" from {judged.learned:,} rows" if judged.learned < len(judged.rows) // 2 else " from the other rows"
    return (
        f"A quick classifier that learned{part} expects another label. Look at them: some will be right as they are. "
        "Wrong labels teach the model mistakes."
    )
