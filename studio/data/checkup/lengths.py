"""Texts and answers that are far longer or far shorter than the others.

In: Rows. Out: one Finding for the texts and one for the answers, with the length of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from studio.counting import counted
from studio.data.checkup.cells import Cells
from studio.data.checkup.finding import Finding, Fix, finding
from studio.data.checkup.rows import Rows
from studio.data.table.edits import DeleteRows
from studio.data.table.pages import as_array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

FEWEST = 30  # texts: with fewer nothing can be said about what is usual
FAR = 5.0  # robust deviations from the middle, of the logarithm of the length
LONG, SHORT = 10, 20  # times as long as the middle one, or a share of it as small as one in …
LONG_CHARACTERS, SHORT_CHARACTERS = 1_000, 10  # what is long or short on any account
MOST_SHARE = 0.01  # of the rows: where more of them are so, they are no exceptions
_LEAST_SPREAD = 0.2  # of the logarithm: texts all of a length would make every other one stand out


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Far too long or short texts, and answers likewise; labels have no usual length."""
    yield from _outliers("text_length", "text", rows.texts)
    if rows.goal.has_texts:
        yield from _outliers("answer_length", "answer", rows.targets)


def _outliers(kind: str, noun: str, cells: Cells) -> Iterator[Finding]:
    numbers, counts = _lengths(cells)
    if len(numbers) < FEWEST:
        return
    places, usual = outliers(counts)
    lengths = dict(zip(numbers[places].tolist(), counts[places].tolist(), strict=True))
    title = f"far longer or shorter than the others (usual are about {usual:,} characters)"
    telling = sorted(lengths, key=lambda row: -max(lengths[row] / usual, usual / lengths[row]))
    yield finding(
        kind, telling, "look",
        lambda n: counted(n, f"1 {noun} is {title}", f"{{}} {noun}s are {title}"),
        f"No {noun} is far longer or shorter than the others",
        "Often something slipped into the wrong cell, or two rows became one. Look at them.",
        fix=lambda numbers: (Fix("Delete these rows", (DeleteRows(tuple(sorted(numbers))),)),),
        notes={row: counted(lengths[row], "1 character", "{} characters") for row in telling}, ranked=True,
    )  # fmt: skip


def _lengths(cells: Cells) -> tuple[Numbers, Numbers]:
    """The rows whose cell is not blank, and how many characters it has."""
    import numpy as np

    rows, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for numbers, texts in cells.blocks():
        counts = np.fromiter((0 if text.isspace() else len(text) for text in texts), np.int64, len(texts))
        rows.append(as_array(numbers)[counts > 0])
        lengths.append(counts[counts > 0])
    return np.concatenate(rows), np.concatenate(lengths)


def outliers(counts: Numbers) -> tuple[Numbers, int]:
    """The places of the lengths in characters that are far from the others, and the middle length. A length is far
    where its logarithm lies more than five robust deviations (1.4826 × the median absolute deviation) from the median,
    and where it is also far in plain characters; and only as many as can be exceptions."""
    import numpy as np

    logs = np.log(counts)
    middle = float(np.median(logs))
    spread = max(_LEAST_SPREAD, 1.4826 * float(np.median(np.abs(logs - middle))))
    usual = round(float(np.exp(middle)))
    is_long = (logs > middle + FAR * spread) & (counts >= LONG * usual) & (counts >= LONG_CHARACTERS)
    is_short = (logs < middle - FAR * spread) & (counts * SHORT <= usual) & (counts <= SHORT_CHARACTERS)
    most = max(3, int(MOST_SHARE * len(counts)))
    far = [mask for mask in (is_long, is_short) if mask.sum() <= most]
    return np.flatnonzero(np.any(far, axis=0)) if far else np.zeros(0, np.int64), usual
