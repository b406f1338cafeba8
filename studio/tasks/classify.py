"""Sorting texts into categories: a text is read, one label is learned.

In: a row with a text and its label. Out: an Example of one text turn. Knows nothing of tokens or models.
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

MOST_LABELS = 1000


@dataclass(frozen=True)
class Classify:
    """The goal "Sort texts into categories"; its score is the share of texts with the right label."""

    is_pair: bool = False
    kind: TaskKind = "classify"

    def example(self, row: Row) -> Example:
        """The row's text and its label, or its labels where it can have several."""
        return Example(row.number, texts_of(row), row.target, row.labels)

    def asked(self, row: Row) -> Example:
        """The row's text, as if its label were not known."""
        return Example(row.number, texts_of(row))

    def prompt(self, text: str) -> Example:
        """A text whose label is not known; of a pair the second follows after an empty line."""
        return Example(-1, prompt_of(text, is_pair=self.is_pair))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where the labels cannot teach anything: none, one alone, or too many to be labels. After a
        stop it says nothing."""
        found = dataset.targets("training", should_stop=should_stop)
        if should_stop():
            return
        where = Where(dataset.table.reading.file, column=dataset.columns.target)
        if not found:
            raise Problem(
                "There is no row to learn from.",
                "Every row lacks a text or a label.",
                "Choose other columns, or fill in the labels.",
                where,
            )
        everywhere = set(found.values()) == {len(dataset.parts["training"])}
        if dataset.columns.sign and everywhere:
            raise Problem(
                "Every row to learn from has the same labels.",
                "Sorting needs rows that have a label and others that have not.",
                "Add rows with other labels, or choose another column as the label.",
                where,
            )
        if len(found) == 1 and not dataset.columns.sign:
            raise Problem(
                f"Every row to learn from has the same label, “{next(iter(found))}”.",
                "Sorting needs at least two labels to tell apart.",
                "Add rows with another label, or choose another column as the label.",
                where,
            )
        if len(found) > MOST_LABELS:
            raise Problem(
                f"There are {len(found):,} different labels.",
                f"More than {MOST_LABELS:,} are too many to sort into; this column looks like text.",
                "Choose a column with fewer different values, or the goal “Answer in my style”.",
                where,
            )
