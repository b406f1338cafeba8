"""What a table is for: the ways of learning, in the order in which they are looked for.

In: the columns of a table by their profiles. Out: Found: a goal, the columns to read and to learn, and why in one
sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from studio.data.reading.records import shapes
from studio.data.roles.answers import any_answer, canned_answer, named_answer
from studio.data.roles.labels import labels_spread, named_measure, named_score, one_label
from studio.data.roles.pairs import fitting_passage, valued_pair
from studio.data.roles.seen import Found, Seen
from studio.data.roles.structures import conversation, judged, marked_answer, preferred
from studio.data.roles.triplets import triplet


def _to_continue(every: Seen) -> Found | None:
    """Texts that the reading knows to be texts and nothing else."""
    plain = every.shape == shapes.LINES.name or every.table.reading.kind == "text"
    return _nothing(every) if plain and not every.labelled() else None


def _nothing(every: Seen) -> Found:
    source = max(every.readable, key=lambda c: (not c.may_label, c.length), default=None)
    if source is None:
        return Found("classify", "", "", "No column holds texts to read.")
    reason = f"“{source.name}” holds texts, but no column looks like a label or an answer, so they can be written on."
    shape = every.shape or shapes.TEXTS.name
    return Found("continue", source.name, "", reason, "", shape)


_WAYS: tuple[Callable[[Seen], Found | None], ...] = (
    preferred, triplet, judged, conversation, marked_answer, valued_pair, named_answer, canned_answer,
    _to_continue, labels_spread, named_measure, one_label, named_score, fitting_passage, any_answer,
)  # fmt: skip


def find_goal(every: Seen) -> Found:
    """A known structure, else an answer that is named so, else a label, else any second text, else texts to be
    continued."""
    return next((found for way in _WAYS if (found := way(every)) is not None), None) or _nothing(every)
