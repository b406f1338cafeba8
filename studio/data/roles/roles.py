"""What the columns of a table are for: the text to read, the label or the answer to learn, and what goes along.

In: a Table. Out: a Guess with its reason in one sentence, from the columns' names in many languages and from what is in
them. It only proposes; the user decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.config.goals import GOALS, TaskKind
from studio.data.reading.names import Role
from studio.data.roles.columns import Columns
from studio.data.roles.fitting import fitting_others
from studio.data.roles.goals import find_goal
from studio.data.roles.profile import profile_of
from studio.data.roles.seen import REPEATED, Found, Seen
from studio.data.table.table import Table

_LOOKED_AT = 5_000  # rows, evenly over the table …
_LOOKED_AT_CELLS = 250_000  # … fewer where there are very many columns …
_LOOKED_AT_LEAST = 10  # … but so many
_LEARNED: dict[str, Role] = {"label": "label", "number": "score"}  # the role of the column to learn


@dataclass(frozen=True)
class Guess:
    """The likely goal with the `columns` for it, why, and every column's role; a column is "" where none fits. `shape`
    names a known structure (see shapes.py). `columns.group` only proposes which rows should stay in one part."""

    kind: TaskKind
    columns: Columns
    reason: str
    roles: dict[str, Role]
    shape: str = ""
    others: Mapping[TaskKind, Columns] = field(default_factory=dict)

    def fitting(self, kind: TaskKind) -> Columns | None:
        """The columns for another goal than the one that the data speaks for; None where nothing is known of them."""
        return self.others.get(kind)


def guess_roles(table: Table) -> Guess:
    """The likeliest goal and columns."""
    most = max(_LOOKED_AT_LEAST, _LOOKED_AT_CELLS // max(1, len(table.columns)))
    sample = table.sample(min(_LOOKED_AT, most))
    profiles = [profile_of(name, place, cells) for place, (name, cells) in enumerate(sample.items())]
    every = Seen(table, profiles, sample)
    return _complete(every, find_goal(every))


def _complete(every: Seen, found: Found) -> Guess:
    asks = found.goal in {"answer", "prefer"}
    system = next((c.name for c in every.columns if c.meaning == "system" and c.some and asks), "")
    earlier = next((c.name for c in every.columns if c.meaning == "earlier" and c.some and asks), "")
    group = _group(every, found, is_alone=not earlier)
    roles: dict[str, Role] = dict.fromkeys(every.table.columns, "other")
    chosen: list[tuple[str, Role]] = [(group, "group"), (every.part, "part"), (system, "system"), (earlier, "earlier")]
    chosen += [*found.also, (found.target, _LEARNED.get(GOALS[found.goal].target, "answer")), (found.input, "text")]
    roles.update({name: role for name, role in chosen if name})
    columns = Columns(
        found.input, found.target, found.template, system=system, earlier=earlier, part=every.part, group=group
    )
    columns = replace(columns, **found.own)
    if found.goal == "search":
        own: dict[str, Role] = {columns.target: "answer", columns.score: "score"}
        roles.update({name: role for name, role in own.items() if name})
    others = fitting_others(every, found, columns)
    return Guess(found.goal, columns, found.reason, roles, found.shape or every.shape, others)


def _group(every: Seen, found: Found, *, is_alone: bool) -> str:
    """A column whose cells come again and again, named so or read as a question, so that its rows belong together. A
    message that others went before (not `is_alone`) says little by itself: many are “Thank you”."""
    for column in every.said("group", readable=False):
        if column.distinct > 2 and column.filled > 0.5 and every.repeats(column.name) >= REPEATED:
            return column.name
    read = [name for name, role in found.also if role == "text"] if found.goal in {"find", "read"} else []
    if found.goal in {"answer", "read", "find", "search", "prefer"} and found.input and is_alone:
        for name in [*read, found.input]:
            if every.repeats(name) >= REPEATED:
                return name
    return ""
