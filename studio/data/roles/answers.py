"""Answers in words: by their names, by what they say, or by nothing but their length; and what they answer.

In: the columns of a table by their profiles. Out: Found where one of them is an answer to another; None where none is.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.data.reading.names import Role, is_weak
from studio.data.reading.records import shapes
from studio.data.roles.columns import template_of
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import Found, Seen

_SENTENCE = 24  # bytes from which on a short text is one: about five English words, or eight Chinese characters
_ORDER = ("question", "text", "instruction", "title", "input", "context")
_Asked = tuple[str, ColumnProfile | None, tuple[tuple[str, Role], ...]]


def named_answer(every: Seen) -> Found | None:
    """An answer that its name or its contents tell: the whole name, then the longer and the more different texts."""
    labelled = every.labelled()
    answers = [c for c in every.texts if c.said == "answer" and not (labelled and is_weak(c.name))]
    code = [c for c in every.texts if c.is_code and c.said != "other"]
    if code and len(every.texts) > len(code):
        answers = code
    answer = max(answers, key=lambda c: (c.is_whole and not is_weak(c.name), c.weight, -c.place), default=None)
    if answer is None:
        return None
    template, source, also = what_is_asked(every, {answer.name})
    if source is None:
        return None
    why = "holds code or queries" if answer.is_code else "is named like an answer and holds longer, different texts"
    reason = f"“{answer.name}” {why}, so it looks like the answer to “{source.name}”."
    shape = shapes.INSTRUCTION.name if source.meaning == "instruction" else every.shape
    return Found("answer", source.name, answer.name, reason, template, shape, also)


def canned_answer(every: Seen) -> Found | None:
    """Sentences that are named an answer beside a named question, however few different ones there are: a help desk
    says the same again and again. A label in words outranks them where nothing is named a question."""
    answer = next((c for c in every.said("answer") if c in every.readable and not is_weak(c.name)), None)
    if answer is None or not _are_sentences(every.cells[answer.name]):
        return None
    meanings = ("question",) if every.labelled(numeric=0.9) else ("question", "text", "instruction")
    asked = next((c for c in every.said(*meanings) if c in every.readable and c.name != answer.name), None)
    if asked is None or not _are_sentences(every.cells[asked.name]):
        return None
    reason = f"“{answer.name}” is named like an answer and holds sentences, so it looks like the answer to"
    return Found("answer", asked.name, answer.name, f"{reason} “{asked.name}”.")


def _are_sentences(cells: Sequence[str]) -> bool:
    lengths = [len(cell.strip().encode()) for cell in cells if cell.strip()]
    return sum(lengths) >= _SENTENCE * len(lengths)


def any_answer(every: Seen) -> Found | None:
    """A second text, whatever its name."""
    texts = every.texts
    titles = [c for c in texts if c.meaning == "title"]
    if len(texts) < 2 or (titles and len(texts) == 2):
        return None
    other = max((c for c in texts[1:] if c.said != "text"), key=lambda c: (c.weight, -c.place), default=texts[-1])
    template, source, also = what_is_asked(every, {other.name})
    if source is None:
        return None
    reason = f"“{other.name}” holds longer, different texts, so it looks like the answer to “{source.name}”."
    return Found("answer", source.name, other.name, reason, template, "", also)


def what_is_asked(every: Seen, taken: set[str]) -> _Asked:
    """What an answer answers: the template where several columns say it, the main one, and the others."""
    others = [c for c in every.readable if c.name not in taken and not c.may_label]
    others = [c for c in others if c.said not in {"answer", "worse"}]
    source = (every.named("message") if every.shape else None) or max(others, key=_as_asked, default=None)
    if source is None:
        return "", None, ()
    beside = [c for c in every.columns if c.name not in {*taken, source.name}]
    if source.meaning == "instruction":
        if inputs := [c for c in beside if c.meaning in {"input", "context"} and c.some]:
            return template_of(source.name, inputs[0].name), source, ((inputs[0].name, "text"),)
    elif source.meaning == "text" and (titles := [c for c in beside if c.meaning == "title" and c.may_be_read]):
        return template_of(titles[0].name, source.name), source, ((titles[0].name, "text"),)
    return "", source, ()


def _as_asked(column: ColumnProfile) -> tuple[bool, int, int]:
    """Named as a text, a question before all others, then further left."""
    place = _ORDER.index(column.meaning) if column.meaning in _ORDER else len(_ORDER)
    return column.said == "text", -place, -column.place
