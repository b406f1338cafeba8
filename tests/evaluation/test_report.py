"""A report as a page to read: ranges where there are some, real minus signs, and which way is good."""

from __future__ import annotations

from dataclasses import replace

from studio.evaluation.report import Counts, Figure, Report, readable
from studio.evaluation.scores import Miss
from studio.evaluation.verdict import Gain, Verdict, Way

REPORT = Report(
    kind="prefer",
    verdict=Verdict("no", "Is it better? No.", "It is not.", ()),
    subtitle="40 test rows",
    score_name="Better answers favoured",
    ways=(Way("chance", "A coin", 0.5, 0.5, 0.5), Way("tuned", "Your model", 0.45, 0.4, 0.5, is_tuned=True)),
    gain=Gain("A coin", -0.05, -0.1, 0.0, False),
    figures=(
        Figure(
            "missed", "“No answer” said where the text holds one (20)", 100.0, 83.2, 100.0, unit="%", better="lower"
        ),
        Figure("held", "Found (20)", 0.0, 0.0, 0.0, unit="%"),
    ),
    counts=Counts(100, 20, 40, 40, {}),
    limits=(),
    made="today",
)


def test_a_way_without_chance_in_it_has_no_range() -> None:
    told = readable(REPORT)
    assert "| A coin | 50.0 % | – |" in told
    assert "| **Your model** | 45.0 % | 40.0 % to 50.0 % |" in told
    assert "0.0 % to 0.0 %" not in told


def test_numbers_below_nought_have_a_minus_sign_and_a_figure_says_when_little_is_good() -> None:
    told = readable(REPORT)
    assert "(a coin): −5.0 points" in told
    assert "the text holds one (20) – lower is better |" in told


def test_a_given_number_has_the_digits_of_its_scale() -> None:
    rated = replace(REPORT, kind="rate", misses=(Miss(3, "Fine.", 4.0, 9.2134),))
    assert "| 4 | Fine. | 4 | 9.2 |" in readable(replace(rated, scale=(0.0, 10.0)))
    assert "| 4 | Fine. | 4 | 9.21 |" in readable(rated)
