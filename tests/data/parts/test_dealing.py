"""The fast way of dealing rows against the rule written plainly."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.parts.dealing import deal, groups
from tests.data.parts import plainly

quick = settings(max_examples=150, deadline=None)
cells = st.tuples(
    st.integers(0, 25).map(str), st.sampled_from(["", "", "", "p", "q", "r", "s"]), st.sampled_from("aaaaabbcd")
)


@quick
@given(
    rows=st.lists(cells, min_size=1, max_size=50),
    are_labels=st.booleans(),
    shares=st.tuples(st.sampled_from([0.0, 0.1, 0.4]), st.sampled_from([0.0, 0.2, 0.5])),
    seed=st.integers(0, 9),
)
def test_the_same_rows_as_by_the_rule_written_plainly(
    rows: list[tuple[str, str, str]], are_labels: bool, shares: tuple[float, float], seed: int
) -> None:
    numbers = [2 * place + 1 for place in range(len(rows))]  # some are not used
    keys = {number: row[0] for number, row in zip(numbers, rows, strict=True)}
    ties = {number: row[1] for number, row in zip(numbers, rows, strict=True) if row[1]}
    labels = {number: row[2] for number, row in zip(numbers, rows, strict=True)} if are_labels else {}
    wanted = [max(1, round(share * len(rows))) if share > 0 else 0 for share in shares]
    expected = plainly.dealt(plainly.grouped(keys, ties, labels), wanted, random.Random(seed))

    names = list(dict.fromkeys(labels.values())) or [""]
    found = groups(
        np.array(numbers),
        np.array([hash(row[0]) for row in rows]),
        np.array([names.index(labels[number]) if labels else 0 for number in numbers], np.int32),
        names,
        tie=np.array([hash(row[1]) for row in rows]),
        is_tied=np.array([row[1] != "" for row in rows]),
    )
    dealt = deal(found, shares, len(rows), random.Random(seed))
    assert dealt is not None
    watching, test = (found.rows_of(some).tolist() for some in dealt)
    assert (watching, test) == expected[:2]
    assert sorted({*numbers} - {*watching, *test}) == expected[2]


def test_it_stops_while_it_draws() -> None:
    many = np.arange(200_000)
    found = groups(many, many, np.zeros(len(many), np.int32), [""])
    asked = iter([False, False])
    assert deal(found, (0.1, 0.1), len(many), random.Random(0), lambda: next(asked, True)) is None


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_where_every_group_is_more_than_is_wanted_the_smallest_one_is_taken(share: float) -> None:
    keys = np.repeat(np.arange(4), [9, 3, 5, 3])  # of 20 rows 1 or 2 are wanted, and no group is so small
    found = groups(np.arange(20), keys, np.zeros(20, np.int32), [""])
    dealt = deal(found, (share, 0.0), 20, random.Random(0))
    assert dealt is not None
    assert [int(found.sizes[group]) for group in dealt[0]] == [3]
    assert dealt[1] == []
