"""Python texts as an Arrow column.

In: texts. Out: an array of strings. It does what `pyarrow.array` does, which first imports pandas: a second of waiting
that reading a small file need not cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_BYTES = 2**31 - 1  # what the places in an Arrow array of strings can count


def text_array(cells: Sequence[str]) -> pa.StringArray:
    """The texts in order; together they are shorter than 2 GB. Raises a UnicodeEncodeError for lone surrogates."""
    import numpy as np
    import pyarrow as pa

    encoded = [cell.encode() for cell in cells]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=ends[1:])
    if ends[-1] > _MOST_BYTES:
        raise OverflowError("more than 2 GB of text in one portion")
    return pa.StringArray.from_buffers(
        len(encoded), pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(encoded))
    )


def number_array(numbers: Sequence[int]) -> pa.Int64Array:
    """Whole numbers in order."""
    import numpy as np
    import pyarrow as pa

    return pa.Array.from_buffers(
        pa.int64(), len(numbers), [None, pa.py_buffer(np.fromiter(numbers, np.int64, len(numbers)))]
    )
