"""Scores of labels, counted by hand."""

from __future__ import annotations

from studio.evaluation.scores import Mistake, confusion, label_scores, most_confused, surest_first, weakest

TRUTH = ("a", "a", "a", "a", "a", "a", "b", "b", "c")
ANSWERS = ("a", "a", "a", "b", "b", "c", "b", "b", "c")


def test_precision_and_recall_of_each_label_that_occurs() -> None:
    a, b, c = label_scores(TRUTH, ANSWERS, ("a", "b", "c", "never"))
    assert (a.label, a.count, a.precision, a.recall) == ("a", 6, 1.0, 0.5)
    assert (b.count, b.precision, b.recall) == (2, 0.5, 1.0)
    assert c.f1 == 2 * 0.5 * 1 / 1.5


def test_confusion_counts_truth_in_rows() -> None:
    assert confusion(TRUTH, ANSWERS, ("a", "b", "c")).counts == ((3, 2, 1), (0, 2, 0), (0, 0, 1))
    assert [(c.truth, c.answer, c.count) for c in most_confused(TRUTH, ANSWERS)] == [("a", "b", 2), ("a", "c", 1)]


def test_the_weakest_label_needs_rows_enough() -> None:
    scores = label_scores(("a", *TRUTH), ("x", *ANSWERS), ("a", "b", "c", "x"))
    found = weakest(scores)
    assert found is not None
    assert found.label == "a"
    assert weakest(scores, at_least=50) is None


def test_no_label_is_called_weakest_where_two_share_the_last_place() -> None:
    truth, answers = ["a"] * 5 + ["b"] * 6, ["b", *["a"] * 4, "a", "a", *["b"] * 4]
    assert (found := weakest(label_scores(truth, answers, ("a", "b")))) is not None
    assert found.label == "b"
    truth, answers = ["a"] * 5 + ["b"] * 5, ["b", *["a"] * 4, "a", *["b"] * 4]
    assert weakest(label_scores(truth, answers, ("a", "b"))) is None


def test_the_surest_mistake_comes_first() -> None:
    mild, sure = Mistake(1, "x", "a", "b", 0.5), Mistake(2, "y", "a", "b", 0.9)
    assert surest_first([mild, sure]) == (sure, mild)
