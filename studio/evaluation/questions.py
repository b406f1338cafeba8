"""Rows with one input are one question with several known answers.

In: rows. Out: Questions, in the order in which they are first asked, and how long an answer may get. Knows nothing of
models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from studio.data.parts.dataset import Row
from studio.evaluation.closeness import normalised
from studio.evaluation.marked import right_answers
from studio.tokens.tokenizer import Tokenizer


class Question(NamedTuple):
    """The first row that asks it, its known answers without repeats, and the 0-based numbers of all its rows."""

    row: Row
    references: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def input(self) -> str:
        """The text to answer."""
        return self.row.input


def longest_answer(asked: Sequence[Question], tokenizer: Tokenizer, *, at_most: int) -> int:
    """How many tokens an answer may take: twice the longest known one, so that no good answer is cut and a rambling
    one does not take minutes."""
    tokens = (len(tokenizer.backend.encode(text).ids) for question in asked for text in question.references)
    return min(at_most, 2 * max(tokens) + 16)


def questions(rows: Iterable[Row]) -> list[Question]:
    """The rows with the same input about the same text and after the same earlier turns, spaces and case aside, taken
    together with all of their answers. Where one row knows an answer, those that know none count for nothing."""
    grouped: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault((normalised(row.input), row.system, row.earlier, row.context), []).append(row)
    return [Question(same[0], _references(same), tuple(row.number for row in same)) for same in grouped.values()]


def _references(same: Sequence[Row]) -> tuple[str, ...]:
    known = dict.fromkeys(answer for row in same for answer in right_answers(row))
    return tuple(known) or ("",)
