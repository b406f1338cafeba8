"""Exact match and F1 of answers about a text, against figures worked out by hand."""

from __future__ import annotations

import pytest

from studio.evaluation.squad import answer_words, exact, f1, told


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ("The Eiffel Tower.", "Eiffel tower"),
        ("  an   apple ", "Apple"),
        ("“Nora”", "Nora"),
        ("北京。", "北京"),
        ("Straße", "STRASSE"),
        ("U.S.", "US"),
        ("−5 °C", "-5 °C"),
    ],
)
def test_case_signs_and_articles_make_no_difference(answer: str, known: str) -> None:
    assert exact(answer, [known])
    assert f1(answer, [known]) == 1.0


@pytest.mark.parametrize(("answer", "known"), [("15 mg", "1.5 mg"), ("5 °C", "-5 °C"), ("1,5", "15")])
def test_another_number_is_another_answer(answer: str, known: str) -> None:
    assert not exact(answer, [known])
    assert f1(answer, [known]) < 1.0


def test_a_dash_between_numbers_and_words_is_a_sign() -> None:
    assert answer_words("COVID-19, 1990-1995") == ("covid19", "19901995")


@pytest.mark.parametrize(
    ("answer", "known", "wanted"),
    [
        ("in the old mill", "the mill", 2 * 1 / (3 + 1)),
        ("red red blue", "red blue blue", 2 * 2 / (3 + 3)),  # a word counts as often as both have it
        ("北京市", "北京", 2 * 2 / (3 + 2)),
        ("nothing of it", "the mill", 0.0),
        ("two hours a day", "two hours", 2 * 2 / (3 + 2)),
    ],
)
def test_f1_by_hand(answer: str, known: str, wanted: float) -> None:
    assert f1(answer, [known]) == pytest.approx(wanted)


def test_the_closest_of_several_known_answers_counts() -> None:
    assert f1("two hours", ["120 minutes", "two hours a day"]) == pytest.approx(0.8)
    assert exact("two hours", ["120 minutes", "Two hours."])


def test_no_answer_is_right_or_wrong_as_a_whole() -> None:
    for none in ((), ("",)):
        assert exact("", none)
        assert f1("", none) == 1.0
        assert not exact("two hours", none)
        assert f1("two hours", none) == 0.0
    assert not exact("", ["two hours"])
    assert f1("", ["two hours"]) == 0.0


@pytest.mark.parametrize("answer", ["A", "The", "?", "—"])
def test_an_answer_of_articles_or_signs_is_not_no_answer(answer: str) -> None:
    assert answer_words(answer)
    assert not exact(answer, ())
    assert exact(answer, [answer])


def test_only_the_sentence_for_it_says_that_there_is_no_answer() -> None:
    nothing = "The text does not say."
    assert told("the text does not say", nothing) == ""
    assert told("two hours", nothing) == "two hours"
    assert not exact(told(" ", nothing), ())
    assert f1(told("", nothing), ["two hours"]) == 0.0
