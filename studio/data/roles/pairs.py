"""Two texts of a row, and what they are to each other: a score, a label, or found and not found.

In: the columns of a table by their profiles. Out: Found where two of them are such texts; None where none are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from studio.config.goals import TaskKind
from studio.data.reading.names import Role
from studio.data.reading.records import shapes
from studio.data.roles.columns import template_of
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import REPEATED, Found, Seen

_PAIRS = (
    ("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("text1", "text2"), ("text_1", "text_2"),
    ("text_a", "text_b"), ("question1", "question2"), ("s1", "s2"), ("premise", "hypothesis"), ("a", "b"),
    ("satz1", "satz2"), ("column 1", "column 2"), ("phrase1", "phrase2"), ("left", "right"), ("anchor", "positive"),
)  # fmt: skip


def valued_pair(every: Seen) -> Found | None:
    """Two texts and what they are to each other: a score, a label, or found and not found."""
    texts = [c for c in every.readable if not c.may_label or c.length > 20]
    value = max((c for c in every.columns if c.may_score or c.may_label), key=_as_value, default=None)
    passages = _passages(every, texts)
    if value and passages and value.name not in passages:
        asked, passage = passages
        if value.distinct <= 2 and value.numeric > 0.9 and every.repeats(asked) >= REPEATED:
            reason = f"“{value.name}” says for each “{asked}” whether “{passage}” fits it."
            own = {"input": asked, "target": passage, "score": value.name, "template": ""}
            return _pair("search", asked, passage, value, reason, shapes.PASSAGES.name, own)
    alike = _alike(texts)
    if value is None or alike is None or value.name in alike:
        return None
    first, second = alike
    if value.numeric > 0.9:
        reason = f"“{value.name}” is a number for each pair of “{first}” and “{second}”, so it looks like their score."
        return _pair("rate", first, second, value, reason, shapes.PAIRS.name)
    if value.may_label:
        reason = (
            f"“{value.name}” has {value.distinct:,} different short values, one for each pair of “{first}” and "
            f"“{second}”."
        )
        return _pair("classify", first, second, value, reason, shapes.LABELLED.name)
    return None


def fitting_passage(every: Seen) -> Found | None:
    """Questions with the passages that answer them, and nothing else to learn."""
    pair = _passages(every, every.texts)
    if pair is None or every.said("label"):
        return None
    reason = f"“{pair[1]}” holds the passages that belong to “{pair[0]}”."
    return Found("search", *pair, reason, "", shapes.PASSAGES.name)


def _pair(
    goal: TaskKind,
    first: str,
    second: str,
    value: ColumnProfile,
    reason: str,
    shape: str,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> Found:
    role: Role = "label" if goal == "classify" else "score"
    also: tuple[tuple[str, Role], ...] = ((second, "text"), (value.name, role))
    return Found(goal, first, value.name, reason, template_of(first, second), shape, also, own=own)


def _passages(every: Seen, texts: Sequence[ColumnProfile]) -> tuple[str, str] | None:
    """A question and the text that may answer it."""
    asked = next((c for c in every.said("question") if c in texts), None)
    found = next(
        (c for c in [*every.said("context"), *every.said("answer", "text")] if c in texts and c != asked), None
    )
    return (asked.name, found.name) if asked and found else None


def _alike(texts: Sequence[ColumnProfile]) -> tuple[str, str] | None:
    """Two texts of one kind: named as a pair; without names, about equally long."""
    by_name = {c.name.strip().casefold(): c for c in texts}
    for one, other in _PAIRS:
        if one in by_name and other in by_name:
            first, second = by_name[one], by_name[other]
            if one != "column 1" or (0.5 < first.length / second.length < 2 and len(texts) == 2):
                return first.name, second.name
    return None


def _as_value(column: ColumnProfile) -> tuple[bool, bool, int]:
    return column.said in {"score", "label"}, column.may_score, -column.place
