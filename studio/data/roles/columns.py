"""What the columns of a table are for, once it is decided.

In: the choices of a Config. Out: Columns, and the texts that a model reads, put together where a template says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.config.data import DataConfig
from studio.data.table.edits import missing_column
from studio.data.table.table import Table
from studio.problems import Problem, Where

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}\n]+)\}")

_SETTINGS = {
    "input": "input", "target": "target", "template": "template", "system": "system", "earlier": "earlier",
    "context": "context", "start": "start", "answers": "answers", "rejected": "rejected", "negative": "negative",
    "score": "score", "labels": "label_columns", "part": "part_column", "group": "group",
}  # fmt: skip

# Roles whose cells go into a Row as they are, under the same name.
BESIDE = ("system", "context", "start", "answers", "rejected", "negative", "score")


@dataclass(frozen=True)
class Columns:
    """Names of columns, "" where there is none: the text to read (`input`) and what to learn (`target`); for
    conversations the standing instruction (`system`) and the turns before the message (`earlier`, JSON). `context` is
    the text that holds the answer, `start` how many characters of it come before the answer, `answers` a JSON
    list of all answers that count as right; `rejected` a worse answer;
    `negative` a passage that is not it; `score` how well both texts of a row fit. `part` says to
    which part a row belongs, rows with the same `group` stay in one part. A `template` with {column} fields puts the
    text together from several columns; then `input` is only the column that it is mainly about. In place of a `target`,
    `labels` may be columns that each say of one label, their name, whether a row has it. How the cells to learn are
    read follows from the table (see target.py): `sign` stands between several labels of a row (see several.py), ""
    where each has one; `form` is how numbers are written (see numbers.py)."""

    input: str = ""
    target: str = ""
    template: str = ""
    system: str = ""
    earlier: str = ""
    context: str = ""
    start: str = ""
    answers: str = ""
    rejected: str = ""
    negative: str = ""
    score: str = ""
    labels: tuple[str, ...] = ()
    part: str = ""
    group: str = ""
    sign: str = ""
    form: str = ""

    @property
    def learned(self) -> tuple[str, ...]:
        """The columns that hold what is learned."""
        return (self.target,) if self.target else self.labels

    @property
    def beside(self) -> dict[str, str]:
        """The columns that go along with the text and what is learned, each by its role; those that there are."""
        return {role: name for role in BESIDE if (name := getattr(self, role))}

    @property
    def pair(self) -> tuple[str, ...]:
        """The two columns of a pair of texts: where a template puts these alone one after the other, with nothing but
        blanks between; () where it is no pair."""
        pieces = [piece for piece in _pieces(self.template) if piece != ("", None)] if self.template else []
        names = tuple(name for _, name in pieces if name is not None)
        is_bare = all(name is not None or text.isspace() for text, name in pieces)
        return names if len(names) == 2 and len(set(names)) == 2 and is_bare else ()

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that the model reads, each once."""
        return tuple(dict.fromkeys(fields_of(self.template) if self.template else [self.input] if self.input else []))


def columns_of(data: DataConfig) -> Columns:
    """The columns that a Config chose."""
    return Columns(**{name: getattr(data, setting) for name, setting in _SETTINGS.items()})


def settings_of(columns: Columns) -> dict[str, str | tuple[str, ...]]:
    """The settings of a Config that choose these columns, by their path: the other way round than `columns_of`."""
    return {f"data.{setting}": getattr(columns, name) for name, setting in _SETTINGS.items()}


def text_maker(table: Table, columns: Columns) -> Callable[[Mapping[str, Sequence[str]]], list[str]]:
    """What makes the texts that the model reads of some rows' cells (by column, at least those of `columns.read`): one
    a row, "" where every column in it is empty. Raises a Problem for a column that the table does not have."""
    names = columns.read
    if columns.template and not names:
        raise Problem(
            "The template names no column.",
            "A column's name stands in it between braces, as in {question}.",
            "Name at least one column, or leave the template empty.",
            Where(table.reading.file),
        )
    for name in names or [columns.input]:
        if name not in table.columns:
            raise missing_column(name, table.columns)
    if not columns.template:
        return lambda cells: list(cells[columns.input])
    filled = [piece for piece in _pieces(columns.template) if piece != ("", None)]
    return lambda cells: [_filled(filled, cells, row) for row in range(len(cells[names[0]]))]


def _filled(pieces: Sequence[tuple[str, str | None]], cells: Mapping[str, Sequence[str]], row: int) -> str:
    """One row's text. Blanks that only part two cells are not there where either cell is empty, so that no text begins
    or ends with the gap to nothing."""
    made: list[str] = []
    gap, any_cell = "", False
    for text, name in pieces:
        piece = text if name is None else cells[name][row]
        if name is None and piece.isspace():
            gap = piece if made else ""
        elif piece and (name is None or not piece.isspace()):
            made += [gap, piece]
            gap, any_cell = "", any_cell or name is not None
    return "".join(made) if any_cell else ""


def fields_of(template: str) -> Sequence[str]:
    """The columns that a template names, in order."""
    return [name for _, name in _pieces(template) if name is not None]


def template_of(*names: str) -> str:
    """The template that puts these columns one after the other; "" where a name cannot stand in one."""
    return "\n\n".join(f"{{{name}}}" for name in names) if not any(set(name) & set("{}\n") for name in names) else ""


def _pieces(template: str) -> Iterator[tuple[str, str | None]]:
    """Plain text, or a column's name; doubled braces stand for themselves."""
    at = 0
    for found in _FIELD.finditer(template):
        yield template[at : found.start()], None
        at = found.end()
        if found[1] is None:
            yield found[0][0], None
        else:
            yield "", found[1].strip()
    yield template[at:], None
