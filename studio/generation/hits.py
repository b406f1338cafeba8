"""What a search finds.

In: nothing. Out: the types that travel from the search to the window, the command line and files.
"""

from __future__ import annotations

from typing import NamedTuple


class Hit(NamedTuple):
    """A passage that was found, its place among the passages searched, and the cosine (-1..1) of the two vectors."""

    passage: str
    place: int
    likeness: float
