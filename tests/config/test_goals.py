"""What sets the goals apart is said in words that need no knowledge of the field."""

from __future__ import annotations

from studio.config.goals import GOALS
from studio.config.task import TaskConfig


def test_every_score_has_a_name_in_words_and_the_fields_term_behind_it_at_most() -> None:
    for goal in GOALS.values():
        words = goal.score_name.partition(" (")[0]
        assert words == words.lower()
        assert not any(letter.isdigit() or letter == "@" for letter in words), goal.kind


def test_several_labels_and_pairs_with_numbers_have_scores_of_their_own() -> None:
    assert TaskConfig(kind="classify", several=",").score_name.startswith("labels right")
    assert TaskConfig(kind="classify").score_name == "accuracy"
    assert TaskConfig(kind="search", pairing="scores").score_name == "agreement in order"


def test_every_goal_says_what_it_starts_from() -> None:
    assert all(goal.start.endswith(".") for goal in GOALS.values())
    assert GOALS["search"].start != GOALS["find"].start != GOALS["classify"].start
