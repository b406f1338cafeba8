"""An Example: one row as the model meets it, before tokens.

In: a Row. Out: turns of a conversation, or a text with what is learned of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Role = Literal["text", "system", "user", "assistant"]


class Turn(NamedTuple):
    """Something said. A `learned` turn is what training adjusts the model for."""

    role: Role
    text: str
    learned: bool = False


class Source(NamedTuple):
    """Where in the turn number `turn` a text stands that may be shortened to what matters for the `question`: the
    characters [start, end). `is_shortened` once that was done."""

    turn: int
    start: int
    end: int
    question: str
    is_shortened: bool = False


@dataclass(frozen=True)
class Example:
    """`turns` in order; `row` is the 0-based row it came from. Learned beside the learned turns: one `label`, or
    several `labels`, a `number`, or the `span` [start, end) in characters of the last turn. `beside` are further texts
    that are learned together with this one, such as a worse answer, or a passage for a question. `source` is a part of
    a turn that is shortened before anything else is cut."""

    row: int
    turns: tuple[Turn, ...]
    label: str | None = None
    labels: tuple[str, ...] = ()
    number: float | None = None
    span: tuple[int, int] | None = None
    beside: tuple[Example, ...] = ()
    source: Source | None = None
