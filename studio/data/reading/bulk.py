"""The fast way through clean text: a stretch of whole rows becomes columns at once.

In: UTF-8 bytes that begin where a row begins, and a Dialect. Out: a batch of text columns, cell for cell what
records.py gives, or None where the stretch is not clean beyond doubt. Parsing is Arrow's CSV reader; this makes sure
that it meets nothing which it would read otherwise than the strict rules.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.data.reading.signs import Dialect

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_STAND_IN = "\x1f"  # a delimiter for one column; a stretch that holds it is read row by row
_NO_CHARACTERS = ("\U0010fffe", "\U0010ffff", "\U000ffffe", "\U000fffff")  # those that signs.py sets aside


@dataclass(frozen=True)
class Stretch:
    """The first `size` of these bytes, which begin where a row begins and end where a line ends; `is_last` says that
    the text ends with them."""

    data: bytes
    dialect: Dialect
    size: int
    quotes: np.ndarray | None  # where the quotes are; None where there are none

    @classmethod
    def ahead(cls, data: bytes, dialect: Dialect, *, is_last: bool) -> Stretch | None:
        """What stands here up to the end of the last row, if every quote belongs to a quoted cell; None where no row
        ends. `is_last`: the text ends with these bytes."""
        quotes = _places(data, dialect.quote.encode())
        end = len(data) if is_last else _last_line_end(data, len(data))
        while end and not is_last and quotes is not None:
            before = int(quotes.searchsorted(end))
            if before % 2 == 0:
                quotes = quotes[:before]
                break
            end = _last_line_end(data, int(quotes[before - 1]))
        return cls(data, dialect, end, quotes) if end else None

    def lines(self) -> int:
        """The number of line ends."""
        import numpy as np

        found = self._bytes()
        ends = int(np.count_nonzero(found == 10))
        if b"\r" in self.data:
            ends += int(np.count_nonzero(found == 13) - np.count_nonzero((found[:-1] == 13) & (found[1:] == 10)))
        return ends

    def _bytes(self) -> np.ndarray:
        import numpy as np

        return np.frombuffer(self.data, np.uint8, self.size)

    def batch(self, width: int) -> pa.RecordBatch | None:
        """The rows as `width` columns of strings; None where they have to be read row by row."""
        import pyarrow as pa
        import pyarrow.csv as arrow

        delimiter = self.dialect.delimiter or _STAND_IN
        if not self._is_safe(delimiter):
            return None
        names = [str(place) for place in range(width)]
        try:
            table = arrow.read_csv(
                pa.py_buffer(self.data).slice(0, self.size),
                arrow.ReadOptions(use_threads=False, block_size=self.size + 1, column_names=names),
                arrow.ParseOptions(
                    delimiter=delimiter, quote_char=self.dialect.quote or False, newlines_in_values=True
                ),
                arrow.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
                ),
            )
        except pa.ArrowException:
            return None
        batches = table.combine_chunks().to_batches()
        return batches[0] if len(batches) == 1 else None

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether one of these texts stands anywhere in it."""
        return any(self.data.find(text.encode("utf-8", "surrogatepass"), 0, self.size) >= 0 for text in texts)

    def _is_safe(self, delimiter: str) -> bool:
        """Whether Arrow reads this as it stands: it drops a byte order mark, and takes signs of one byte only."""
        dialect = self.dialect
        if dialect.skip_blanks or not (len(delimiter) == 1 and (delimiter + dialect.quote).isascii()):
            return False
        if delimiter == dialect.quote or delimiter in "\r\n" or self.data.startswith(codecs.BOM_UTF8):
            return False
        unknown = [_STAND_IN, *_NO_CHARACTERS] if not dialect.delimiter else []
        if dialect.escape:
            unknown += [dialect.escape, *_NO_CHARACTERS]
        if dialect.comment:
            unknown += [f"\n{dialect.comment}", f"\r{dialect.comment}"]
            if self.data.startswith(dialect.comment.encode()):
                return False
        return not self.holds(unknown) and self._is_regular(delimiter.encode())

    def _is_regular(self, delimiter: bytes) -> bool:
        """Whether quotes stand around whole cells, or doubled inside such cells. Then every second quote, from the
        first on, opens a cell or follows a quote, and each one between closes a cell or is followed by a quote."""
        import numpy as np

        places, data = self.quotes, self._bytes()
        if places is None or len(places) == 0:
            return True
        if len(places) % 2:
            return False
        beside = np.zeros(256, bool)
        beside[list(delimiter + self.dialect.quote.encode() + b"\r\n")] = True
        opening, closing = places[0::2], places[1::2]
        if opening[0] == 0:
            opening = opening[1:]
        if closing[-1] == len(data) - 1:
            closing = closing[:-1]
        return bool(beside[data[opening - 1]].all() and beside[data[closing + 1]].all())


def _places(data: bytes, sign: bytes) -> np.ndarray | None:
    import numpy as np

    if len(sign) != 1 or sign not in data:
        return None
    return np.flatnonzero(np.frombuffer(data, np.uint8) == sign[0])


def _last_line_end(data: bytes, before: int) -> int:
    """Where the last whole line before a place ends; 0 where none does."""
    return data.rfind(b"\n", 0, before) + 1 or data.rfind(b"\r", 0, max(0, before - 1)) + 1
