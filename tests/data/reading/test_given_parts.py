"""Parts that a table names itself."""

from __future__ import annotations

import pytest

from studio.data.reading.given_parts import Part, part_of


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("train", "training"), ("TRAINING", "training"), ("train_set", "training"), ("dev", "watching"),
        ("Validation", "watching"), ("held-out", "test"), ("test-00001", "test"), ("测试集", "test"),
        ("prueba", "test"),
        ("", None), ("north", None), ("train or test", None), ("the test that we wrote yesterday", None),
    ],
)  # fmt: skip
def test_a_cell_names_its_part(value: str, part: Part | None) -> None:
    assert part_of(value) == part
