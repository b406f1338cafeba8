"""The width of a table goes to what is read and learned, and every head stays readable."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from studio.gui.widgets.column_widths import LEAST_HEAD, NARROW, READABLE_HEAD, shared

WIDE = 1_400  # pixels of a long text in one line


def test_a_text_has_most_of_the_width_beside_columns_in_which_nothing_stands() -> None:
    widths = shared(490, [90, WIDE, 0, 0, 0], [110, 130, 100, 100, 100], [0, 1])
    assert widths[2:] == [100] * 3  # their names can be read; they lie out of view
    assert widths[1] > 490 / 2
    assert sum(widths[:2]) <= 490


def test_used_columns_come_first_and_the_heads_of_others_stay_readable() -> None:
    widths = shared(490, [200, 80, WIDE, WIDE], [90, 90, 130, 130], [2, 3])
    assert widths[:2] == [90, 90]
    assert min(widths[2:]) >= 220  # together too wide, and both of them in view
    assert sum(widths[2:]) <= 490
    widths = shared(600, [200, 80, WIDE, WIDE], [140, 140, 130, 130], [2, 3])
    assert widths[:2] == [LEAST_HEAD] * 2  # room for all, if those that nobody uses give way
    assert min(widths[2:]) >= 160
    assert sum(widths) <= 600


def test_too_many_columns_are_wider_than_the_view_instead_of_crushed() -> None:
    wanted, heads = [60, 60, 60, WIDE, 60, 60, 0, WIDE, 80], [95, 140, 90, 170, 100, 120, 110, 110, 300]
    widths = shared(470, wanted, heads, [3, 7])
    assert all(width >= min(head, LEAST_HEAD) for width, head in zip(widths, heads, strict=True))
    assert widths[3] >= 220 <= widths[7]
    widths = shared(470, wanted, heads)
    assert all(width >= min(head, READABLE_HEAD) for width, head in zip(widths, heads, strict=True))


def test_a_name_of_several_parts_gives_way_to_what_is_used() -> None:
    wanted, heads, short = [80, WIDE, 300, 90, 60], [120, 130, 140, 140, 140], [80, 110, 100, 90, 100]
    widths = shared(470, wanted, heads, [1, 4], short)
    assert sum(widths[1:]) <= 470  # from the text to the label, all is in view
    assert widths[1] >= 160


def test_where_there_is_room_all_is_shown() -> None:
    widths = shared(1_600, [200, 80, WIDE, 0], [90, 90, 130, 100], [2])
    assert (widths[:2], widths[3], sum(widths)) == ([200, 90], 100, 1_600)
    assert shared(600, [0, WIDE], [100, 100]) == [100, 500]
    assert shared(900, [60, 300, 60], [250, 100, 100]) == [250, 550, 100]  # no name is cut while room is left


COLUMNS = some.tuples(some.integers(0, 2_000), some.integers(70, 260), some.booleans())


@given(some.lists(COLUMNS, min_size=1, max_size=12), some.integers(240, 2_000))
@settings(max_examples=60)
def test_every_column_can_be_seen_and_no_room_is_left(columns: list[tuple[int, int, bool]], room: int) -> None:
    wanted, heads = [want for want, _, _ in columns], [head for _, head, _ in columns]
    matter = [n for n, (_, _, matters) in enumerate(columns) if matters]
    widths = shared(room, wanted, heads, matter)
    assert min(widths) >= NARROW
    assert sum(widths) >= room - len(columns)
    assert all(width >= min(head, LEAST_HEAD) for width, head in zip(widths, heads, strict=True))
    assert all(widths[n] >= min(max(heads[n], min(wanted[n], 160)), READABLE_HEAD) for n in matter)
