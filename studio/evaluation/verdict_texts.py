"""The verdict on models that continue texts: what they foretell, and what a file of such texts would take.

In: what each way scored on the same texts. Out: a Verdict. Every word and number follows from the arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.evaluation.report import Figure
from studio.evaluation.squeeze import BITS
from studio.evaluation.verdict import FEWEST_ROWS, HEADLINES, Answer, Gain, Verdict, Way, decide


def on_foretelling(ways: Sequence[Way], gain: Gain, *, rows: int, unit: str, figures: Sequence[Figure]) -> Verdict:
    """The verdict on a model that began as another one; scores are shares of tokens guessed right."""
    tuned, untouched = ways[-1], ways[0]
    answer = decide(gain, rows=rows, best_other=untouched.score)
    amount = f"{100 * tuned.score:.1f} of 100"
    parts = [
        f"Your model guesses {amount} next tokens right (between {100 * tuned.low:.1f} and {100 * tuned.high:.1f}); "
        f"the untouched model guesses {100 * untouched.score:.1f}.",
        _conclusion(answer, gain, unit, "the untouched model"),
        _surprise({figure.key: figure for figure in figures}),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def on_packing(ways: Sequence[Way], gain: Gain, *, rows: int, unit: str) -> Verdict:
    """The verdict on a model from nothing; scores are shares of the room for a text that are saved."""
    tuned, others = ways[-1], ways[:-1]
    best = max(others, key=lambda one: one.score)
    answer = decide(gain, rows=rows, best_other=best.score)
    amount = f"{_bits(tuned.score)} bits"
    told = ", ".join(f"{_called(one)} {_bits(one.score)}" for one in sorted(others, key=lambda one: -one.score))
    parts = [
        f"Your model needs {amount} for each byte of text that it never saw "
        f"(between {_bits(tuned.high)} and {_bits(tuned.low)}; unread, a byte takes 8).",
        f"After the same reading, {told}.",
        _conclusion(answer, gain, unit, _called(best)),
    ]
    return Verdict(answer, HEADLINES[answer], " ".join(parts), (amount,))


def _bits(saved: float) -> str:
    return f"{BITS * (1 - saved):.2f}"


def _called(way: Way) -> str:
    return "a count of which byte follows which takes" if way.key == "count" else f"{way.key} takes"


def _conclusion(answer: Answer, gain: Gain, unit: str, best: str) -> str:
    match answer:
        case "clearly" | "a little":
            return "The gain is beyond chance."
        case "hard to tell":
            return f"The difference could be chance: more {unit}, or more text to learn from, would tell."
        case "too few rows":
            return f"With fewer than {FEWEST_ROWS} {unit} nothing can be said for sure: set more text apart."
        case "no":
            name = best.removesuffix(" takes")
            does = "does better" if gain.high < 0 else "does at least as well"
            return f"{name[:1].upper()}{name[1:]} {does}: train longer, or on more text of this kind."


def _surprise(figures: dict[str, Figure]) -> str:
    """How far the surprise fell, by token and by byte."""
    surprise, bits = figures["perplexity"], figures["bits"]
    assert surprise.untouched is not None
    assert bits.untouched is not None
    ours, theirs = f"{surprise.value:.3g}", f"{surprise.untouched:.3g}"
    verb = "as much as" if ours == theirs else "less than" if surprise.value < surprise.untouched else "more than"
    return (
        f"Your texts surprise it {verb} the untouched model (perplexity {ours} against {theirs}; "
        f"{bits.value:.2f} against {bits.untouched:.2f} bits a byte)."
    )
