"""Sentences about foretelling and packing say what the numbers say."""

from __future__ import annotations

from studio.evaluation.report import Figure
from studio.evaluation.verdict import Gain, Way
from studio.evaluation.verdict_texts import on_foretelling, on_packing

FIGURES = (
    Figure("bits", "Bits for each byte of text", 0.91, untouched=1.104, better="lower"),
    Figure("perplexity", "Surprise a token", 14.21, untouched=25.3, better="lower"),
)


def way(key: str, score: float) -> Way:
    return Way(key, key, score, score - 0.02, score + 0.02, key == "tuned")


def test_a_clear_gain_is_told_with_both_models() -> None:
    ways = (way("untouched", 0.391), way("tuned", 0.462))
    gain = Gain("Untouched model", 0.071, 0.05, 0.09, beyond_chance=True)
    told = on_foretelling(ways, gain, rows=120, unit="test texts", figures=FIGURES)
    assert told.answer == "clearly"
    assert "guesses 46.2 of 100 next tokens right (between 44.2 and 48.2)" in told.sentence
    assert "the untouched model guesses 39.1" in told.sentence
    assert (
        "less than the untouched model (perplexity 14.2 against 25.3; 0.91 against 1.10 bits a byte)" in told.sentence
    )


def test_packing_is_told_in_bits_for_each_byte() -> None:
    ways = (way("gzip", 0.6125), way("count", 0.7), way("tuned", 0.73))
    gain = Gain("Counting which byte follows which", 0.03, 0.02, 0.04, beyond_chance=True)
    told = on_packing(ways, gain, rows=100, unit="stretches of test text")
    assert told.answer == "a little"
    assert "needs 2.16 bits for each byte of text that it never saw (between 2.00 and 2.32;" in told.sentence
    assert "a count of which byte follows which takes 2.40, gzip takes 3.10." in told.sentence


def test_a_better_simple_way_is_named() -> None:
    ways = (way("xz", 0.7), way("tuned", 0.5))
    told = on_packing(ways, Gain("xz", -0.2, -0.25, -0.15, beyond_chance=True), rows=100, unit="stretches")
    assert told.answer == "no"
    assert told.sentence.endswith("Xz does better: train longer, or on more text of this kind.")


def test_few_stretches_say_nothing() -> None:
    ways = (way("untouched", 0.3), way("tuned", 0.5))
    gain = Gain("Untouched model", 0.2, 0.1, 0.3, beyond_chance=True)
    told = on_foretelling(ways, gain, rows=12, unit="test texts", figures=FIGURES)
    assert told.answer == "too few rows"
    assert "With fewer than 30 test texts nothing can be said for sure" in told.sentence
