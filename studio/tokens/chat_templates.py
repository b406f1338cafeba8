"""The chat templates that ship with the program, and what a setting means by one.

In: a name, or a template's own text. Out: jinja text. The templates are data (resources/chat_templates): adding one
takes a file and its words in templates.json. What one of them writes never changes once a version has shipped it, since
runs keep its name.
"""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass
from functools import cache

from studio.config import paths
from studio.problems import Problem

PLAIN = "plain"


@dataclass(frozen=True)
class Shipped:
    """A template of ours: its `name` in settings, `title` and `about` for people, its jinja `source`, and the special
    tokens that it `needs`: for a model without them they would be nothing but letters."""

    name: str
    title: str
    about: str
    needs: tuple[str, ...]
    source: str

    def missing(self, vocabulary: Container[str]) -> tuple[str, ...]:
        """The needed tokens that are not in the vocabulary."""
        return tuple(token for token in self.needs if token not in vocabulary)


@cache
def shipped() -> tuple[Shipped, ...]:
    """All of them, in the order in which they are offered."""
    folder = paths.resources() / "chat_templates"
    found = json.loads((folder / "templates.json").read_text(encoding="utf-8"))
    return tuple(
        Shipped(
            one["name"],
            one["title"],
            one["about"],
            tuple(one["needs"]),
            (folder / f"{one['name']}.jinja").read_text(encoding="utf-8"),
        )
        for one in found
    )


def is_own_text(chosen: str) -> bool:
    """Whether the setting holds a template's text and not the name of one: no name has a brace."""
    return "{" in chosen


def source_of(chosen: str) -> str:
    """The jinja text that the setting `task.chat_template` means; "" for the model's own. Raises a Problem for a name
    that nothing is called."""
    if not chosen.strip():
        return ""
    if is_own_text(chosen):
        return chosen
    source = next((one.source for one in shipped() if one.name == chosen.strip()), None)
    if source is None:
        names = ", ".join(one.name for one in shipped())
        raise Problem(
            f"There is no chat template called “{chosen.strip()[:60]}”.",
            "It is neither a name that is known nor a template's text, which has braces.",
            f"Choose one of {names}, write your own, or leave it empty for the model's.",
        )
    return source
