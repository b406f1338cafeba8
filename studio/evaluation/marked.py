"""Questions about texts, with every answer that is known to be right.

In: rows. Out: one Marked a question and text, in the order in which they are first asked. Knows nothing of models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from studio.data.parts.dataset import Row
from studio.evaluation.closeness import normalised


@dataclass(frozen=True)
class Marked:
    """A question and its text, the answers that count as right (none: the text holds no answer), and the 0-based
    numbers of the rows that ask it."""

    question: str
    text: str
    answers: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def asked(self) -> tuple[str, str]:
        """What a model is given."""
        return self.question, self.text


def marked_questions(rows: Iterable[Row]) -> list[Marked]:
    """The rows that ask the same about the same text taken together, their answers without repeats. Where one row knows
    an answer, those that know none count for nothing."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((normalised(row.input), row.context), []).append(row)
    found = []
    for same in grouped.values():
        answers = dict.fromkeys(answer for row in same for answer in right_answers(row))
        numbers = tuple(row.number for row in same)
        found.append(Marked(same[0].input, same[0].context, tuple(answers), numbers))
    return found


def right_answers(row: Row) -> list[str]:
    """The answer of a row and whatever else its list of answers holds; [] where there is none."""
    answers = [row.target]
    if row.answers.lstrip().startswith("["):
        try:
            listed = json.loads(row.answers)
        except ValueError:
            listed = []  # no list after all: the one answer counts
        answers += [one for one in listed if isinstance(one, str)]
    return [answer for answer in dict.fromkeys(answers) if answer.strip()]
