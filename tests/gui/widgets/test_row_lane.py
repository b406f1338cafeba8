"""Where rows lie: places and rows lead to each other, the ends are kept, and nothing is measured that is not seen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from studio.gui.widgets.row_lane import RowLane

USUAL = 39


def lane(rows: int, view: int = 400, heights: tuple[int, ...] = (39, 58, 77)) -> RowLane:
    made = RowLane(lambda row: heights[row % len(heights)], USUAL)
    made.resize(view)
    made.begin(rows)
    return made


def test_rows_follow_each_other_without_gaps() -> None:
    shown = lane(1000).in_view()
    assert shown[0] == (0, 0, 39)
    for one, other in pairwise(shown):
        assert other.top == one.top + one.height
    assert shown[-1].top < 400 <= shown[-1].top + shown[-1].height


@given(
    some.integers(0, 400),
    some.lists(some.integers(-3000, 3000), max_size=12),
    some.integers(1, 900),
    some.tuples(*[some.integers(39, 300)] * 5),
)
@settings(max_examples=60)
def test_scrolling_never_leaves_the_rows(rows: int, steps: list[int], view: int, heights: tuple[int, ...]) -> None:
    here = lane(rows, view, heights)
    for step in steps:
        here.scroll(step)
        shown = here.in_view()
        assert bool(shown) == (rows > 0)
        assert 0 <= here.value <= here.most
        if shown:
            assert shown[0].top <= 0
            end = shown[-1].top + shown[-1].height
            assert end >= view or shown[0] == (0, 0, heights[0])
            for one in shown:
                assert here.row_at(one.top) == one.row
                assert here.top_of(one.row) == one.top


@given(some.integers(1, 300), some.integers(0, 299), some.integers(0, 299), some.integers(200, 700))
@settings(max_examples=60)
def test_a_row_that_is_shown_is_seen_whole(rows: int, first: int, wanted: int, view: int) -> None:
    here = lane(rows, view)
    here.begin(rows, first)
    here.show(min(wanted, rows - 1), 36)
    found = [one for one in here.in_view() if one.row == min(wanted, rows - 1)]
    assert found
    assert found[0].top >= 0
    assert found[0].top + found[0].height <= view


def test_the_scroll_bar_leads_to_the_place_that_it_tells() -> None:
    here = lane(5000)
    for value in range(0, here.most, 997):
        here.go(value)
        assert abs(here.value - value) <= 1
    here.go(here.most)
    last = here.in_view()[-1]
    assert (last.row, last.top + last.height) == (4999, 400)


def test_ten_million_rows_are_not_measured_one_by_one() -> None:
    asked: list[int] = []

    def measure(row: int) -> int:
        asked.append(row)
        return 58

    here = RowLane(measure, USUAL)
    here.resize(700)
    here.begin(10_000_000)
    here.go(here.most // 2)
    here.show(9_999_000)
    assert here.top_of(3) < -10_000_000
    assert here.row_at(-5_000_000) > 9_000_000
    assert len(asked) < 100
    assert here.most < 2**31


def test_what_is_read_stays_where_it_is_when_rows_are_measured_anew() -> None:
    heights = {"all": 39}
    here = RowLane(lambda _: heights["all"], USUAL)
    here.resize(400)
    here.begin(1000)
    here.scroll(5000)
    first, above = here.first, here.above
    heights["all"] = 77
    here.forget()
    here.settle()
    assert (here.first, here.above) == (first, above)
