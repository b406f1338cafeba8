"""What every kind of file becomes before it is kept: columns, portions of rows, and how it was read.

In: nothing. Out: the types that the readers share; one reader a kind of file, and none knows another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from studio.data.table.table import Reading

if TYPE_CHECKING:
    import pyarrow as pa


class Rejected(NamedTuple):
    """A row set aside: the 1-based `line` where it begins (in a workbook or a list: the row's number), why, and its raw
    `text`."""

    line: int
    reason: str
    text: str


class Portion(NamedTuple):
    """Some rows in order: `rows` are text, as wide as the table (an Arrow batch of strings without nulls, or lists),
    beside those `rejected`. `again` says that all portions before this one are void: the reading began anew."""

    rows: pa.RecordBatch | Sequence[Sequence[str]]
    rejected: Sequence[Rejected] = ()
    again: bool = False


@dataclass(frozen=True)
class Given:
    """Bytes to read: `path` holds them (a scratch copy where they came out of an archive), `original` is what the
    person chose and `name` what it is called in words. `members` are all names that `ReadOptions.member` may take where
    there is a choice, and `member` is the chosen one."""

    path: Path
    original: Path
    name: str
    member: str = ""
    members: tuple[str, ...] = ()


class Source(Protocol):
    """A file whose columns are known; nothing is kept yet."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, all there and all different."""
        ...

    def head(self, rows: int) -> Portion:
        """The first `rows` rows and what was set aside among them; quick, whatever the file's size."""
        ...

    def portions(self) -> Iterator[Portion]:
        """Every row once. Raises a Problem where the file turns out to be damaged."""
        ...

    def reading(self, rejected: int) -> Reading:
        """How the file was read, in values and in one sentence; called after the rows were read."""
        ...


@dataclass(frozen=True)
class Retold:
    """A Source whose reading is told in other words: `tell` makes them of its own."""

    source: Source
    tell: Callable[[Reading], Reading]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names."""
        return self.source.columns

    def head(self, rows: int) -> Portion:
        """The first `rows` rows."""
        return self.source.head(rows)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        return self.source.portions()

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        return self.tell(self.source.reading(rejected))
