"""Whether two programs gave the same answer, and how far they lie apart.

In: what the live model and the reopened export said to the same questions. Out: a Proof. Knows nothing of models.

Rounding: merging an adapter adds the same numbers in another order, so that logits differ in their last digits. Two
words whose logits lie closer than that are a tie which rounding decides: it counts as the same answer, is counted, and
what follows it is not compared. How close is close depends on the number format; measured on SmolLM2-135M with an
adapter, unmerged against merged: in 32-bit, logits differ by at most 0.0001; in 16-bit (bfloat16, where a logit of 40
moves in steps of 0.25) by at most 1.4, and every word that changed was an exact tie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tolerance:
    """Logits of two words that lie within `tie` are a tie; those of one word on the two sides may lie `apart`."""

    tie: float
    apart: float


TOLERANCES = {"float32": Tolerance(1e-3, 1e-3), "bfloat16": Tolerance(0.5, 2.5)}


VECTORS = {"float32": Tolerance(1e-4, 1e-4), "bfloat16": Tolerance(0.02, 0.02)}  # numbers of vectors of length 1


@dataclass(frozen=True)
class Proof:
    """`right` of `total` questions got the same answer, `ties` of them up to a tie; `largest` is the largest
    difference between two numbers that were compared, which are `numbers`. `difference` tells of the first question
    that did not."""

    right: int
    total: int
    ties: int
    largest: float
    tolerance: Tolerance
    difference: str = ""
    numbers: str = "logits"

    @property
    def sentence(self) -> str:
        """The result in words."""
        told = f"Verified {self.right}/{self.total}"
        if self.ties:
            told += f" ({self.ties} up to a tie between two words)"
        return f"{told}; {self.numbers} differ by at most {self.largest:.2g}"


@dataclass(frozen=True)
class _Outcome:
    largest: float
    tie: bool = False
    difference: str = ""


def compare(
    expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]], *, dtype: str, unit: float = 1.0
) -> Proof:
    """Compare answer by answer; both sides hold what proof_script gives for a question. Numbers may differ by so much
    of their `unit`."""
    has_vectors = any("vector" in one for one in expected)
    allowed = (VECTORS if has_vectors else TOLERANCES)[dtype]
    tolerance = Tolerance(allowed.tie * unit, allowed.apart * unit)
    outcomes = [_compared(ours, theirs, tolerance) for ours, theirs in zip(expected, found, strict=True)]
    failed = [(number, o.difference) for number, o in enumerate(outcomes, 1) if o.difference]
    return Proof(
        right=len(outcomes) - len(failed),
        total=len(outcomes),
        ties=sum(o.tie for o in outcomes),
        largest=max((o.largest for o in outcomes), default=0.0),
        tolerance=tolerance,
        difference=f"Question {failed[0][0]}: {failed[0][1]}" if failed else "",
        numbers="the numbers of vectors" if has_vectors else "logits",
    )


def _compared(ours: dict[str, Any], theirs: dict[str, Any], tolerance: Tolerance) -> _Outcome:
    if ours["ids"] != theirs["ids"]:
        at = _first_difference(ours["ids"], theirs["ids"])
        return _Outcome(0.0, difference=f"the text becomes other tokens from token {at + 1:,} on.")
    if "vector" in ours:
        return _vectors(ours["vector"], theirs["vector"], tolerance)
    if "begins" in ours:
        outcome = _pieces(ours, theirs, tolerance)
    else:
        outcome = _labels(ours, theirs, tolerance) if "logits" in ours else _answers(ours, theirs, tolerance)
    if not outcome.difference and outcome.largest > tolerance.apart:
        told = f"the answer is the same, but logits differ by {outcome.largest:.3g}, more than {tolerance.apart:g}."
        return _Outcome(outcome.largest, outcome.tie, told)
    return outcome


def _vectors(ours: Sequence[float], theirs: Sequence[float], tolerance: Tolerance) -> _Outcome:
    largest = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    if largest <= tolerance.apart:
        return _Outcome(largest)
    told = f"the vectors differ by {largest:.3g}, more than {tolerance.apart:g}."
    return _Outcome(largest, difference=told)


def _labels(ours: dict[str, Any], theirs: dict[str, Any], tolerance: Tolerance) -> _Outcome:
    largest = max(abs(a - b) for a, b in zip(ours["logits"], theirs["logits"], strict=True))
    if ours["label"] == theirs["label"]:
        return _Outcome(largest)
    top = max(ours["logits"])
    chosen = ours["logits"][theirs["logits"].index(max(theirs["logits"]))]
    if top - chosen <= tolerance.tie:
        return _Outcome(largest, tie=True)
    return _Outcome(largest, difference=f"labelled {theirs['label']} instead of {ours['label']}.")


def _pieces(ours: dict[str, Any], theirs: dict[str, Any], tolerance: Tolerance) -> _Outcome:
    pairs = [pair for name in ("begins", "ends") for pair in zip(ours[name], theirs[name], strict=True)]
    largest = max((abs(a - b) for a, b in pairs), default=0.0)
    if ours["answer"] == theirs["answer"]:
        return _Outcome(largest)
    # Another piece that scores the same, or “no answer” at the very bar: rounding decided.
    apart = [abs(ours[name] - theirs[name]) for name in ("score", "margin")]
    if largest <= tolerance.apart and max(apart) <= 2 * tolerance.tie:
        return _Outcome(largest, tie=True)
    return _Outcome(largest, difference=f"“{theirs['answer'][:80]}” instead of “{ours['answer'][:80]}”.")


def _answers(ours: dict[str, Any], theirs: dict[str, Any], tolerance: Tolerance) -> _Outcome:
    at = _first_difference(ours["tokens"], theirs["tokens"])
    # Up to and including the first different token both have read the same, so that their logits can be compared.
    pairs = list(zip(ours["tops"], theirs["tops"], strict=False))[: at + 1]
    gaps = [abs(a[word] - b[word]) for a, b in pairs for word in a.keys() & b.keys()]
    largest = max(gaps, default=0.0)
    if ours["tokens"] == theirs["tokens"]:
        return _Outcome(largest)
    if at < min(len(ours["tokens"]), len(theirs["tokens"])):
        tops = ours["tops"][at]
        chosen = tops.get(str(theirs["tokens"][at]))
        if chosen is not None and max(tops.values()) - chosen <= tolerance.tie:
            return _Outcome(largest, tie=True)
    return _Outcome(largest, difference=f"another word from token {at + 1:,} of the answer on.")


def _first_difference(a: Sequence[int], b: Sequence[int]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
