"""The fast way through clean text: a stretch of whole rows becomes columns at once.

In: UTF-8 bytes that begin where a row begins, and a Dialect. Out: a batch of text columns, cell for cell what
records.py gives, or None where the stretch is not clean beyond doubt. Parsing is Arrow's CSV reader; this makes sure
that it meets nothing which it would read otherwise than the strict rules.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from studio.data.reading.delimited.signs import Dialect

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_STAND_IN = "\x1f"  # a delimiter for one column; a stretch that holds it is read row by row
_NO_CHARACTERS = ("\U0010fffe", "\U0010ffff", "\U000ffffe", "\U000fffff")  # those that signs.py sets aside


class Odd(NamedTuple):
    """A row of another number of cells: the 0-based `line` of the stretch that it is, how many of the rows that were
    read stand `before` it, and its `raw` line."""

    line: int
    before: int
    raw: bytes


class Read(NamedTuple):
    """The rows of a stretch, and those left out of them."""

    rows: pa.RecordBatch
    odd: tuple[Odd, ...] = ()


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

    def read(self, width: int) -> Read | None:
        """The rows as `width` columns of strings; None where they have to be read row by row."""
        if not self._is_safe(self.dialect.delimiter or _STAND_IN):
            return None
        rows = self._parsed(width, None)
        if rows is not None:
            return Read(rows)
        try:
            self.data[: self.size].decode()  # Arrow reports rows of another width only where they are UTF-8
        except UnicodeDecodeError:
            return None
        numbers: list[int] = []
        rows = self._parsed(width, numbers)
        odd = self._odd(numbers, rows.num_rows) if rows is not None else None
        return Read(rows, odd) if rows is not None and odd is not None else None

    def _parsed(self, width: int, numbers: list[int] | None) -> pa.RecordBatch | None:
        """The rows; `numbers` takes the 1-based numbers of those that have another width, and are left out. None where
        there are such rows and nothing takes them, or other faults."""
        import pyarrow as pa
        import pyarrow.csv as arrow

        found = numbers if numbers is not None else []

        def leave_out(row: arrow.InvalidRow) -> str:
            found.append(row.number)
            return "skip"

        names = [str(place) for place in range(width)]
        try:
            table = arrow.read_csv(
                pa.py_buffer(self.data).slice(0, self.size),
                arrow.ReadOptions(use_threads=False, block_size=self.size + 1, column_names=names),
                arrow.ParseOptions(
                    delimiter=self.dialect.delimiter or _STAND_IN,
                    quote_char=self.dialect.quote or False,
                    newlines_in_values=True,
                    invalid_row_handler=None if numbers is None else leave_out,
                ),
                arrow.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
                ),
            )
        except pa.ArrowException:
            return None
        batches = table.combine_chunks().to_batches()
        return batches[0] if len(batches) == 1 else None

    def _odd(self, numbers: Sequence[int], rows: int) -> tuple[Odd, ...] | None:
        """The rows with these 1-based numbers, which are their lines where each row is one line; else None."""
        import numpy as np

        if not numbers:
            return ()
        ends = np.flatnonzero(self._bytes() == 10) + 1
        if self.lines() != len(ends):  # some lines end otherwise
            return None
        if len(ends) == 0 or ends[-1] != self.size:
            ends = np.append(ends, self.size)
        if len(ends) != rows + len(numbers):
            return None
        starts = np.concatenate(([0], ends[:-1]))
        return tuple(
            Odd(number - 1, number - 1 - place, self.data[starts[number - 1] : ends[number - 1]])
            for place, number in enumerate(numbers)
        )

    def holds(self, texts: Iterable[str]) -> bool:
        """Whether one of these texts stands anywhere in it."""
        return any(self.data.find(text.encode("utf-8", "surrogatepass"), 0, self.size) >= 0 for text in texts)

    def _is_safe(self, delimiter: str) -> bool:
        """Whether Arrow reads this as it stands: it drops a byte order mark, and takes signs of one byte only."""
        dialect = self.dialect
        if dialect.skip_blanks or dialect.frame or not (len(delimiter) == 1 and (delimiter + dialect.quote).isascii()):
            return False
        if delimiter == dialect.quote or delimiter in "\r\n" or self.data.startswith(codecs.BOM_UTF8):
            return False
        unknown = [_STAND_IN] if not dialect.delimiter else []
        if dialect.escape:
            unknown += [dialect.escape, *_NO_CHARACTERS]
        if dialect.comment:
            unknown += [f"\n{dialect.comment}", f"\r{dialect.comment}"]
            if self.data.startswith(dialect.comment.encode()):
                return False
        return not self.holds(unknown) and self._is_regular(delimiter.encode())

    def _is_regular(self, delimiter: bytes) -> bool:
        """Whether quotes stand around whole cells, doubled inside such cells, or inside cells that do not begin with
        one."""
        import numpy as np

        places, data = self.quotes, self._bytes()
        if places is None or len(places) == 0:
            return True
        beside = np.zeros(256, bool)
        beside[list(delimiter + b"\r\n")] = True
        opens = beside[data[places - 1]]
        opens[0] |= places[0] == 0
        closes = beside[data[np.minimum(places + 1, len(data) - 1)]]
        closes[-1] |= places[-1] == len(data) - 1
        doubled = np.zeros(len(places), bool)  # followed by another quote
        doubled[:-1] = places[1:] == places[:-1] + 1
        if len(places) % 2 == 0:  # mostly every second one opens a cell, and the one after it closes it
            inner = np.concatenate(([False], doubled[:-1]))  # follows another quote
            if (opens | inner)[0::2].all() and (closes | doubled)[1::2].all():
                return True
        return _is_regular_one_by_one(opens.tolist(), closes.tolist(), doubled.tolist())


def _is_regular_one_by_one(opens: list[bool], closes: list[bool], doubled: list[bool]) -> bool:
    """The same for quotes of which some are plain characters of a cell."""
    place, count = 0, len(opens)
    while place < count:
        is_opening = opens[place]
        place += 1
        if not is_opening:
            continue
        while place < count and doubled[place]:
            place += 2
        if place >= count or not closes[place]:
            return False
        place += 1
    return True


def _places(data: bytes, sign: bytes) -> np.ndarray | None:
    import numpy as np

    if len(sign) != 1 or sign not in data:
        return None
    return np.flatnonzero(np.frombuffer(data, np.uint8) == sign[0])


def _last_line_end(data: bytes, before: int) -> int:
    """Where the last whole line before a place ends; 0 where none does."""
    return data.rfind(b"\n", 0, before) + 1 or data.rfind(b"\r", 0, max(0, before - 1)) + 1
