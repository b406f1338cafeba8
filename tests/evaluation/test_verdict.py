"""The sentence says what the numbers say, also when they are not flattering."""

from __future__ import annotations

import pytest

from studio.evaluation.scores import Confused, LabelScore
from studio.evaluation.verdict import (
    Gain,
    Way,
    decide,
    on_answers,
    on_labels,
    on_numbers,
    on_pairs,
    on_preferences,
    on_scores,
    on_search,
)

TUNED = Way("tuned", "Your model", 0.93, 0.92, 0.95, is_tuned=True)
KEYWORDS = Way("keywords", "Keyword model", 0.81, 0.78, 0.84, seconds=2.2)
UNTOUCHED = Way("untouched", "Untouched model with a quick head", 0.62, 0.58, 0.66)
ALWAYS = Way("always", "Always the most common label", 0.19, 0.17, 0.21)
WAYS = (ALWAYS, KEYWORDS, UNTOUCHED, TUNED)
WEAK = LabelScore("side effect", 135, 0.9, 0.86, 0.88)
CONFUSED = (Confused("billing", "other", 20), Confused("side effect", "refill", 14))


def labels(gain: Gain, rows: int = 847, ways: tuple[Way, ...] = WAYS) -> str:
    found = on_labels(ways, gain, rows=rows, weakest=WEAK, confused=CONFUSED)
    return f"{found.headline} {found.sentence}"


def test_a_clear_gain_is_told_with_everything_that_matters() -> None:
    assert labels(Gain("Keyword model", 0.12, 0.09, 0.15, True)) == (
        "Is it better? Yes, clearly. Your model labels 93 of 100 texts right (between 92 and 95 of 100). "
        "A keyword model made in two seconds gets 81, the untouched model with a quick head gets 62. "
        "The gain is beyond chance. It is weakest on side effect, which it takes for refill in 14 rows."
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "rows", "other", "answer"),
    [
        (0.12, 0.09, 0.15, 800, 0.81, "clearly"),
        (0.03, 0.01, 0.05, 800, 0.90, "clearly"),  # three in ten errors are gone
        (0.02, 0.01, 0.03, 800, 0.80, "a little"),
        (0.02, -0.01, 0.05, 800, 0.80, "hard to tell"),
        (0.001, -0.01, 0.01, 800, 0.80, "no"),
        (-0.10, -0.15, -0.05, 800, 0.80, "no"),
        (0.40, 0.20, 0.60, 29, 0.50, "too few rows"),
    ],
)
def test_decisions(value: float, low: float, high: float, rows: int, other: float, answer: str) -> None:
    gain = Gain("Keyword model", value, low, high, beyond_chance=low > 0 or high < 0)
    assert decide(gain, rows=rows, best_other=other) == answer


def test_a_gain_that_luck_could_give_is_hard_to_tell_whatever_its_interval() -> None:
    gain = Gain("Keyword model", 0.07, 0.02, 0.13, beyond_chance=False)
    assert decide(gain, rows=59, best_other=0.78) == "hard to tell"


def test_a_model_that_is_not_better_is_told_so() -> None:
    same = (ALWAYS, Way("keywords", "Keyword model", 0.934, 0.92, 0.95, seconds=1.6), TUNED)
    told = labels(Gain("Keyword model", -0.004, -0.01, 0.01, False), ways=same)
    assert "Is it better? No." in told
    assert (
        "A keyword model made in two seconds does at least as well: single words already tell these texts apart. Add"
        in told
    )
    assert "93.0 of 100" in told  # a digit more where whole points would hide the difference
    assert "does better" in labels(Gain("Keyword model", -0.1, -0.15, -0.05, True), ways=same)


def test_few_rows_are_counted_as_rows_in_every_way() -> None:
    told = labels(Gain("Keyword model", 0.1, 0.05, 0.2, True), rows=20)
    assert "labels 19 of 20 texts right (between 18 and 19 of 20). A keyword model made in two seconds gets 16," in told
    assert "Too few test rows to tell" in told
    assert "of 100" not in told


def test_some_rows_are_told_of_a_hundred_and_counted_once() -> None:
    ours = Way("tuned", "Your model", 49 / 59, 0.73, 0.93, is_tuned=True)
    told = labels(Gain("Keyword model", 0.1, 0.05, 0.2, True), rows=59, ways=(ALWAYS, KEYWORDS, UNTOUCHED, ours))
    assert "Your model labels 83 of 100 texts right (49 of 59; between 73 and 93 of 100). A keyword model" in told
    assert "gets 81, the untouched model with a quick head gets 62." in told
    hundred = labels(Gain("Keyword model", 0.1, 0.05, 0.2, True), rows=100)
    assert "Your model labels 93 of 100 texts right (between 92 and 95 of 100)." in hundred


def test_a_single_row_is_told_in_good_grammar() -> None:
    ways = (Way("always", "", 0.0, 0.0, 0.975), Way("keywords", "", 1.0, 0.025, 1.0, seconds=1),
            Way("untouched", "Untouched model with a quick head", 0.0, 0.0, 0.975),
            Way("tuned", "Your model", 1.0, 0.025, 1.0, is_tuned=True))  # fmt: skip
    found = on_labels(ways, Gain("", 0.0, 0.0, 0.0, False), rows=1, weakest=None, confused=())
    assert found.sentence == (
        "Your model labels 1 of 1 text right (between 0 and 1 of 1). A keyword model made in one second gets 1, the "
        "untouched model with a quick head gets 0. With fewer than 30 test rows nothing can be said for sure: set more "
        "rows apart. It made no mistake on this row."
    )


@pytest.mark.parametrize(
    ("value", "high", "words"),
    [(0.0, 0.05, "There is no difference: more test rows"), (0.01, 0.05, "The difference could be chance: more test")],
)
def test_what_is_hard_to_tell_is_told_so(value: float, high: float, words: str) -> None:
    told = labels(Gain("Keyword model", value, -0.05, high, False))
    assert "Is it better? Hard to tell." in told
    assert words in told


@pytest.mark.parametrize(
    ("high", "words"), [(-0.05, "label gets more right, so"), (0.01, "label does at least as well, so")]
)
def test_the_most_common_label_is_named_where_nothing_beats_it(high: float, words: str) -> None:
    common = Way("always", "Always the most common label", 0.95, 0.93, 0.97)
    told = labels(Gain("Always the most common label", -0.02, -0.1, high, high < 0), ways=(common, *WAYS[1:]))
    assert "always naming the most common label gets 95" in told.lower()
    assert f"Always naming the most common {words} it has learned nothing of use yet: add rows." in told


def test_answers_are_told_with_closeness_and_surprise() -> None:
    ways = (
        Way("nearest", "Copying the nearest answer", 0.4, 0.3, 0.5),
        Way("untouched", "Untouched model", 0.3, 0.2, 0.4),
        Way("tuned", "Your model", 0.62, 0.6, 0.64, is_tuned=True),
    )
    gain = Gain("Copying the nearest answer", 0.22, 0.1, 0.3, True)
    found = on_answers(ways, gain, rows=100, perplexity=2.9, untouched_perplexity=14.2)
    assert found.sentence == (
        "Your model's answers are 62 % close to yours (between 60 and 64 %). Copying the answer of the most similar "
        "known question reaches 40 %, the untouched model reaches 30 %. The gain is beyond chance. Your own answers "
        "surprise it less than the untouched model (perplexity 2.9 against 14.2)."
    )
    same = on_answers(ways, gain, rows=9, perplexity=2.9, untouched_perplexity=2.9)
    assert "surprise it as much as the untouched model" in same.sentence
    assert "With fewer than 30 test questions nothing" in same.sentence


def _searched(tuned: float, other: float) -> list[Way]:
    words = Way("words", "Words in common (BM25)", 0.2, 0.1, 0.3)
    untouched = Way("untouched", "Untouched model", other, other - 0.1, other + 0.1)
    return [words, untouched, Way("tuned", "Your model", tuned, tuned - 0.1, tuned + 0.1, is_tuned=True)]


def test_a_search_is_told_in_queries_of_a_hundred() -> None:
    gain = Gain("Untouched model", 0.2, 0.1, 0.3, beyond_chance=True)
    first = {"words": 0.15, "untouched": 0.5, "tuned": 0.72}
    found = on_search(_searched(0.8, 0.6), gain, queries=200, first=first, among_ten=0.96)
    assert found.answer == "clearly"
    assert found.sentence.startswith("For 72 of 100 queries your model finds a right passage first, for 96 among")
    assert "Comparing words alone gets 15 first, the untouched model gets 50 first." in found.sentence
    assert "(MRR@10) is 0.80, between 0.70 and 0.90, against 0.60." in found.sentence
    assert found.emphasis == ("72 of 100",)


def test_few_queries_are_told_as_they_are() -> None:
    gain = Gain("Untouched model", 0.2, 0.1, 0.3, beyond_chance=True)
    found = on_search(_searched(0.8, 0.6), gain, queries=8, first=dict.fromkeys(("words", "untouched", "tuned"), 0.5),
                      among_ten=1.0)  # fmt: skip
    assert found.answer == "too few rows"
    assert found.sentence.startswith("For 4 of 8 queries your model finds a right passage first, for 8 among")


def test_pairs_are_told_by_their_order() -> None:
    gain = Gain("Untouched model", -0.1, -0.2, -0.05, beyond_chance=True)
    found = on_pairs(_searched(0.7, 0.8), gain, pairs=300)
    assert found.answer == "no"
    assert "agrees with your numbers to 0.70 (between 0.60 and 0.80" in found.sentence
    assert "the untouched model reaches 0.80." in found.sentence


def test_a_name_that_quotes_stands_in_quotes_that_can_be_told_apart() -> None:
    ways = (Way("none", "Always “no answer”", 0.17, 0.1, 0.3), TUNED)
    found = on_scores(
        ways, Gain("Always “no answer”", 0.76, 0.7, 0.8, True), rows=200, unit="test questions", score="F1"
    )
    assert "“Always ‘no answer’” reaches 17 %" in found.sentence


def test_numbers_are_told_with_a_verb_and_as_exactly_as_they_are_known() -> None:
    ways = [Way("always", "Always the average", 0, 0, 0), Way("keywords", "Keyword model", 0.7, 0.5, 0.8, seconds=1),
            Way("tuned", "Your model", 0.794, 0.41, 0.95, is_tuned=True)]  # fmt: skip
    gain = Gain("Keyword model", 0.09, -0.1, 0.2, beyond_chance=False)
    off = {"always": 2.917, "keywords": 2.15, "tuned": 1.722}
    found = on_numbers(ways, gain, rows=40, off=off, spread=(0, 10), digits=1)
    assert found.sentence.startswith(
        "Your model is off by 1.7 on average, on numbers from 0 to 10. Always the average is off by 2.9, a keyword "
        "model made in one second by 2.1. "
    )


def test_telling_better_from_worse_is_not_called_writing_better() -> None:
    ways = [Way("chance", "Tossing a coin", 0.5, 0.4, 0.6), Way("tuned", "Your model", 0.9, 0.8, 0.95, is_tuned=True)]
    gain = Gain("Tossing a coin", 0.4, 0.3, 0.5, beyond_chance=True)
    found = on_preferences(ways, gain, rows=40, what="pairs")
    assert found.headline == "Does it tell better from worse? Yes, clearly."
    assert found.sentence.endswith("Whether it also writes better can be read in its answers.")
