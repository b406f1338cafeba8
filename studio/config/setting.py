"""One setting: its value's type and bounds beside the words that explain it.

In: what a setting means. Out: a pydantic field from which the form, the flags, the checks and the reference are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Level = Literal["basic", "expert", "hidden"]


@dataclass(frozen=True)
class Words:
    """How a setting is shown: the `title` on the form, one sentence of `help`, a `unit`, its `level`
    (basic, expert, or hidden where a page sets it by other means), the task kinds it is `shown_for` (empty = all),
    and words for the members of a closed set."""

    title: str
    help: str
    unit: str = ""
    level: Level = "expert"
    shown_for: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


def setting(
    default: Any,
    title: str,
    help: str,
    *,
    unit: str = "",
    level: Level = "expert",
    shown_for: tuple[str, ...] = (),
    choices: tuple[tuple[str, str], ...] = (),
    **bounds: Any,
) -> Any:
    """A pydantic field carrying its Words; `bounds` are pydantic's own (ge, gt, le, lt, min_length …)."""
    words = Words(title, help, unit, level, shown_for, choices)
    return Field(default, title=title, description=help, json_schema_extra={"words": words}, **bounds)  # type: ignore[dict-item]


def words_of(info: FieldInfo) -> Words:
    """The Words of a field made by `setting`."""
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    words = extra["words"]
    assert isinstance(words, Words)
    return words


class Settings(BaseModel):
    """A frozen group of settings; unknown names are refused by name, text is kept as typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
