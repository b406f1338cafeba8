"""Texts and nothing else: every token of them is learned, from the tokens before it.

In: a row with a text. Out: an Example of one text turn that is learned whole. Serves “Continue my kind of text” and
“A model from nothing”, which meet their texts in the same way. Knows nothing of tokens or models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example, Turn


@dataclass(frozen=True)
class Texts:
    """A goal that learns whole texts."""

    kind: TaskKind = "continue"

    def example(self, row: Row) -> Example:
        """The row's text, learned whole."""
        return Example(row.number, (Turn("text", row.input, learned=True),))

    def asked(self, row: Row) -> Example:
        """The row's text as something to go on from."""
        return Example(row.number, (Turn("text", row.input),))

    def prompt(self, text: str) -> Example:
        """A text to go on from."""
        return Example(-1, (Turn("text", text),))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where there is no text to learn from."""
        if not dataset.parts["training"] and not should_stop():
            raise Problem(
                "There is no text to learn from.",
                "Every row of the training part is empty.",
                "Choose another column or another file.",
                Where(dataset.table.reading.file, column=dataset.columns.input),
            )
