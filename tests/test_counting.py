"""Counts in words."""

from __future__ import annotations

import pytest

from studio.counting import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows repeat"), (1, "One row repeats"), (2, "2 rows repeat"), (1234, "1,234 rows repeat")]
)
def test_the_form_and_the_separators_fit_the_count(count: int, said: str) -> None:
    assert counted(count, "One row repeats", "{} rows repeat") == said
    assert counted(count, "One row repeats", "{count} rows repeat") == said


def test_braces_in_a_name_stay() -> None:
    assert counted(2, "", "{} rows have no “{text}”") == "2 rows have no “{text}”"
    assert counted(1, "1 row has no “{0}”", "") == "1 row has no “{0}”"
