"""What a table is for: each way of learning with the columns that speak for it.

In: the profiles of columns. Out: Found: a goal, the columns to read and to learn, and why in one sentence; None where
nothing speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from studio.config.goals import TaskKind
from studio.data.reading.names import Role, is_weak
from studio.data.reading.records import shapes
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import COUNTED, REPEATED, Found, Seen
from studio.data.roles.triplets import triplet
from studio.data.roles.verdict import names_verdict

_FEWEST_SPREAD = 3  # columns of 0 and 1: two may say anything
_FEWEST = 5  # answers that have to stand in a text before it is taken for the one that holds them
_SENTENCE = 24  # bytes from which on a short text is one: about five English words, or eight Chinese characters
_STARTS = frozenset({"start", "answer_start", "answer start", "start_index", "offset", "begin"})
_MEASURES = frozenset({
    "rating", "ratings", "stars", "score", "scores", "grade", "points", "urgency", "severity", "priority",
    "difficulty", "satisfaction", "quality", "readability", "complexity", "importance", "bewertung", "sterne", "note",
    "punkte", "dringlichkeit", "schwere", "schwierigkeit", "zufriedenheit", "étoiles", "urgence", "gravité",
    "difficulté", "puntuación", "estrellas", "urgencia", "gravedad", "dificultad", "valutazione", "stelle", "urgenza",
    "gravità", "difficoltà", "avaliação", "estrelas", "urgência", "gravidade", "dificuldade", "beoordeling",
    "sterren", "ocena", "рейтинг", "оценка", "评分", "評分", "スコア", "점수",
})  # fmt: skip
_TONES = frozenset({
    "positive", "negative", "neutral", "mixed", "pos", "neg", "neu", "positiv", "negativ", "gemischt", "positif",
    "négatif", "neutre", "mixte", "positivo", "negativo", "neutro", "neutrale", "mixto", "misto", "positief",
    "negatief", "neutraal", "позитивный", "негативный", "нейтральный", "积极", "消极", "中性", "正面", "负面",
    "ポジティブ", "ネガティブ", "긍정", "부정", "중립",
})  # fmt: skip
_PAIRS = (
    ("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("text1", "text2"), ("text_1", "text_2"),
    ("text_a", "text_b"), ("question1", "question2"), ("s1", "s2"), ("premise", "hypothesis"), ("a", "b"),
    ("satz1", "satz2"), ("column 1", "column 2"), ("phrase1", "phrase2"), ("left", "right"), ("anchor", "positive"),
)  # fmt: skip


# --- known structures ---


def _preferred(every: Seen) -> Found | None:
    better, worse = every.said("better"), every.said("worse")
    if not better or not worse:
        return None
    template, source, also = _asked(every, {better[0].name, worse[0].name})
    if source is None:
        return None
    reason = f"“{better[0].name}” and “{worse[0].name}” are a better and a worse answer to “{source.name}”."
    return Found(
        "prefer", source.name, better[0].name, reason, template, shapes.PREFERENCE.name,
        (*also, (worse[0].name, "worse")), own={"rejected": worse[0].name},
    )  # fmt: skip


def _judged(every: Seen) -> Found | None:
    marked = [c for c in every.columns if c.is_verdict]
    named = [c for c in marked if names_verdict(c.name) and c.distinct > 1]
    shaped = [c for c in marked if every.shape == shapes.JUDGED.name and not c.is_bit]
    verdict = next(iter([*named, *shaped, *_thumbs(every, marked)]), None)
    answer = next((c for c in every.said("answer") if c is not verdict), None)
    if verdict is None or answer is None:
        return None
    template, source, also = _asked(every, {answer.name, verdict.name})
    if source is None:
        return None
    reason = f"“{verdict.name}” says whether “{answer.name}” is a good answer to “{source.name}”."
    return Found(
        "prefer",
        source.name,
        answer.name,
        reason,
        template,
        shapes.JUDGED.name,
        (*also, (verdict.name, "label")),
        own={"score": verdict.name},
    )


def _thumbs(every: Seen, marked: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Labels that say true and false, or the like, of what is plainly an answer to a prompt: as records of that
    structure are known, whatever file they come in. Numbers and tones may be labels of any kind."""
    answers = [c for c in every.said("answer") if c.is_whole and not is_weak(c.name)]
    if not answers or not any(c.is_whole for c in every.said("question", "instruction")):
        return []
    words = [c for c in marked if c.said == "label" and c.distinct == 2 and not c.is_bit and c not in answers]
    return [c for c in words if not {cell.strip().casefold() for cell in every.cells[c.name]} & _TONES]


def _conversation(every: Seen) -> Found | None:
    if every.shape not in {shapes.CHAT.name, shapes.SHAREGPT.name, shapes.TREE.name}:
        return None
    message, answer = every.named("message"), every.named("answer")
    if message is None or answer is None:
        return None
    reason = "These are conversations: every answer in them is learned, and the model reads what was said before it."
    return Found("answer", message.name, answer.name, reason, "", every.shape)


def _marked(every: Seen) -> Found | None:
    """A question whose answer stands in a text beside it, word for word."""
    questions, answers = every.said("question"), every.said("answer", readable=False)
    contexts = every.said("context") or [c for c in every.said("text") if every.repeats(c.name) >= REPEATED]
    answers = [c for c in answers if c.numeric < 0.5 and c.longest > 0 and c.name != "answers"] or answers
    contexts = contexts or (_holding(every, questions[0], answers[0]) if questions and answers else [])
    if not contexts or not questions or not answers or contexts[0].name == answers[0].name:
        return None
    context, question, answer = contexts[0], questions[0], answers[0]
    pairs = zip(every.cells[context.name], every.cells[answer.name], strict=True)
    filled = [(text, part) for text, part in pairs if part.strip()]
    inside = sum(part in text for text, part in filled) >= 0.8 * len(filled)
    if context.length < question.length or not filled:
        return None
    template = _template(context.name, question.name)
    also: tuple[tuple[str, Role], ...] = ((context.name, "text"),)
    if inside:
        reason = f"The answers in “{answer.name}” stand word for word in “{context.name}”, for the questions beside it."
        start = next((c.name for c in every.columns if c.name.strip().casefold() in _STARTS and c.numeric > 0.5), "")
        every_answer = next((c.name for c in every.columns if c.name == "answers" and _is_list(every, c.name)), "")
        own = {"context": context.name, "template": "", "start": start, "answers": every_answer}
        return Found("find", question.name, answer.name, reason, template, shapes.MARKED.name, also, own=own)
    reason = f"“{answer.name}” answers “{question.name}” by what stands in “{context.name}”."
    own = {"context": context.name, "template": ""}
    return Found("read", question.name, answer.name, reason, template, "", also, own=own)


def _holding(every: Seen, question: ColumnProfile, answer: ColumnProfile) -> list[ColumnProfile]:
    """Columns of texts far longer than the question, in which nearly every answer stands: whatever they are called,
    that is what they are for."""
    found = []
    for column in every.texts:
        if column.name in {question.name, answer.name} or column.length < 2 * max(question.length, answer.length):
            continue
        pairs = zip(every.cells[column.name], every.cells[answer.name], strict=True)
        filled = [part in text for text, part in pairs if part.strip()]
        if len(filled) >= _FEWEST and sum(filled) >= 0.9 * len(filled):
            found.append(column)
    return sorted(found, key=lambda column: -column.length)


def _is_list(every: Seen, name: str) -> bool:
    """Whether the cells that are filled hold lists in JSON."""
    filled = [cell for cell in every.cells[name] if cell.strip()]
    return bool(filled) and all(cell.lstrip().startswith("[") for cell in filled)


def _pairs(every: Seen) -> Found | None:
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
    return Found(goal, first, value.name, reason, _template(first, second), shape, also, own=own)


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


# --- answers ---


def _named_answer(every: Seen) -> Found | None:
    """An answer that its name or its contents tell: the whole name, then the longer and the more different texts."""
    labelled = any(c.said == "label" and c.may_label for c in every.columns)
    answers = [c for c in every.texts if c.said == "answer" and not (labelled and is_weak(c.name))]
    code = [c for c in every.texts if c.is_code and c.said != "other"]
    if code and len(every.texts) > len(code):
        answers = code
    answer = max(answers, key=lambda c: (c.is_whole and not is_weak(c.name), c.weight, -c.place), default=None)
    if answer is None:
        return None
    template, source, also = _asked(every, {answer.name})
    if source is None:
        return None
    why = "holds code or queries" if answer.is_code else "is named like an answer and holds longer, different texts"
    reason = f"“{answer.name}” {why}, so it looks like the answer to “{source.name}”."
    shape = shapes.INSTRUCTION.name if source.meaning == "instruction" else every.shape
    return Found("answer", source.name, answer.name, reason, template, shape, also)


def _canned_answer(every: Seen) -> Found | None:
    """Sentences that are named an answer beside a named question, however few different ones there are: a help desk
    says the same again and again. A label in words outranks them where nothing is named a question."""
    answer = next((c for c in every.said("answer") if c in every.readable and not is_weak(c.name)), None)
    if answer is None or not _are_sentences(every.cells[answer.name]):
        return None
    sorts = any(c.said == "label" and c.may_label and c.numeric <= 0.9 for c in every.columns)
    meanings = ("question",) if sorts else ("question", "text", "instruction")
    asked = next((c for c in every.said(*meanings) if c in every.readable and c.name != answer.name), None)
    if asked is None or not _are_sentences(every.cells[asked.name]):
        return None
    reason = f"“{answer.name}” is named like an answer and holds sentences, so it looks like the answer to"
    return Found("answer", asked.name, answer.name, f"{reason} “{asked.name}”.")


def _are_sentences(cells: Sequence[str]) -> bool:
    lengths = [len(cell.strip().encode()) for cell in cells if cell.strip()]
    return sum(lengths) >= _SENTENCE * len(lengths)


def _any_answer(every: Seen) -> Found | None:
    """A second text, whatever its name."""
    texts = every.texts
    titles = [c for c in texts if c.meaning == "title"]
    if len(texts) < 2 or (titles and len(texts) == 2):
        return None
    other = max((c for c in texts[1:] if c.said != "text"), key=lambda c: (c.weight, -c.place), default=texts[-1])
    template, source, also = _asked(every, {other.name})
    if source is None:
        return None
    reason = f"“{other.name}” holds longer, different texts, so it looks like the answer to “{source.name}”."
    return Found("answer", source.name, other.name, reason, template, "", also)


_Asked = tuple[str, ColumnProfile | None, tuple[tuple[str, Role], ...]]


def _asked(every: Seen, taken: set[str]) -> _Asked:
    """What an answer answers: the template where several columns say it, the main one, and the others."""
    others = [c for c in every.readable if c.name not in taken and not c.may_label]
    others = [c for c in others if c.said not in {"answer", "worse"}]
    source = (every.named("message") if every.shape else None) or max(others, key=_as_asked, default=None)
    if source is None:
        return "", None, ()
    beside = [c for c in every.columns if c.name not in {*taken, source.name}]
    if source.meaning == "instruction":
        if inputs := [c for c in beside if c.meaning in {"input", "context"} and c.some]:
            return _template(source.name, inputs[0].name), source, ((inputs[0].name, "text"),)
    elif source.meaning == "text" and (titles := [c for c in beside if c.meaning == "title" and c.may_be_read]):
        return _template(titles[0].name, source.name), source, ((titles[0].name, "text"),)
    return "", source, ()


_ORDER = ("question", "text", "instruction", "title", "input", "context")


def _as_asked(column: ColumnProfile) -> tuple[bool, int, int]:
    """Named as a text, a question before all others, then further left."""
    place = _ORDER.index(column.meaning) if column.meaning in _ORDER else len(_ORDER)
    return column.said == "text", -place, -column.place


# --- labels ---


def _label(every: Seen) -> Found | None:
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
    template = _template(title.name, source.name) if title else ""
    also: tuple[tuple[str, Role], ...] = ((title.name, "text"),) if title else ()
    return Found("classify", source.name, label.name, reason, template, shapes.LABELLED.name, also)


def _why_label(every: Seen, label: ColumnProfile) -> str:
    values = {cell.strip() for cell in _all_cells(every, label.name) if cell.strip()}
    if label.joint:
        return (
            f"“{label.name}” holds short values that come in changing company, so they look like several labels a text."
        )
    if {value.casefold() for value in values} <= _TONES and len(values) > 1:
        said = ", ".join(sorted(values))
        return f"“{label.name}” says how each text sounds ({said}), so it looks like the label: the tone, or sentiment."
    told = "1 short value" if len(values) == 1 else f"{len(values):,} different short values"
    return f"“{label.name}” has {told}, so it looks like the label."


def _labels_spread(every: Seen) -> Found | None:
    """One column of 0 and 1 for each label."""
    spread = [c for c in every.columns if c.is_bit and c.said not in {"other", "group", "part"}]
    source = max(every.texts, key=lambda c: (c.said == "text", c.length), default=None)
    named = any(c.said == "label" and c.may_label and not c.is_bit for c in every.columns)
    if len(spread) < _FEWEST_SPREAD or source is None or named:
        return None
    names = tuple(c.name for c in spread)
    reason = f"Each label has a column of its own with 0 and 1, {len(names):,} in all."
    also: tuple[tuple[str, Role], ...] = tuple((name, "label") for name in names)
    return Found("classify", source.name, "", reason, "", shapes.SPREAD.name, also, own={"labels": names})


def _measure(every: Seen) -> Found | None:
    """Texts and numbers that are named as a measure, however few different ones there are: the numbers 1 to 5 as such
    could as well be five kinds."""
    measured = [c for c in every.columns if c.name.strip().casefold() in _MEASURES and c.numeric > 0.95]
    score = next((c for c in measured if c.distinct > 2 and c.filled >= 0.5 and c.dates < 0.5), None)
    source = max(every.texts, key=lambda c: (c.said == "text", c.length), default=None)
    named = any(c.said == "label" and c.may_label and c.numeric <= 0.9 for c in every.columns)
    if score is None or source is None or named or every.said("question"):
        return None
    reason = f"“{score.name}” is a number for each text in “{source.name}”, so it looks like their rating."
    return Found("rate", source.name, score.name, reason, also=((score.name, "score"),))


def _score(every: Seen) -> Found | None:
    """Texts and a number that is named as a score."""
    score = next((c for c in every.columns if c.may_score and c.said in {"score", "label"}), None)
    source = max(every.texts, key=lambda c: (c.said == "text", c.length), default=None)
    if score is None or source is None:
        return None
    reason = f"“{score.name}” is a number for each text in “{source.name}”, so it looks like their score."
    return Found("rate", source.name, score.name, reason, also=((score.name, "score"),))


def _passage(every: Seen) -> Found | None:
    """Questions with the passages that answer them, and nothing else to learn."""
    pair = _passages(every, every.texts)
    if pair is None or every.said("label"):
        return None
    reason = f"“{pair[1]}” holds the passages that belong to “{pair[0]}”."
    return Found("search", *pair, reason, "", shapes.PASSAGES.name)


def _as_label(column: ColumnProfile) -> tuple[bool, bool, bool, int, int]:
    """Named as a label (then further left), with words, then fewer values."""
    named = column.said == "label"
    return named, named and column.distinct > 1, column.numeric < 0.9, 0 if named else -column.distinct, -column.place


def _all_cells(every: Seen, name: str) -> Sequence[str]:
    return every.table.column(name) if every.table.rows <= COUNTED else every.cells[name]


# --- plain texts ---


def _to_continue(every: Seen) -> Found | None:
    """Texts that the reading knows to be texts and nothing else."""
    plain = every.shape == shapes.LINES.name or every.table.reading.kind == "text"
    named = any(c.said == "label" and c.may_label for c in every.columns)
    return _nothing(every) if plain and not named else None


def _nothing(every: Seen) -> Found:
    source = max(every.readable, key=lambda c: (not c.may_label, c.length), default=None)
    if source is None:
        return Found("classify", "", "", "No column holds texts to read.")
    reason = f"“{source.name}” holds texts, but no column looks like a label or an answer, so they can be written on."
    shape = every.shape or shapes.TEXTS.name
    return Found("continue", source.name, "", reason, "", shape)


def _template(*names: str) -> str:
    return "\n\n".join(f"{{{name}}}" for name in names) if not any(set(name) & set("{}\n") for name in names) else ""


_WAYS: tuple[Callable[[Seen], Found | None], ...] = (
    _preferred, triplet, _judged, _conversation, _marked, _pairs, _named_answer, _canned_answer,
    _to_continue, _labels_spread, _measure, _label, _score, _passage, _any_answer,
)  # fmt: skip


def find_goal(every: Seen) -> Found:
    """A known structure, else an answer that is named so, else a label, else any second text, else texts to be
    continued."""
    return next((found for way in _WAYS if (found := way(every)) is not None), None) or _nothing(every)
