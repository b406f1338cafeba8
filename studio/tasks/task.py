"""What a task is, and which one a Config asks for.

In: a Config. Out: the Task that turns its rows into Examples. Knows the tasks by name and nothing of how they work;
what sets the goals apart stands in config/goals.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from studio.config.config import Config
from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.data.roles.columns import columns_of
from studio.events import Warned
from studio.stopping import never
from studio.tasks.answer import Answer
from studio.tasks.classify import Classify
from studio.tasks.example import Example
from studio.tasks.find import Find
from studio.tasks.prefer import Prefer
from studio.tasks.rate import Rate
from studio.tasks.read import Read
from studio.tasks.search import Search
from studio.tasks.texts import Texts


class Task(Protocol):
    """How the rows of a goal become Examples."""

    @property
    def kind(self) -> TaskKind: ...

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


@runtime_checkable
class Together(Protocol):
    """A Task whose Examples are made of several rows."""

    def together(self, rows: Iterable[Row]) -> Iterator[Example]:
        """The Examples of these rows, in the order of the first row of each."""
        ...

    def untaught(self, rows: Iterable[Row]) -> Iterator[Warned]:
        """What of the rows is in none of the Examples, for people."""
        ...


def examples_of(task: Task, rows: Iterable[Row]) -> Iterator[Example]:
    """What is learned of rows: an Example for each, or what the Task makes of several together."""
    return task.together(rows) if isinstance(task, Together) else map(task.example, rows)


_MADE: Mapping[TaskKind, Callable[[Config], Task]] = {
    "classify": lambda config: Classify(is_pair=bool(columns_of(config.data).pair)),
    "rate": lambda config: Rate(is_pair=bool(columns_of(config.data).pair)),
    "answer": lambda config: Answer(instruction=config.task.instruction),
    "read": lambda config: Read(config.task.instruction, config.task.reading, config.task.no_answer),
    "continue": lambda config: Texts("continue"),
    "pretrain": lambda config: Texts("pretrain"),
    "prefer": lambda config: Prefer(instruction=config.task.instruction, method=config.model.method),
    "search": lambda config: Search(
        config.task.pairing or "passages", config.task.query_prefix or "", config.task.passage_prefix or ""
    ),
    "find": lambda config: Find(),
}


def task_for(config: Config) -> Task:
    """The Task that a Config asks for."""
    return _MADE[config.task.kind](config)
