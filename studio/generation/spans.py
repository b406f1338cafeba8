"""Which piece of a text is the answer: chosen from the scores that a model gives to beginnings and ends.

In: the Windows of a text with two scores for each token. Out: Scored candidates, and what is found at a given bar for
“no answer”. Plain arithmetic on numbers; knows nothing of models.

A piece scores its first token's beginning plus its last token's end; “no answer” scores both at the first token of all,
the least of all windows counting, and is said where it beats the best piece by more than a bar. This is the way of
SQuAD 2.0 (Devlin et al. 2019, “BERT”, 4.3); the bar is chosen where the answers are known.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.tokens.windows import Window

KEPT = 20  # pieces of each window
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Piece:
    """Characters [start, end) of the text with their score."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Scored:
    """The pieces of a text, best first (none where its tokens stand for no letter), and the score of “no answer”."""

    pieces: tuple[Piece, ...]
    none: float

    @property
    def margin(self) -> float:
        """By how much “no answer” beats the best piece."""
        return self.none - self.pieces[0].score if self.pieces else math.inf


@dataclass(frozen=True)
class Candidate:
    """A piece that could be the answer: its text, its characters [start, end), and its share in 0..1."""

    text: str
    start: int
    end: int
    share: float


@dataclass(frozen=True)
class Answered:
    """What a model makes of a question: the likeliest pieces that do not overlap, best first, and the share of “no
    answer” (0 where that is never said). Shares are of all that was weighed up, which is more than is listed."""

    candidates: tuple[Candidate, ...]
    none_share: float
    is_none: bool

    @property
    def answer(self) -> str:
        """The answer, "" for none."""
        return "" if self.is_none else self.candidates[0].text

    @property
    def start(self) -> int:
        """The character with which the answer begins, -1 for none."""
        return -1 if self.is_none else self.candidates[0].start

    @property
    def share(self) -> float:
        """The share of what is answered, be it a piece or none."""
        return self.none_share if self.is_none else self.candidates[0].share


def scored(windows: Sequence[Window], begins: Sequence[Floats], ends: Sequence[Floats], *, longest: int) -> Scored:
    """The best pieces of at most `longest` tokens over all windows of one text. `begins` and `ends` hold one score a
    token for each window. Where two windows hold the same piece, the higher score counts."""
    best: dict[tuple[int, int], float] = {}
    for window, begin, end in zip(windows, begins, ends, strict=True):
        for first, last, score in _best(begin, end, window.reach, longest):
            place = window.offsets[first][0], window.offsets[last][1]
            if place[0] < place[1] and score > best.get(place, -math.inf):
                best[place] = score
    none = min(float(begin[0] + end[0]) for begin, end in zip(begins, ends, strict=True))
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return Scored(tuple(Piece(*place, score) for place, score in ordered), none)


def answered(text: str, found: Scored, *, bar: float | None, listed: int = 4) -> Answered:
    """What is answered where “no answer” has to beat the best piece by more than `bar`; None never says it, unless
    there is no piece at all. At most `listed` candidates."""
    if not found.pieces:
        return Answered((), 1.0, True)
    none = -math.inf if bar is None else found.none - bar
    top = max(found.pieces[0].score, none)
    total = math.exp(none - top) + sum(math.exp(piece.score - top) for piece in found.pieces)
    candidates: list[Candidate] = []
    for piece in found.pieces:
        if all(piece.end <= other.start or piece.start >= other.end for other in candidates):
            share = math.exp(piece.score - top) / total
            candidates.append(Candidate(text[piece.start : piece.end], piece.start, piece.end, share))
        if len(candidates) == listed:
            break
    return Answered(tuple(candidates), math.exp(none - top) / total, none > found.pieces[0].score)


def best_bar(margins: Sequence[float], with_piece: Sequence[float], with_none: Sequence[float]) -> tuple[float, float]:
    """The bar at which answers are right most often, and the mean score there. For each question: the margin of “no
    answer”, what its best piece scores, and what “no answer” does. Half way between two margins; of bars that are
    equally good the one nearest to 0."""
    every = np.asarray(margins, dtype=np.float64)
    fixed = sum(score for score, margin in zip(with_none, every, strict=True) if math.isinf(margin))
    order = np.argsort(every, kind="stable")[: int(np.isfinite(every).sum())]
    if not len(order):
        return 0.0, fixed / len(margins)
    sorted_margins = every[order]
    pieces, nones = (np.asarray(values, dtype=np.float64)[order] for values in (with_piece, with_none))
    # With the bar behind the first k margins, these k are answered with a piece and the others with none.
    totals = np.concatenate([[0.0], np.cumsum(pieces)]) + np.concatenate([np.cumsum(nones[::-1])[::-1], [0.0]])
    edges = np.concatenate([[sorted_margins[0] - 1], sorted_margins, [sorted_margins[-1] + 1]])
    middle = [_between(float(low), float(high)) for low, high in itertools.pairwise(edges)]
    is_real = np.concatenate([[True], np.diff(sorted_margins) > 0, [True]])
    best = float(totals[is_real].max())
    fitting = [bar for bar, total, real in zip(middle, totals, is_real, strict=True) if real and total >= best - 1e-9]
    return min(fitting, key=abs), (best + fixed) / len(margins)


def _between(low: float, high: float) -> float:
    """A number from `low` (on) to `high` (not on): 0 where it lies there, else the middle."""
    if low <= 0 < high:
        return 0.0
    return (low + high) / 2


def _best(begin: Floats, end: Floats, reach: tuple[int, int], longest: int) -> list[tuple[int, int, float]]:
    """The KEPT best pieces of one window: first and last token, counted from the text's first, and score."""
    own_begin, own_end = begin[reach[0] : reach[1]], end[reach[0] : reach[1]]
    if not len(own_begin):
        return []
    # The ends that a piece may have, behind its beginning; a piece among the best begins at one of the KEPT tokens
    # whose best pieces are best, so that only those are gone through.
    ends = np.lib.stride_tricks.sliding_window_view(np.pad(own_end, (0, longest - 1), constant_values=-np.inf), longest)
    firsts = _highest(own_begin + ends.max(axis=1))
    sums = (own_begin[firsts, None] + ends[firsts]).ravel()
    kept = [int(at) for at in _highest(sums) if np.isfinite(sums[at])]
    return [(int(firsts[at // longest]), int(firsts[at // longest]) + at % longest, float(sums[at])) for at in kept]


def _highest(values: Floats) -> NDArray[np.int64]:
    """The places of the KEPT highest, in no order."""
    return np.argpartition(-values, min(KEPT, len(values)) - 1)[:KEPT]
