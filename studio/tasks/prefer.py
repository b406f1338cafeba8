"""Preferring the better answer: a message is read, and of its answers the better one is to become likelier.

In: a row with a message, an answer, and a worse answer or a verdict. Out: an Example of the answer, with the worse one
beside it, or with 1 for a good and 0 for a bad answer as its number. Knows nothing of tokens, templates or models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.config.model import Method
from studio.data.parts.dataset import Dataset, Row
from studio.data.roles.verdict import verdict_of
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.answer import Answer
from studio.tasks.example import Example, Turn


@dataclass(frozen=True)
class Prefer:
    """The goal "Prefer the better answer"; its score is the share of pairs in which the better answer has won more."""

    instruction: str = ""
    method: Method | None = None
    kind: TaskKind = "prefer"

    def example(self, row: Row) -> Example:
        """The row's message and its answer, after what was said before; that answer alone is learned."""
        better = self._answered(row, row.target)
        if row.rejected:
            return Example(row.number, better, beside=(Example(row.number, self._answered(row, row.rejected)),))
        verdict = verdict_of(row.score)
        return Example(row.number, better, number=None if verdict is None else float(verdict))

    def asked(self, row: Row) -> Example:
        """The row's message after its own instruction, else the standing one, and what was said before."""
        asked = Answer(self.instruction).asked(row)
        return Example(row.number, tuple(turn._replace(learned=False) for turn in asked.turns))

    def prompt(self, text: str) -> Example:
        """A message without an answer, after the standing instruction where there is one."""
        return Answer(self.instruction).prompt(text)

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where there is nothing to compare: no worse answers and no verdicts, verdicts that are all
        the same, or no untouched model beside the one that learns. After a stop it says nothing."""
        columns, where = dataset.columns, Where(dataset.table.reading.file)
        if not (columns.rejected or columns.score):
            raise Problem(
                "There is nothing to tell better from worse.",
                "No column is chosen with a worse answer, nor one that calls each answer good or bad.",
                "Choose one of them, or the goal “Answer in my style”, which learns every answer.",
                where,
            )
        if not dataset.parts["training"]:
            raise Problem(
                "There is no row to learn from.",
                "Every row lacks a message, an answer or what it is compared with.",
                "Choose other columns, or fill in the cells.",
                where,
            )
        if self.method == "full":
            raise Problem(
                "This goal learns with an adapter.",
                "Each answer is compared with what the untouched model makes of it, and that stays inside the model "
                "only where an adapter is trained.",
                "Set “What is trained” to an adapter (LoRA), or leave it automatic.",
            )
        if not columns.rejected:
            _check_verdicts(dataset, should_stop)

    def _answered(self, row: Row, answer: str) -> tuple[Turn, ...]:
        return (*self.asked(row).turns, Turn("assistant", answer, learned=True))


def _check_verdicts(dataset: Dataset, should_stop: Callable[[], bool]) -> None:
    first: bool | None = None
    for row in dataset.rows("training"):
        verdict = verdict_of(row.score)
        if should_stop() or (first is not None and verdict != first):
            return
        first = verdict
    raise Problem(
        f"Every answer is called {'good' if first else 'bad'}.",
        "To learn what is better, the model has to see answers of both kinds.",
        "Add answers of the other kind, or choose the goal “Answer in my style” for good ones alone.",
        Where(dataset.table.reading.file, column=dataset.columns.score),
    )
