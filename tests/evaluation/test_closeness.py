"""Closeness of texts: the best reference counts, scripts without spaces work."""

from __future__ import annotations

import random

import pytest
from sacrebleu import corpus_bleu
from sacrebleu.metrics.bleu import BLEU

from studio.evaluation.closeness import bleu, closeness, is_exact, normalised, word_rule


def test_the_best_of_several_references_counts() -> None:
    assert closeness("a green leaf", ["something else", "a green leaf"]) == 1.0
    assert closeness("a green leaf", ["a green tree"]) < 1.0
    assert closeness("", ["a green leaf"]) == 0.0


def test_bleu_takes_rows_with_different_numbers_of_references() -> None:
    answers = ["the cat sat on the mat today", "it rains a lot in spring here"]
    references = [("another one entirely", "the cat sat on the mat today"), ("it rains a lot in spring here",)]
    assert bleu(answers, references).value == pytest.approx(100.0)
    assert bleu(answers, [("the cat sat",), ("dry",)]).value < 50


def test_bleu_is_that_of_the_whole_and_its_interval_that_of_drawn_answers() -> None:
    """Against sacrebleu's own figure, and its own resampling."""
    dice = random.Random(0)
    words = ("the", "a", "cat", "mat", "town", "rain", "sat", "came", "on", "in", "old", "while", "nobody", "was")
    known = [" ".join(dice.choices(words, k=12)) for _ in range(40)]
    answers = [" ".join(w if dice.random() < 0.8 else "so" for w in line.split()) for line in known]
    found = bleu(answers, [(line,) for line in known])
    whole = BLEU().corpus_score(answers, [known], n_bootstrap=2000)
    assert found.value == pytest.approx(whole.score)
    assert found.high - found.low == pytest.approx(2 * whole._ci, rel=0.1)
    assert found == bleu(answers, [(line,) for line in known])
    assert found != bleu(answers, [(line,) for line in known], seed=1)


def test_answers_without_long_shared_runs_score_as_everywhere() -> None:
    """No run of four words is shared: the case that smoothing is for."""
    known = ["the cat sat on the mat", "it rains a lot in spring"]
    answers = ["the cat lay on a mat", "it snows a lot in May"]
    found = bleu(answers, [(line,) for line in known])
    assert found.value == pytest.approx(corpus_bleu(answers, [known]).score)
    assert 0 < found.low <= found.value <= found.high

    short, longer = ["yes it is so"] * 6 + ["no it is not"] * 6, ["yes that is so"] * 6 + ["no that was not it"] * 6
    several = bleu(short, [(line,) for line in longer])
    assert several.value == pytest.approx(corpus_bleu(short, [longer]).score)
    assert several.value > 0


def test_letters_count_where_a_script_has_no_spaces() -> None:
    assert word_rule([("床前明月光",)]) == "char"
    assert word_rule([("Moonlight before the bed",)]) == "13a"


def test_sameness_ignores_case_spaces_and_unicode_form() -> None:
    assert normalised("  Ｈello\tWorld ") == "hello world"
    assert is_exact("Hello  world", ["hello World"])
    assert not is_exact("Hello", ["hello World"])
