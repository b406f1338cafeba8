"""What the columns of a table are for: the text to read, the label or the answer to learn.

In: a Table. Out: a Guess with its reason in one sentence, from the columns' names in several languages and from what
is in them. It only proposes; the user decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.config.config import TaskKind
from studio.data.names import Role, role_of
from studio.data.table import Table

_LOOKED_AT = 5_000  # rows, evenly over the table
_NUMBER = re.compile(r"\s*[-+]?\d[\d.,:/\- ]*\s*")
_LONGEST_LABEL = 60  # characters
_MOST_LABELS = 300
_MOST_NUMBERS = 20  # of a label written as a number; more are a measurement


@dataclass(frozen=True)
class Guess:
    """The likely goal with its columns, why, and every column's role. `input` and `target` are "" where no column
    fits."""

    kind: TaskKind
    input: str
    target: str
    reason: str
    roles: dict[str, Role]


@dataclass(frozen=True)
class _Column:
    name: str
    place: int
    said: Role | None  # what its name says
    filled: float  # share of cells that are not blank
    distinct: int  # different values among the rows looked at
    rows: int
    length: float  # mean characters of a filled cell
    longest: int
    numeric: float  # share of filled cells that are numbers

    @property
    def may_label(self) -> bool:
        """Few different short values, each seen several times."""
        most = _MOST_NUMBERS if self.numeric > 0.9 else _MOST_LABELS
        least = 1 if self.said == "label" else 2
        few = least <= self.distinct <= min(most, max(2, self.rows // 3))
        return few and self.longest <= _LONGEST_LABEL and self.filled >= 0.5 and self.said != "other"

    @property
    def may_be_read(self) -> bool:
        """Words, not numbers, and not always the same."""
        return self.filled >= 0.5 and self.numeric < 0.5 and self.distinct > 1


def guess_roles(table: Table) -> Guess:
    """The likeliest goal and columns: an answer column that is named so, else a label, else any second text."""
    sample = table.sample(_LOOKED_AT)
    columns = [_look(name, place, cells) for place, (name, cells) in enumerate(sample.items())]
    readable = [c for c in columns if c.may_be_read and c.said != "other"] or [c for c in columns if c.may_be_read]
    texts = [c for c in readable if not c.may_label]
    named = max((c for c in texts if c.said == "answer"), key=_as_answer, default=None)
    label = max((c for c in columns if c.may_label), key=_as_label, default=None)
    other = max((c for c in texts[1:] if c.said != "text"), key=_as_answer, default=None)
    if named and (source := _asked(readable, named)):
        return _answer(table, source, named)
    if label and (source := _sorted(readable, label)):
        return _label(table, source, label)
    if (answer := other or (texts[-1] if len(texts) > 1 else None)) and (source := _asked(readable, answer)):
        return _answer(table, source, answer)
    return _nothing(table, readable)


def _as_label(column: _Column) -> tuple[bool, bool, int, int]:
    """Named as a label (then further left), with words, then fewer values."""
    named = column.said == "label"
    return named, column.numeric < 0.9, 0 if named else -column.distinct, -column.place


def _as_answer(column: _Column) -> tuple[float, int]:
    return column.distinct / column.rows * column.length, -column.place


def _asked(readable: list[_Column], target: _Column) -> _Column | None:
    """What an answer answers: named as a text, then further left."""
    others = [c for c in readable if c.name != target.name and not c.may_label]
    return max(others, key=lambda c: (c.said == "text", -c.place), default=None)


def _sorted(readable: list[_Column], target: _Column) -> _Column | None:
    """What a label sorts: named as a text, then the longest."""
    others = [c for c in readable if c.name != target.name]
    return max(others, key=lambda c: (c.said == "text", not c.may_label, c.length), default=None)


def _label(table: Table, source: _Column, label: _Column) -> Guess:
    count = len({cell for cell in table.column(label.name) if cell.strip()})
    reason = f"“{label.name}” has {count:,} different short values, so it looks like the label."
    return Guess("classify", source.name, label.name, reason, _roles(table, {source.name: "text", label.name: "label"}))


def _answer(table: Table, source: _Column, answer: _Column) -> Guess:
    why = "is named like an answer and holds" if answer.said == "answer" else "holds"
    reason = f"“{answer.name}” {why} longer, different texts, so it looks like the answer to “{source.name}”."
    roles = _roles(table, {source.name: "text", answer.name: "answer"})
    return Guess("answer", source.name, answer.name, reason, roles)


def _nothing(table: Table, readable: list[_Column]) -> Guess:
    source = max(readable, key=lambda c: c.length, default=None)
    if source is None:
        return Guess("classify", "", "", "No column holds texts to read.", _roles(table, {}))
    reason = f"“{source.name}” holds texts, but no column looks like a label or an answer."
    return Guess("classify", source.name, "", reason, _roles(table, {source.name: "text"}))


def _roles(table: Table, chosen: dict[str, Role]) -> dict[str, Role]:
    return {name: chosen.get(name, "other") for name in table.columns}


def _look(name: str, place: int, cells: list[str]) -> _Column:
    filled = [cell.strip() for cell in cells if cell.strip()]
    lengths = [len(cell) for cell in filled]
    return _Column(
        name=name,
        place=place,
        said=role_of(name),
        filled=len(filled) / max(1, len(cells)),
        distinct=len(set(filled)),
        rows=max(1, len(cells)),
        length=sum(lengths) / max(1, len(lengths)),
        longest=max(lengths, default=0),
        numeric=sum(_NUMBER.fullmatch(cell) is not None for cell in filled) / max(1, len(filled)),
    )
