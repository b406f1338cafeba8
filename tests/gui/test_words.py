"""Numbers in words claim nothing that is not so."""

from __future__ import annotations

import pytest

from studio.gui import words


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (0.0001, "< 0.1 %"), (0.004, "0.4 %"), (0.834, "83 %"), (0.996, "99.6 %"), (0.9999, "> 99.9 %"),
     (1.0, "100 %")],
)  # fmt: skip
def test_a_share_is_never_all_or_nothing_that_only_comes_close(share: float, shown: str) -> None:
    assert words.whole_percent(share) == shown
