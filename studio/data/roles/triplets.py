"""Triplets: a text, a passage that belongs to it, and one that looks as if it did.

In: the columns of a table by their profiles. Out: Found where two of them are named as the right and the wrong passage.
"""

from __future__ import annotations

from collections.abc import Collection

from studio.data.reading.names import Role
from studio.data.reading.records import shapes
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import Found, Seen

# With or without a number behind, and with any sign between words.
_ANCHORS = frozenset(["anchor", "query", "question", "sentence", "anfrage", "frage", "sent"])
_RIGHT = frozenset({
    "positive", "pos", "positive passage", "pos passage", "positive text", "positive doc", "positive document",
    "positive ctx", "positive sentence", "relevant", "relevant passage", "right passage", "entailment", "positiv",
    "positif", "positivo",
})  # fmt: skip
_WRONG = frozenset({
    "negative", "neg", "hard negative", "hard neg", "negative passage", "neg passage", "negative text",
    "negative doc", "negative document", "negative ctx", "negative sentence", "hard negative passage", "irrelevant",
    "irrelevant passage", "wrong passage", "contradiction", "negativ", "négatif", "negatif", "negativo",
})  # fmt: skip


def triplet(every: Seen) -> Found | None:
    """A right and a wrong passage beside a text; of several wrong ones the first."""
    texts = [c for c in every.columns if c.some and c.numeric < 0.5 and not c.is_mark and c.nested < 0.5]
    right, wrong = _first(texts, _RIGHT), _first(texts, _WRONG)
    if right is None or wrong is None:
        return None
    others = [
        c for c in texts if c.said not in {"other", "label", "part", "group"} and _plain(c) not in _RIGHT | _WRONG
    ]
    asked = _first(others, _ANCHORS) or next((c for c in others if c.may_be_read), None)
    if asked is None:
        return None
    also: tuple[tuple[str, Role], ...] = ((wrong.name, "worse"),)
    reason = f"“{right.name}” belongs to “{asked.name}”, and “{wrong.name}” only looks as if it did."
    own = {"negative": wrong.name}
    return Found("search", asked.name, right.name, reason, "", shapes.PASSAGES.name, also, own=own)


def _first(columns: list[ColumnProfile], names: Collection[str]) -> ColumnProfile | None:
    return next((column for column in columns if _plain(column) in names), None)


def _plain(column: ColumnProfile) -> str:
    """The name in small letters, with blanks between its words and no number behind."""
    return " ".join(column.name.casefold().replace("_", " ").replace("-", " ").strip(" 0123456789").split())
