"""Answering from a text: a text and a question are read, the answer is learned.

In: a row with a text, a question and its answer, and how they are put together. Out: an Example of two or three turns,
of which the answer is learned, and which says what of it may be shortened. A row without an answer is a question that
the text does not answer; then a sentence that says so is learned. Knows nothing of tokens, templates or models.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.data.parts.dataset import Dataset, Row
from studio.problems import Problem, Where
from studio.stopping import never
from studio.tasks.example import Example, Source, Turn

_FIELD = re.compile(r"\{(text|question)\}")


@dataclass(frozen=True)
class Read:
    """The goal "Answer from a text". `layout` puts {text} and {question} together; `no_answer` is said where the text
    holds no answer. `text` is the text that a `prompt` is about; without one, a prompt's first line is the question
    and what stands below it the text."""

    instruction: str = ""
    layout: str = "{text}\n\n{question}"
    no_answer: str = ""
    text: str = ""
    kind: TaskKind = "read"

    def example(self, row: Row) -> Example:
        """The row's text and question, and its answer."""
        asked = self.asked(row)
        answer = row.target if row.target.strip() else self.no_answer
        return Example(row.number, (*asked.turns, Turn("assistant", answer, learned=True)), source=asked.source)

    def asked(self, row: Row) -> Example:
        """The row's text and question, after its own instruction, else the standing one."""
        return self._put(row.number, row.context, row.input, row.system)

    def prompt(self, text: str) -> Example:
        """A question about the text."""
        question, _, about = (text, "", "") if self.text else text.strip().partition("\n")
        return self._put(-1, self.text or about.strip(), question.strip())

    def check(self, dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> None:
        """Raises a Problem where there is no column with a text, where the layout leaves one of both out, or where no
        row has an answer. After a stop it says nothing."""
        where = Where(dataset.table.reading.file, column=dataset.columns.context)
        if not dataset.columns.context:
            raise Problem(
                "No column is chosen yet for the text that holds the answers.",
                "This goal reads a text beside each question.",
                "Choose the column with the texts, or the goal “Answer in my style” if there are none.",
                Where(dataset.table.reading.file),
            )
        missing = {"text", "question"} - set(_FIELD.findall(self.layout))
        if missing:
            raise Problem(
                "The text and the question are not both read.",
                f"{{{min(missing)}}} does not stand in “How text and question are put together”.",
                "Write {text} and {question} where they belong.",
            )
        has_answer = any(row.target.strip() or should_stop() for row in dataset.rows("training"))
        if not has_answer and not should_stop():
            raise Problem(
                "No question has an answer.",
                "The model would only learn to say that the text does not say.",
                "Choose another column as the answer, or fill in the answers.",
                where,
            )

    def _put(self, number: int, text: str, question: str, own: str = "") -> Example:
        instruction = own if own.strip() else self.instruction
        system = (Turn("system", instruction),) if instruction.strip() else ()
        made, source = "", None
        place = 0
        for field in _FIELD.finditer(self.layout):
            made += self.layout[place : field.start()]
            if field[1] == "text" and source is None:
                source = Source(len(system), len(made), len(made) + len(text), question)
            made += text if field[1] == "text" else question
            place = field.end()
        return Example(number, (*system, Turn("user", made + self.layout[place:])), source=source)


def as_prompt(row: Row) -> str:
    """The row's question and text as `Read.prompt` reads them."""
    return f"{' '.join(row.input.split())}\n{row.context}"
