from __future__ import annotations

import numpy as np

from studio.data.table.row_tuple import RowTuple


def test_it_is_read_like_a_tuple_of_ints() -> None:
    numbers = RowTuple([4, 7, 9])
    assert list(numbers) == [4, 7, 9]
    assert len(numbers) == 3
    assert all(type(number) is int for number in (*numbers, numbers[0], numbers[-1]))
    assert numbers[1:] == (7, 9)
    assert numbers[::2] == [4, 9]
    assert 7 in numbers
    assert 5 not in numbers
    assert "7" not in numbers
    assert numbers == (4, 7, 9)
    assert numbers != (4, 7)
    assert numbers != (4, 7, 8)
    assert numbers != "479"
    assert numbers == RowTuple((4, 7, 9))
    assert hash(numbers) == hash(RowTuple([4, 7, 9]))
    assert not RowTuple()
    assert RowTuple() == ()
    assert np.asarray(numbers).tolist() == [4, 7, 9]
    assert np.asarray(numbers, np.int32).dtype == np.int32
    assert repr(RowTuple(range(9))) == "RowTuple([0, 1, 2, 3, 4, 5] … 9)"


def test_nobody_can_change_it() -> None:
    given = np.array([1, 2, 3])
    numbers = RowTuple(given)
    given[0] = 9
    assert numbers == (1, 2, 3)
    assert not np.asarray(numbers).flags.writeable
