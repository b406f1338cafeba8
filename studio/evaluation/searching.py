"""What is asked of a search to see how good it is: questions, the passages they are looked for in, and the right ones.

In: held-out rows, and further passages to search among. Out: an Exam, and the ranks that scores of passages give the
right ones. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from studio.config.pairing import Pairing
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Row
from studio.data.parts.pairing import number_of
from studio.evaluation.ranking import Ranks, ranks_of


@dataclass(frozen=True)
class Question:
    """A query with its 0-based `rows`, the places of its `right` passages, and of the passages `among` which they are
    looked for (None: all)."""

    query: str
    rows: tuple[int, ...]
    right: tuple[int, ...]
    among: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Exam:
    """`passages` are different texts; the first `own` of them belong to the questions' rows. Queries that cannot be
    judged are counted: those without a right passage, and those whose candidates are all right."""

    questions: tuple[Question, ...]
    passages: tuple[str, ...]
    own: int
    without: int = 0
    all_right: int = 0

    def ranks(self, number: int, scores: NDArray[Any], *, only_own: bool = False) -> Ranks:
        """The ranks of a question's right passages, from the scores of all passages."""
        question = self.questions[number]
        if question.among is None:
            return ranks_of(scores[: self.own] if only_own else scores, question.right)
        places = {passage: place for place, passage in enumerate(question.among)}
        return ranks_of(scores[list(question.among)], [places[right] for right in question.right])


def exam(rows: Iterable[Row], pairing: Pairing, *, more: Iterable[str] = (), at_most: int) -> Exam:
    """The questions of rows, same texts together. Where each row has a passage that fits, it is looked for among all of
    them and `more`, up to `at_most` passages; candidates are ranked among each other."""
    passages = _Passages()
    asked: dict[str, tuple[str, list[int], dict[int, bool]]] = {}
    for row in rows:
        _, numbers, marked = asked.setdefault(sameness_key(row.input), (row.input, [], {}))
        numbers.append(row.number)
        place = passages.place(row.target)
        is_right = pairing == "passages" or (number_of(row.score) or 0) > 0
        marked[place] = marked.get(place, False) or is_right
        if pairing == "passages" and row.negative.strip():
            passages.place(row.negative)
    own = len(passages.texts)
    if pairing == "passages":
        for text in more:
            if len(passages.texts) >= at_most:
                break
            passages.place(text)
    questions, without, all_right = [], 0, 0
    for query, numbers, marked in asked.values():
        right = tuple(place for place, is_right in marked.items() if is_right)
        among = tuple(marked) if pairing == "candidates" else None
        without += not right
        all_right += among is not None and len(right) == len(among)
        if right and (among is None or len(right) < len(among)):
            questions.append(Question(query, tuple(numbers), right, among))
    return Exam(tuple(questions), tuple(passages.texts), own, without, all_right)


class _Passages:
    """Different passages, each with its place."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        found = self._places.setdefault(sameness_key(text), len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found
