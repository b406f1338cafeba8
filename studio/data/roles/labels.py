"""Labels and measures: a short value for each text, a column for each label, or a number.

In: the columns of a table by their profiles. Out: Found where one of them says what the texts are; None where
none does.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.data.reading.names import Role, is_weak
from studio.data.reading.records import shapes
from studio.data.roles.columns import template_of
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import COUNTED, Found, Seen

_FEWEST_SPREAD = 3  # columns of 0 and 1: two may say anything
TONES = frozenset({
    "positive", "negative", "neutral", "mixed", "pos", "neg", "neu", "positiv", "negativ", "gemischt", "positif",
    "négatif", "neutre", "mixte", "positivo", "negativo", "neutro", "neutrale", "mixto", "misto", "positief",
    "negatief", "neutraal", "позитивный", "негативный", "нейтральный", "积极", "消极", "中性", "正面", "负面",
    "ポジティブ", "ネガティブ", "긍정", "부정", "중립",
})  # fmt: skip
_MEASURES = frozenset({
    "rating", "ratings", "stars", "score", "scores", "grade", "points", "urgency", "severity", "priority",
    "difficulty", "satisfaction", "quality", "readability", "complexity", "importance", "bewertung", "sterne", "note",
    "punkte", "dringlichkeit", "schwere", "schwierigkeit", "zufriedenheit", "étoiles", "urgence", "gravité",
    "difficulté", "puntuación", "estrellas", "urgencia", "gravedad", "dificultad", "valutazione", "stelle", "urgenza",
    "gravità", "difficoltà", "avaliação", "estrelas", "urgência", "gravidade", "dificuldade", "beoordeling",
    "sterren", "ocena", "рейтинг", "оценка", "评分", "評分", "スコア", "점수",
})  # fmt: skip


def one_label(every: Seen) -> Found | None:
    """A short value for each text, named a label or with few different ones."""
    label = max((c for c in every.columns if c.may_label and c.said != "group"), key=_as_label, default=None)
    if label is None:
        return None
    if label.numeric > 0.9 and every.said("question"):  # the answer to a question outranks what it was rated
        label = next((c for c in every.said("answer") if c.may_label and not is_weak(c.name)), label)
    others = [c for c in every.readable if c.name != label.name]
    source = max(others, key=lambda c: (c.said == "text" and c.meaning != "title", c.said == "text", not c.may_label,
                                        c.length), default=None)  # fmt: skip
    if source is None:
        return None
    reason = _why_label(every, label)
    title = next((c for c in others if c.meaning == "title" and not c.may_label and c.name != source.name), None)
    template = template_of(title.name, source.name) if title else ""
    also: tuple[tuple[str, Role], ...] = ((title.name, "text"),) if title else ()
    return Found("classify", source.name, label.name, reason, template, shapes.LABELLED.name, also)


def _why_label(every: Seen, label: ColumnProfile) -> str:
    values = {cell.strip() for cell in _all_cells(every, label.name) if cell.strip()}
    if label.joint:
        return (
            f"“{label.name}” holds short values that come in changing company, so they look like several labels a text."
        )
    if {value.casefold() for value in values} <= TONES and len(values) > 1:
        said = ", ".join(sorted(values))
        return f"“{label.name}” says how each text sounds ({said}), so it looks like the label: the tone, or sentiment."
    told = "1 short value" if len(values) == 1 else f"{len(values):,} different short values"
    return f"“{label.name}” has {told}, so it looks like the label."


def _as_label(column: ColumnProfile) -> tuple[bool, bool, bool, int, int]:
    """Named as a label (then further left), with words, then fewer values."""
    named = column.said == "label"
    return named, named and column.distinct > 1, column.numeric < 0.9, 0 if named else -column.distinct, -column.place


def _all_cells(every: Seen, name: str) -> Sequence[str]:
    return every.table.column(name) if every.table.rows <= COUNTED else every.cells[name]


def labels_spread(every: Seen) -> Found | None:
    """One column of 0 and 1 for each label."""
    spread = [c for c in every.columns if c.is_bit and c.said not in {"other", "group", "part"}]
    source = every.main_text
    if len(spread) < _FEWEST_SPREAD or source is None or every.labelled(bits=False):
        return None
    names = tuple(c.name for c in spread)
    reason = f"Each label has a column of its own with 0 and 1, {len(names):,} in all."
    also: tuple[tuple[str, Role], ...] = tuple((name, "label") for name in names)
    return Found("classify", source.name, "", reason, "", shapes.SPREAD.name, also, own={"labels": names})


def named_measure(every: Seen) -> Found | None:
    """Texts and numbers that are named as a measure, however few different ones there are: the numbers 1 to 5 as such
    could as well be five kinds."""
    measured = [c for c in every.columns if c.name.strip().casefold() in _MEASURES and c.numeric > 0.95]
    score = next((c for c in measured if c.distinct > 2 and c.filled >= 0.5 and c.dates < 0.5), None)
    source = every.main_text
    if score is None or source is None or every.labelled(numeric=0.9) or every.said("question"):
        return None
    reason = f"“{score.name}” is a number for each text in “{source.name}”, so it looks like their rating."
    return Found("rate", source.name, score.name, reason, also=((score.name, "score"),))


def named_score(every: Seen) -> Found | None:
    """Texts and a number that is named as a score."""
    score = next((c for c in every.columns if c.may_score and c.said in {"score", "label"}), None)
    source = every.main_text
    if score is None or source is None:
        return None
    reason = f"“{score.name}” is a number for each text in “{source.name}”, so it looks like their score."
    return Found("rate", source.name, score.name, reason, also=((score.name, "score"),))
