"""Closeness of texts: the best reference counts, scripts without spaces work."""

from __future__ import annotations

import pytest

from studio.evaluation.closeness import bleu, closeness, is_exact, normalised, word_rule


def test_the_best_of_several_references_counts() -> None:
    assert closeness("a green leaf", ["something else", "a green leaf"]) == 1.0
    assert closeness("a green leaf", ["a green tree"]) < 1.0
    assert closeness("", ["a green leaf"]) == 0.0


def test_bleu_takes_rows_with_different_numbers_of_references() -> None:
    answers = ["the cat sat on the mat today", "it rains a lot in spring here"]
    references = [("another one entirely", "the cat sat on the mat today"), ("it rains a lot in spring here",)]
    assert bleu(answers, references) == pytest.approx(100.0)
    assert bleu(answers, [("the cat sat",), ("dry",)]) < 50


def test_letters_count_where_a_script_has_no_spaces() -> None:
    assert word_rule([("床前明月光",)]) == "char"
    assert word_rule([("Moonlight before the bed",)]) == "13a"


def test_sameness_ignores_case_spaces_and_unicode_form() -> None:
    assert normalised("  Ｈello\tWorld ") == "hello world"
    assert is_exact("Hello  world", ["hello World"])
    assert not is_exact("Hello", ["hello World"])
