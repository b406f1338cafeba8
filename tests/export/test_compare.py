"""Sameness up to rounding, and not further."""

from __future__ import annotations

from typing import Any

from studio.export.compare import compare


def said(tokens: list[int], *tops: dict[int, float]) -> dict[str, Any]:
    return {"ids": [1, 2], "tokens": tokens, "tops": [{str(word): value for word, value in t.items()} for t in tops]}


def test_the_same_words_with_rounded_logits_are_the_same() -> None:
    ours, theirs = said([5, 6], {5: 9.0, 6: 2.0}, {6: 8.0}), said([5, 6], {5: 9.0005, 6: 2.0}, {6: 8.0})
    found = compare([ours], [theirs], dtype="float32")
    assert (found.right, found.ties, found.difference) == (1, 0, "")
    assert 0.0004 < found.largest < 0.0006


def test_a_tie_counts_and_is_told_but_only_within_the_tolerance() -> None:
    tie = compare([said([5], {5: 9.0, 6: 8.9995})], [said([6], {6: 9.0001, 5: 8.9999})], dtype="float32")
    assert (tie.right, tie.ties) == (1, 1)
    assert "up to a tie" in tie.sentence
    other = compare([said([5], {5: 9.0, 6: 8.9})], [said([6], {6: 9.0, 5: 8.9})], dtype="float32")
    assert (other.right, other.difference) == (0, "Question 1: another word from token 1 of the answer on.")
    assert compare([said([5], {5: 9.0, 6: 8.9})], [said([6], {6: 9.0, 5: 8.9})], dtype="bfloat16").right == 1


def test_logits_far_apart_are_not_the_same_even_with_the_same_words() -> None:
    found = compare([said([5], {5: 9.0})], [said([5], {5: 7.0})], dtype="float32")
    assert found.right == 0
    assert "differ by 2" in found.difference


def test_sixteen_bit_logits_may_lie_further_apart_but_a_clear_choice_counts() -> None:
    near = compare([said([5], {5: 40.0, 6: 30.0})], [said([5], {5: 38.75, 6: 30.5})], dtype="bfloat16")
    assert (near.right, near.ties, near.largest) == (1, 0, 1.25)
    assert compare([said([5], {5: 40.0})], [said([5], {5: 36.0})], dtype="bfloat16").right == 0
    other = compare([said([5], {5: 40.0, 6: 39.0})], [said([6], {5: 39.0, 6: 39.5})], dtype="bfloat16")
    assert other.right == 0


def test_an_answer_that_goes_on_is_not_the_same() -> None:
    found = compare([said([5], {5: 9.0})], [said([5, 6], {5: 9.0}, {6: 3.0})], dtype="float32")
    assert found.right == 0


def test_other_tokens_for_the_same_text_are_a_difference() -> None:
    ours, theirs = said([5], {5: 9.0}), {**said([5], {5: 9.0}), "ids": [1, 3]}
    assert "other tokens from token 2" in compare([ours], [theirs], dtype="float32").difference


def test_labels() -> None:
    ours = {"ids": [1], "logits": [1.0, 0.0], "label": "a"}
    assert compare([ours], [{**ours, "logits": [1.0001, 0.0]}], dtype="float32").right == 1
    assert "labelled b" in compare([ours], [{**ours, "logits": [0.0, 1.0], "label": "b"}], dtype="float32").difference
