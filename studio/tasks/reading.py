"""What is read of a row or a typed text where a model says one thing of it: one text, or the two of a pair.

In: a Row, or what somebody typed. Out: turns. A pair is read as the model was made to read pairs.
"""

from __future__ import annotations

from studio.data.parts.dataset import Row
from studio.tasks.example import Turn


def texts_of(row: Row) -> tuple[Turn, ...]:
    """The row's text; both texts where it is a pair."""
    return tuple(Turn("text", text) for text in row.pair or (row.input,))


def prompt_of(text: str, *, is_pair: bool) -> tuple[Turn, ...]:
    """A typed text; of a pair the second text stands after the first empty line, else after the first line break."""
    if not is_pair:
        return (Turn("text", text),)
    first, gap, second = text.partition("\n\n")
    if not gap:
        first, gap, second = text.partition("\n")
    return (Turn("text", first.strip()), Turn("text", second.strip())) if gap else (Turn("text", text),)
