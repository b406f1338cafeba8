"""Finding the answer in a text: a question and a text are read, the place of the answer is learned.

In: a row with a question, its text, the answer and perhaps where it begins. Out: an Example of two turns with the
characters of the answer; none where the text does not hold it. Knows nothing of tokens or models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.data.parts.marking import place_of
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example, Turn


@dataclass(frozen=True)
class Find:
    """The goal "Find the answer in a text"; its score is F1, how far the marked words are the right ones."""

    kind: TaskKind = "find"

    def example(self, row: Row) -> Example:
        """The row's question and text, and where the answer stands; no span where there is none."""
        place = place_of(row.context, row.target, row.start)
        span = None if place is None else (place.start, place.end)
        return Example(row.number, self.asked(row).turns, span=span)

    def asked(self, row: Row) -> Example:
        """The row's question and text, as if the answer were not known."""
        return Example(row.number, (Turn("text", row.input), Turn("text", row.context)))

    def prompt(self, text: str) -> Example:
        """A question on the first line and its text on those below."""
        question, _, context = text.partition("\n")
        return Example(-1, (Turn("text", question.strip()), Turn("text", context)))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where no row to learn from has an answer. After a stop it says nothing."""
        found = any(row.target.strip() or should_stop() for row in dataset.rows("training"))
        if found or should_stop():
            return
        raise Problem(
            "There is no answer to learn from.",
            "The answer is empty in every row, so a model would only learn to say that there is none.",
            "Choose another column for the answers, or fill some in.",
            Where(dataset.table.reading.file, column=dataset.columns.target),
        )
