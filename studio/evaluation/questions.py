"""Rows with one input are one question with several known answers.

In: rows. Out: Questions, in the order in which they are first asked, and how long an answer may get. Knows nothing of
models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from studio.data.dataset import Row
from studio.evaluation.closeness import normalised
from studio.tokens.tokenizer import Tokenizer


class Question(NamedTuple):
    """A text to answer, its known answers without repeats, and the 0-based numbers of its rows."""

    input: str
    references: tuple[str, ...]
    rows: tuple[int, ...]


def longest_answer(asked: Sequence[Question], tokenizer: Tokenizer, *, at_most: int) -> int:
    """How many tokens an answer may take: twice the longest known one, so that no good answer is cut and a rambling
    one does not take minutes."""
    tokens = (len(tokenizer.backend.encode(text).ids) for question in asked for text in question.references)
    return min(at_most, 2 * max(tokens) + 16)


def questions(rows: Iterable[Row]) -> list[Question]:
    """The rows with the same input, spaces and case aside, taken together."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(normalised(row.input), []).append(row)
    return [
        Question(same[0].input, tuple(dict.fromkeys(row.target for row in same)), tuple(row.number for row in same))
        for same in grouped.values()
    ]
