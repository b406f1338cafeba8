"""The width of a table goes to what is read and learned; nothing else presses it aside."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from studio.gui.widgets.column_widths import NARROW, shared

WIDE = 1_400  # pixels of a long text in one line


def test_a_text_has_most_of_the_width_beside_columns_in_which_nothing_stands() -> None:
    widths = shared(490, [90, WIDE, 0, 0, 0], [110, 130, 100, 100, 100], [0, 1])
    assert widths[2:] == [NARROW] * 3
    assert widths[1] > 490 / 2
    assert sum(widths[:2]) <= 490


def test_a_text_and_its_answer_are_seen_beside_columns_that_nobody_uses() -> None:
    widths = shared(490, [200, 80, WIDE, WIDE], [90, 90, 130, 130], [2, 3])
    assert widths[:2] == [NARROW, NARROW]
    assert sum(widths) <= 490
    assert min(widths[2:]) >= 160
    widths = shared(468, [90, 80, 70, 180, WIDE], [90, 90, 90, 190, 160], [3, 4])
    assert sum(widths) <= 468  # both with all of their width
    assert min(widths[3:]) >= 120


def test_where_there_is_room_all_is_shown() -> None:
    widths = shared(1_600, [200, 80, WIDE, 0], [90, 90, 130, 100], [2])
    assert (widths[:2], sum(widths)) == ([200, 90], 1_600)
    assert shared(600, [0, WIDE], [100, 100]) == [NARROW, 600 - NARROW]


COLUMNS = some.tuples(some.integers(0, 2_000), some.integers(70, 260), some.booleans())


@given(some.lists(COLUMNS, min_size=1, max_size=12), some.integers(240, 2_000))
@settings(max_examples=60)
def test_every_column_can_be_seen_and_no_room_is_left(columns: list[tuple[int, int, bool]], room: int) -> None:
    wanted, least = [want for want, _, _ in columns], [low for _, low, _ in columns]
    matter = [n for n, (_, _, matters) in enumerate(columns) if matters]
    widths = shared(room, wanted, least, matter)
    assert min(widths) >= NARROW
    assert sum(widths) >= room - len(columns)
    assert all(widths[n] >= min(least[n], 110) for n in matter)
