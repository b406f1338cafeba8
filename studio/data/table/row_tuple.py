"""Row numbers, many of them, in little room.

In: numbers of rows. Out: a RowTuple, which is read like a tuple of ints and takes eight bytes a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 10_000  # numbers that are Python's at a time, while somebody goes through all of them


class RowTuple(Sequence[int]):
    """0-based row numbers that stay as they are. Equal to any sequence with the same numbers in the same order."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Sequence[int] | NDArray[np.int64] = ()) -> None:
        import numpy as np

        self._numbers: NDArray[np.int64] = np.array(numbers, np.int64)
        self._numbers.flags.writeable = False

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> RowTuple: ...

    def __getitem__(self, place: int | slice) -> int | RowTuple:
        return RowTuple(self._numbers[place]) if isinstance(place, slice) else int(self._numbers[place])

    def __iter__(self) -> Iterator[int]:
        for start in range(0, len(self._numbers), _BLOCK):
            yield from self._numbers[start : start + _BLOCK].tolist()

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and bool((self._numbers == number).any())

    def __eq__(self, other: object) -> bool:
        import numpy as np

        if isinstance(other, RowTuple):
            return np.array_equal(self._numbers, other._numbers)
        if isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return len(other) == len(self) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._numbers.tobytes())

    def __repr__(self) -> str:
        return f"RowTuple({list(self[:6])}{'' if len(self) < 7 else f' … {len(self):,}'})"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        import numpy as np

        return np.array(self._numbers, dtype) if copy or dtype not in {None, np.dtype(np.int64)} else self._numbers
