"""What a person knows better about a file than looking at it tells.

In: nothing. Out: ReadOptions, where None means: found by looking.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOptions:
    """`delimiter` and `quote` may be "" for none. `skip` is the number of lines above the table (0: none); `member`
    names the sheet of a workbook, the file in an archive, or the list inside a JSON document."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    has_header: bool | None = None
    skip: int | None = None
    member: str | None = None
