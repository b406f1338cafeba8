"""What the columns are for where another goal is chosen than the one that the table speaks for.

In: the columns by their profiles, and what they are for with the likely goal. Out: Columns for some of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio.config.goals import GOALS, TaskKind
from studio.data.reading.records import shapes
from studio.data.roles.columns import Columns, fields_of
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import Found, Seen
from studio.data.roles.verdict import names_verdict


def fitting_others(every: Seen, found: Found, columns: Columns) -> Mapping[TaskKind, Columns]:
    """The columns for goals other than the one `found`, those of which anything is known."""
    ways: dict[TaskKind, Columns | None] = {
        "search": _to_search(found, columns),
        "prefer": _to_prefer(every, found, columns),
    }
    return {kind: made for kind, made in ways.items() if made is not None and kind != found.goal}


def _to_search(found: Found, columns: Columns) -> Columns | None:
    """Two texts with a number or a label can be searched: the one is a query, the other its passage. So can the answers
    to questions, and the texts in which answers are looked for."""
    both = fields_of(columns.template)
    if len(both) == 2 and found.shape in {shapes.PAIRS.name, shapes.LABELLED.name}:
        return replace(columns, input=both[0], target=both[1], score=columns.target, template="")
    asks = Columns(columns.input, part=columns.part, group=columns.group, template=columns.template)
    if columns.context:
        return replace(asks, target=columns.context)
    return replace(asks, target=columns.target) if found.goal == "answer" and columns.target else None


def _to_prefer(every: Seen, found: Found, columns: Columns) -> Columns | None:
    """An answer with what says whether it is good, or with a worse one beside it."""
    writes = GOALS[found.goal].target == "text"
    answer = columns.target if writes else next((c.name for c in every.said("answer")), "")
    if not answer or not columns.input or answer == columns.input:
        return None
    taken = {answer, *columns.read}
    worse = next((c.name for c in every.said("worse") if c.name not in taken), "")
    verdicts = [c for c in every.columns if c.is_verdict and c.distinct == 2 and c.name not in taken]
    verdict = max(verdicts, key=_as_verdict).name if verdicts and not worse else ""
    if not worse and not verdict:
        return None
    return replace(columns, target=answer, labels=(), rejected=worse, score=verdict)


def _as_verdict(column: ColumnProfile) -> tuple[bool, bool, int]:
    return names_verdict(column.name), column.said == "label", -column.place
