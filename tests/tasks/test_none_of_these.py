"""The label for texts of no other label is known by its name."""

from __future__ import annotations

import pytest

from studio.tasks.none_of_these import none_label

LABELS = ("late", "oos", "lost")


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (LABELS, "oos"),
        (("a", "Out_of-scope"), "Out_of-scope"),
        (("a", "None of these"), "None of these"),
        (("other", "nonesuch"), ""),
        ((), ""),
    ],
)
def test_which_label_means_none_of_these(labels: tuple[str, ...], found: str) -> None:
    assert none_label(labels) == found
