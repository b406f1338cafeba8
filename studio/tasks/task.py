"""What a task is, and which one a Config asks for.

In: a Config. Out: the Task that turns its rows into Examples. Knows the tasks by name and nothing of how they work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from studio.config.config import Config, TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.stopping import never
from studio.tasks.answer import Answer
from studio.tasks.classify import Classify
from studio.tasks.example import Example


class Task(Protocol):
    """A goal: `title` in words, `score_name` names what is measured on the watching rows (a share in 0..1)."""

    @property
    def kind(self) -> TaskKind: ...

    @property
    def title(self) -> str: ...

    @property
    def score_name(self) -> str: ...

    def example(self, row: Row) -> Example:
        """The row as the model meets it, with what it has to learn."""
        ...

    def asked(self, row: Row) -> Example:
        """The row as the model meets it when it is asked: without what it has to learn."""
        ...

    def prompt(self, text: str) -> Example:
        """A text as the model meets it when it is asked: the same Example without the answer; `row` is -1."""
        ...

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where the rows cannot teach this goal; after a stop it says nothing."""
        ...


def task_for(config: Config) -> Task:
    """The Task that a Config asks for."""
    if config.task.kind == "classify":
        return Classify()
    return Answer(instruction=config.task.instruction)
