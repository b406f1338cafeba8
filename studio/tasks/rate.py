"""Rating texts with a number: a text, or a pair of texts, is read, one number is learned.

In: a row with a text and its number. Out: an Example of one text turn. Knows nothing of tokens or models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example
from studio.tasks.reading import prompt_of, texts_of


@dataclass(frozen=True)
class Rate:
    """The goal "Rate texts with a number"; its score is how far the order of the numbers is right (Spearman)."""

    is_pair: bool = False
    kind: TaskKind = "rate"

    def example(self, row: Row) -> Example:
        """The row's text and its number."""
        return Example(row.number, texts_of(row), number=row.value)

    def asked(self, row: Row) -> Example:
        """The row's text, as if its number were not known."""
        return Example(row.number, texts_of(row))

    def prompt(self, text: str) -> Example:
        """A text whose number is not known; of a pair the second follows after an empty line."""
        return Example(-1, prompt_of(text, is_pair=self.is_pair))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where the numbers cannot teach anything: none, or always the same. After a stop it says
        nothing."""
        numbers = set(dataset.numbers("training"))
        where = Where(dataset.table.reading.file, column=dataset.columns.target)
        if should_stop():
            return
        if not numbers:
            raise Problem(
                "There is no row to learn from.",
                "No row has both a text and a number.",
                "Choose other columns, or fill in the numbers.",
                where,
            )
        if len(numbers) == 1:
            raise Problem(
                f"Every row to learn from has the same number, {numbers.pop():g}.",
                "Rating needs at least two different numbers to tell apart.",
                "Add rows with other numbers, or choose another column.",
                where,
            )
