"""Known structures: answers that are compared or judged, conversations, and answers that are marked in a text.

In: the columns of a table by their profiles. Out: Found where they have the structure that the function is named after;
None where they have not.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.data.reading.names import Role, is_weak
from studio.data.reading.records import shapes
from studio.data.roles.answers import what_is_asked
from studio.data.roles.columns import template_of
from studio.data.roles.labels import TONES
from studio.data.roles.profile import ColumnProfile
from studio.data.roles.seen import REPEATED, Found, Seen
from studio.data.roles.verdict import names_verdict

_FEWEST = 5  # answers that have to stand in a text before it is taken for the one that holds them
_STARTS = frozenset({"start", "answer_start", "answer start", "start_index", "offset", "begin"})


def preferred(every: Seen) -> Found | None:
    """A better and a worse answer to what is asked."""
    better, worse = every.said("better"), every.said("worse")
    if not better or not worse:
        return None
    template, source, also = what_is_asked(every, {better[0].name, worse[0].name})
    if source is None:
        return None
    reason = f"“{better[0].name}” and “{worse[0].name}” are a better and a worse answer to “{source.name}”."
    return Found(
        "prefer", source.name, better[0].name, reason, template, shapes.PREFERENCE.name,
        (*also, (worse[0].name, "worse")), own={"rejected": worse[0].name},
    )  # fmt: skip


def judged(every: Seen) -> Found | None:
    """An answer, and whether it is a good one."""
    marked = [c for c in every.columns if c.is_verdict]
    named = [c for c in marked if names_verdict(c.name) and c.distinct > 1]
    shaped = [c for c in marked if every.shape == shapes.JUDGED.name and not c.is_bit]
    verdict = next(iter([*named, *shaped, *_thumbs(every, marked)]), None)
    answer = next((c for c in every.said("answer") if c is not verdict), None)
    if verdict is None or answer is None:
        return None
    template, source, also = what_is_asked(every, {answer.name, verdict.name})
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
    return [c for c in words if not {cell.strip().casefold() for cell in every.cells[c.name]} & TONES]


def conversation(every: Seen) -> Found | None:
    """Messages with what was said before them."""
    if every.shape not in {shapes.CHAT.name, shapes.SHAREGPT.name, shapes.TREE.name}:
        return None
    message, answer = every.named("message"), every.named("answer")
    if message is None or answer is None:
        return None
    reason = "These are conversations: every answer in them is learned, and the model reads what was said before it."
    return Found("answer", message.name, answer.name, reason, "", every.shape)


def marked_answer(every: Seen) -> Found | None:
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
    template = template_of(context.name, question.name)
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
