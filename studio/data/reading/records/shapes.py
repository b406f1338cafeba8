"""Known structures of data, recognised by their keys and types, and unfolded into plain columns.

In: records as they come out of JSON, Parquet or cells that hold JSON text. Out: a Shape, and of every record its rows
as cells by column, or the reason why it makes none. File names are never looked at; what is not known stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.config.goals import TaskKind
from studio.data.reading.records.conversations import (
    SetAside,
    Turn,
    answered,
    as_json,
    is_conversation,
    is_turn,
    opened,
    preferred,
    spoken,
    threads,
    turns_of,
)
from studio.data.reading.records.json_text import Number, text_of

Record = Mapping[str, Any]
_MOST = 0.8  # of the records have to fit
_CONVERSATIONS = ("messages", "conversations", "conversation", "dialogue", "dialog", "chat", "turns")
_BETTER = (("chosen", "rejected"), ("preferred_output", "non_preferred_output"))
_VERDICTS = ("label", "kto_tag")
_LINES = ("paragraphs", "lines", "content", "text", "texts", "verses", "sentences", "strains", "body", "para")


@dataclass(frozen=True)
class Shape:
    """A known structure: its `name` in files and settings, its `title` in people's words ("It holds …"), and what such
    data is for."""

    name: str
    title: str
    goal: TaskKind


CHAT = Shape("chat", "conversations with roles and contents", "answer")
SHAREGPT = Shape("sharegpt", "conversations in ShareGPT’s form", "answer")
TREE = Shape("tree", "trees of messages and replies", "answer")
PREFERENCE = Shape("preference", "pairs of a better and a worse answer", "prefer")
JUDGED = Shape("judged", "answers marked as good or bad", "prefer")
MARKED = Shape("marked", "questions whose answers are marked in a text", "find")
INSTRUCTION = Shape("instruction", "instructions with their answers", "answer")
COMPLETION = Shape("completion", "beginnings with their completions", "answer")
PASSAGES = Shape("passages", "questions with passages of text", "search")
PAIRS = Shape("pairs", "pairs of sentences with a score", "rate")
LABELLED = Shape("labelled", "texts with labels", "classify")
SPREAD = Shape("spread", "texts with one column of 0 and 1 for each label", "classify")
LINES = Shape("lines", "texts kept as lists of lines", "continue")
TEXTS = Shape("texts", "plain texts", "continue")


def recognise(records: Sequence[Record]) -> Shape | None:
    """The structure of these records (some hundreds are enough), or None. Fitting means: nearly all of them do."""
    if not records:
        return None
    for shape, fits, _ in _KNOWN:
        if sum(map(fits, records)) >= _MOST * len(records):
            return shape
    if _spread(records):
        return SPREAD
    return LINES if _lines(records) else None


def unfold(shape: Shape | None, record: Record) -> Iterator[Record]:
    """The rows of one record, as cells by column; cells may still be lists or objects. Raises SetAside where it makes
    none."""
    rows = _ROWS.get(shape.name) if shape else None
    if rows is None:
        yield record
    else:
        yield from rows(record)


def shape_called(name: str) -> Shape | None:
    """The Shape that a Reading names."""
    return next((shape for shape in _ALL if shape.name == name), None)


# --- conversations ---


def _conversation_in(record: Record) -> str | None:
    return next((name for name in _CONVERSATIONS if is_conversation(record.get(name))), None)


def _is_chat(record: Record) -> bool:
    name = _conversation_in(record)
    return name is not None and any("role" in turn for turn in _listed(record[name]))


def _is_sharegpt(record: Record) -> bool:
    return _conversation_in(record) is not None


def _chat_rows(record: Record) -> Iterator[Record]:
    name = next((name for name in _CONVERSATIONS if record.get(name)), None)
    if name is None:
        raise SetAside("It holds no conversation.")
    yield _with_rest(answered(turns_of(record[name]), _standing(record)), record, {name, "system"})


def _is_judged(record: Record) -> bool:
    verdict = next((record[name] for name in _VERDICTS if name in record), None)
    said = isinstance(verdict, bool) or verdict in ("true", "false", "True", "False")
    pair = is_conversation(record.get("prompt")) or {"prompt", "completion"} <= record.keys()
    return said and (pair or _conversation_in(record) is not None)


def _judged_rows(record: Record) -> Iterator[Record]:
    if "completion" not in record:
        yield from _chat_rows(record)
    elif is_conversation(record.get("prompt")) or is_conversation(record["completion"]):
        turns = [*_asking(record.get("prompt")), *turns_of(record["completion"])]
        yield _with_rest(answered(turns, _standing(record)), record, {"prompt", "completion", "system"})
    else:
        yield record


def _is_tree(record: Record) -> bool:
    top = record.get("prompt", record)
    return isinstance(top, dict) and is_turn(top) and isinstance(top.get("replies"), (list, tuple))


def _tree_rows(record: Record) -> Iterator[Record]:
    top = record.get("prompt", record)
    if not isinstance(top, dict) or not is_turn(top):
        raise SetAside("It holds no message.")
    beside = {name: value for name, value in record.items() if name != "prompt"} if top is not record else {}
    tree = beside.get("message_tree_id") or top.get("message_id") or ""
    found = False
    for turns, node in threads(top):
        found = True
        rest = {name: value for name, value in node.items() if name not in {"replies", "text", "role", "content"}}
        yield _with_rest({**answered(turns), "tree": text_of(tree)}, {**beside, **rest}, {"message_tree_id"})
    if not found:
        raise SetAside("Nobody answers in it.")


# --- preferences ---


def _better_in(record: Record) -> tuple[str, str] | None:
    return next((pair for pair in _BETTER if all(record.get(name) for name in pair)), None)


def _is_preference(record: Record) -> bool:
    return _better_in(record) is not None


def _preference_rows(record: Record) -> Iterator[Record]:
    names = _better_in(record)
    if names is None:
        raise SetAside("One of the two answers is missing.")
    better, worse = (opened(record[name]) for name in names)
    where = next(
        (name for name in (*_CONVERSATIONS, "prompt", "input") if is_conversation(_turns_in(record, name))), ""
    )
    if isinstance(better, str) and isinstance(worse, str) and not where and not (spoken(better) and spoken(worse)):
        yield record
        return
    before = turns_of(_turns_in(record, where)) if where else _asking(record.get("prompt") or record.get("question"))
    used = {*names, where or ("prompt" if "prompt" in record else "question"), "system"}
    yield _with_rest(preferred(turns_of(better), turns_of(worse), before, _standing(record)), record, used)


def _turns_in(record: Record, name: str) -> Any:
    value = opened(record.get(name))
    return value.get("messages") if isinstance(value, dict) else value


def _asking(value: object) -> list[Turn]:
    """The turns of a prompt, which may be a plain text."""
    if value is None or value == "":
        return []
    found = opened(value)
    return [Turn("user", found)] if isinstance(found, str) else turns_of(found)


# --- answers marked in a text ---


def _is_article(record: Record) -> bool:
    parts = record.get("paragraphs")
    return isinstance(parts, list) and any(isinstance(part, dict) and "context" in part for part in parts)


def _is_paragraph(record: Record) -> bool:
    return "context" in record and isinstance(record.get("qas"), list)


def _is_marked(record: Record) -> bool:
    if not {"context", "question"} <= record.keys():
        return False
    answers = opened(record.get("answers", record.get("answer")))
    one = next(iter(answers), None) if isinstance(answers, (list, tuple)) else answers
    return isinstance(one, dict) and "text" in one and ("answer_start" in one or "start" in one)


def _article_rows(record: Record) -> Iterator[Record]:
    above = {f"article.{name}" if name == "id" else name: value for name, value in record.items()}
    above.pop("paragraphs", None)
    found = False
    for paragraph in record.get("paragraphs") or ():
        if isinstance(paragraph, dict):
            for row in _paragraph_rows(paragraph):
                found = True
                yield _joined(row, above)
    if not found:
        raise SetAside("It holds no question.")


def _paragraph_rows(record: Record) -> Iterator[Record]:
    above = {f"paragraph.{name}" if name == "id" else name: v for name, v in record.items() if name != "qas"}
    for one in record.get("qas") or ():
        if isinstance(one, dict):
            for row in _marked_rows({**one, "context": record.get("context")}):
                yield _joined(row, above)


def _marked_rows(record: Record) -> Iterator[Record]:
    """The first answer with its place (in characters, as Python counts them), all answers where they differ."""
    texts, starts = _answers(opened(record.get("answers", record.get("answer"))))
    row: dict[str, Any] = {"question": record.get("question"), "context": record.get("context")}
    row |= {"answer": texts[0] if texts else "", "answer_start": starts[0] if starts else ""}
    if len(set(texts)) > 1:
        row["answers"] = texts
    yield _joined(row, {name: value for name, value in record.items() if name not in {"answers", "answer"}})


def _answers(answers: object) -> tuple[list[str], list[str]]:
    if isinstance(answers, dict):
        texts, starts = answers.get("text"), answers.get("answer_start", answers.get("start"))
        if not isinstance(texts, (list, tuple)):
            texts, starts = [texts], [starts]
        return [text_of(text) for text in texts if text is not None], [text_of(start) for start in starts or ()]
    if not isinstance(answers, (list, tuple)):
        return [], []
    every = [one for one in answers if isinstance(one, dict)]
    return [text_of(one.get("text")) for one in every], [text_of(one.get("answer_start", "")) for one in every]


# --- instructions ---


def _has_instances(record: Record) -> bool:
    found = record.get("instances")
    return isinstance(found, list) and bool(found) and all(isinstance(one, dict) and "output" in one for one in found)


def _instance_rows(record: Record) -> Iterator[Record]:
    if not _has_instances(record):
        raise SetAside("It holds no example with an output.")
    rest = {name: value for name, value in record.items() if name != "instances"}
    for one in record["instances"]:
        yield {"instruction": rest.get("instruction", ""), **one, **_joined(rest, {})}


def _is_instruction(record: Record) -> bool:
    return "instruction" in record and any(name in record for name in ("output", "response", "answer"))


def _instruction_rows(record: Record) -> Iterator[Record]:
    """Turns that went before stand in `history`, as pairs of a message and its answer."""
    history = opened(record.get("history"))
    if not isinstance(history, (list, tuple)):
        yield record
        return
    turns = [
        Turn("user" if place == 0 else "assistant", text_of(text))
        for pair in history
        if isinstance(pair, (list, tuple))
        for place, text in enumerate(pair[:2])
    ]
    yield {**{name: value for name, value in record.items() if name != "history"}, "earlier": as_json(turns)}


def _is_completion(record: Record) -> bool:
    return {"prompt", "completion"} <= record.keys()


def _completion_rows(record: Record) -> Iterator[Record]:
    if is_conversation(record.get("prompt")) or is_conversation(record.get("completion")):
        turns = [*_asking(record.get("prompt")), *turns_of(record["completion"])]
        yield _with_rest(answered(turns, _standing(record)), record, {"prompt", "completion", "system"})
    else:
        yield record


# --- labels and texts ---


def _spread(records: Sequence[Record]) -> list[str]:
    """The columns that hold nothing but 0 and 1, with exactly one 1 in nearly every record; at least three of them."""
    names = [name for name in records[0] if all(_bit(record.get(name)) is not None for record in records)]
    ones = sum(sum(_bit(record[name]) or 0 for name in names) == 1 for record in records)
    every = all(any(_bit(record[name]) for record in records) for name in names)
    return names if len(names) >= 3 and len(records) >= 3 and every and ones >= 0.95 * len(records) else []


def _spread_rows(record: Record) -> Iterator[Record]:
    on = [name for name, value in record.items() if _bit(value) == 1]
    yield {**record, "label": on[0] if len(on) == 1 else ", ".join(on)}


def _bit(value: object) -> int | None:
    if isinstance(value, bool):
        return int(value)
    return {"0": 0, "1": 1, "0.0": 0, "1.0": 1}.get(text_of(value)) if isinstance(value, (str, int, float)) else None


def _lines(records: Sequence[Record]) -> list[str]:
    """The columns that are lists of lines: named so, and long enough to be texts."""
    return [name for name in _LINES if sum(_is_lines(record.get(name)) for record in records) >= _MOST * len(records)]


def _is_lines(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(type(line) is str for line in value)


def _lines_rows(record: Record) -> Iterator[Record]:
    yield {name: "\n".join(value) if name in _LINES and _is_lines(value) else value for name, value in record.items()}


# --- all of them ---


def _listed(value: object) -> Sequence[Mapping[str, Any]]:
    found = opened(value)
    return found if isinstance(found, (list, tuple)) else []


def _standing(record: Record) -> str:
    value = record.get("system")
    return value if isinstance(value, str) and not isinstance(value, Number) else ""


def _with_rest(row: dict[str, str], record: Record, used: set[str]) -> dict[str, Any]:
    """The row and whatever else the record holds, under a name of its own."""
    rest = {name: value for name, value in record.items() if name not in used}
    return {**row, **{f"{name} (other)" if name in row else name: value for name, value in rest.items()}}


def _joined(row: Record, above: Record) -> dict[str, Any]:
    return {**row, **{name: value for name, value in above.items() if name not in row}}


Rows = Callable[[Record], Iterator[Record]]
_KNOWN: tuple[tuple[Shape, Callable[[Record], bool], Rows | None], ...] = (
    (PREFERENCE, _is_preference, _preference_rows),
    (JUDGED, _is_judged, _judged_rows),
    (CHAT, _is_chat, _chat_rows),
    (SHAREGPT, _is_sharegpt, _chat_rows),
    (TREE, _is_tree, _tree_rows),
    (MARKED, _is_article, None),
    (MARKED, _is_paragraph, None),
    (MARKED, _is_marked, None),
    (INSTRUCTION, _has_instances, None),
    (INSTRUCTION, _is_instruction, None),
    (COMPLETION, _is_completion, _completion_rows),
)


def _any_marked(record: Record) -> Iterator[Record]:
    if "paragraphs" in record:
        return _article_rows(record)
    return _paragraph_rows(record) if "qas" in record else _marked_rows(record)


def _any_instruction(record: Record) -> Iterator[Record]:
    return _instance_rows(record) if "instances" in record else _instruction_rows(record)


_ROWS: dict[str, Rows] = {
    **{shape.name: rows for shape, _, rows in _KNOWN if rows},
    MARKED.name: _any_marked,
    INSTRUCTION.name: _any_instruction,
    SPREAD.name: _spread_rows,
    LINES.name: _lines_rows,
}
_ALL = (
    CHAT, SHAREGPT, TREE, PREFERENCE, JUDGED, MARKED, INSTRUCTION, COMPLETION, PASSAGES, PAIRS, LABELLED, SPREAD, LINES,
    TEXTS,
)  # fmt: skip
__all__ = ["Record", "SetAside", "Shape", "Turn", "recognise", "shape_called", "unfold"]
