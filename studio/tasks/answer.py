"""Answering in the user's style: a message is read, the answer to it is learned.

In: a row with a message and its answer, and the standing instruction. Out: an Example of two or three turns, of which
the answer is learned. Knows nothing of tokens, templates or models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example, Turn


@dataclass(frozen=True)
class Answer:
    """The goal "Answer in my style"; its score is chrF, how much of the wanted wording the answers share."""

    instruction: str = ""
    kind: TaskKind = "answer"

    def example(self, row: Row) -> Example:
        """The row's message and its answer, after what was said before; every answer is learned."""
        answer = Turn("assistant", row.target, learned=True)
        return Example(row.number, (*self.asked(row).turns, answer))

    def asked(self, row: Row) -> Example:
        """The row's message after its own instruction, else the standing one, and what was said before."""
        system = _system(row.system if row.system.strip() else self.instruction)
        earlier = [_said(who, text) for who, text in row.earlier]
        return Example(row.number, (*system, *earlier, Turn("user", row.input)))

    def prompt(self, text: str) -> Example:
        """A message without an answer, after the standing instruction where there is one."""
        return Example(-1, (*_system(self.instruction), Turn("user", text)))

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where no row has both a message and an answer, or no answer differs from its message. After
        a stop it says nothing."""
        where = Where(dataset.table.reading.file, column=dataset.columns.target)
        if not dataset.parts["training"]:
            raise Problem(
                "There is no row to learn from.",
                "Every row lacks a message or an answer.",
                "Choose other columns, or fill in the answers.",
                where,
            )
        if all(row.input == row.target and not should_stop() for row in dataset.rows("training")) and not should_stop():
            raise Problem(
                "Every answer is the same as its message.",
                "There is nothing to learn but to repeat.",
                "Choose another column as the answer.",
                where,
            )


def continued(said: Sequence[Turn], asked: Sequence[Turn]) -> tuple[Turn, ...]:
    """A conversation with one more message: the standing instruction of what is `asked`, all that was `said`, without
    the instruction that stood before it, and the message, which `asked` ends with."""
    before = dropwhile(lambda turn: turn.role == "system", said)
    return (*asked[:-1], *before, asked[-1])


def _system(text: str) -> tuple[Turn, ...]:
    return (Turn("system", text),) if text.strip() else ()


def _said(who: str, text: str) -> Turn:
    """An earlier turn; what the assistant said is learned as the last answer is."""
    if who == "assistant":
        return Turn("assistant", text, learned=True)
    return Turn("system" if who == "system" else "user", text)
