"""An Example: one row as the model meets it, before tokens.

In: a Row. Out: turns of a conversation, or a text with its label.
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


@dataclass(frozen=True)
class Example:
    """`turns` in order; `label` for classification; `row` is the 0-based row it came from."""

    row: int
    turns: tuple[Turn, ...]
    label: str | None = None
