"""Lengths of some rows that stand for all."""

from __future__ import annotations

import numpy as np

from studio.tokens.lengths import Lengths


def test_measured_rows_are_counted_as_they_are() -> None:
    lengths = Lengths(np.array([3, 5, 8]))
    assert not lengths.is_estimate
    assert (lengths.rows, lengths.beyond(4), lengths.beyond(8), lengths.longest) == (3, 2, 0, 8)
    assert Lengths(np.array([], dtype=np.int64)).beyond(0) == 0


def test_some_rows_stand_for_all() -> None:
    lengths = Lengths(np.array([10] * 9_000 + [90] * 1_000), of=37_355, known_longest=120)
    assert lengths.is_estimate
    assert lengths.beyond(50) == 3_740  # 3,735.5, to three figures
    assert lengths.beyond(5) == 37_355
    assert lengths.beyond(100) == 1  # one is known, though none was among those measured
    assert (lengths.beyond(120), lengths.longest) == (0, 120)
