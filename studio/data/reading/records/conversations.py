"""Conversations to columns: the standing instruction, the turns before, the last message, its answer.

In: lists of turns in the forms that people have them (OpenAI, ShareGPT, trees of replies, “Human: … Assistant: …”).
Out: texts by column, or a SetAside with its reason. One conversation is one row; its last answer and the answers in the
turns before it are learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.data.reading.records.json_text import Number, Parser, compact

Speaker = Literal["system", "user", "assistant", "tool"]

_SPEAKERS: dict[Speaker, str] = {
    "system": "system developer",
    "user": "user human prompter customer person client",
    "assistant": "assistant gpt chatgpt bot chatbot model ai bing bard agent function_call tool_call",
    "tool": "tool function observation function_response tool_response ipython",
}
_SPEAKER_OF = {word: speaker for speaker, words in _SPEAKERS.items() for word in words.split()}
_WHO = ("role", "from", "speaker")
_WHAT = ("content", "value", "text")
_CALLS = ("tool_calls", "function_call")
_SPOKEN = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")


class SetAside(Exception):
    """A record that makes no row, and why, in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Turn:
    """What one side said; `is_learned` is False where the file says so (a weight of 0)."""

    speaker: Speaker
    text: str
    is_learned: bool = True


def opened(value: object) -> object:
    """A list or object that a cell holds as JSON text; anything else as it is."""
    if isinstance(value, str) and value[:1] in {"[", "{"} and value[-1:] in {"]", "}"}:
        parser = Parser()
        try:
            found, end = parser.value(value)
        except (ValueError, ArithmeticError):
            return value
        return found if end == len(value) else value
    return value


def is_turn(value: object) -> bool:
    """Whether this is what one side said: who and what."""
    return isinstance(value, dict) and _key(value, _WHO) is not None and (
        _key(value, _WHAT) is not None or any(name in value for name in _CALLS)
    )  # fmt: skip


def is_conversation(value: object) -> bool:
    """Whether this is a list of turns, as a list or as its JSON text."""
    if isinstance(value, str) and value[:2] != "[{" and not value.startswith(("[\n", "[ ")):
        return False
    found = opened(value)
    return isinstance(found, (list, tuple)) and bool(found) and all(is_turn(turn) for turn in found)


def turns_of(value: object) -> list[Turn]:
    """The turns of a list of turns, of one turn, or of a text with “Human:” and “Assistant:”; raises SetAside."""
    found = opened(value)
    if isinstance(found, dict):
        found = [found]
    if isinstance(found, str):
        return spoken(found) or [Turn("assistant", found)]
    if not isinstance(found, (list, tuple)) or not found:
        raise SetAside("It holds no conversation.")
    return [_turn(turn) for turn in found]


def spoken(text: str) -> list[Turn]:
    """The turns of “Human: … Assistant: …”; none where the text is not written so."""
    places = list(_SPOKEN.finditer(text))
    if len(places) < 2 or places[0].start() != 0:
        return []
    ends = [place.start() for place in places[1:]] + [len(text)]
    return [
        Turn("user" if place[1] == "Human" else "assistant", text[place.end() : end])
        for place, end in zip(places, ends, strict=True)
    ]


def asked(turns: Sequence[Turn], standing: str = "") -> dict[str, str]:
    """`system`, `earlier` and `message` of turns that wait for an answer; `standing` is an instruction given beside
    them. Steps between the last message and the answer (calls of tools and their results) become `steps`."""
    first = next((place for place, turn in enumerate(turns) if turn.speaker != "system"), len(turns))
    last = max((place for place, turn in enumerate(turns) if turn.speaker == "user"), default=-1)
    if last < 0 or not turns[last].text.strip():
        raise SetAside("Nobody asks anything in it.")
    system = "\n\n".join(text for text in (standing, *(turn.text for turn in turns[:first])) if text)
    found = {"system": system, "earlier": as_json(turns[first:last]), "message": turns[last].text}
    if steps := turns[last + 1 :]:
        found["steps"] = as_json(steps)
    return found


def answered(turns: Sequence[Turn], standing: str = "") -> dict[str, str]:
    """The columns of a whole conversation, which has to end with an answer."""
    if not turns or turns[-1].speaker == "user":
        raise SetAside("It ends with a message that nobody answered.")
    if turns[-1].speaker != "assistant":
        raise SetAside("It ends without an answer.")
    if not turns[-1].is_learned:
        raise SetAside("Its last answer is marked as not to be learned (weight 0).")
    if not turns[-1].text.strip():
        raise SetAside("Its last answer is empty.")
    found = asked(turns[:-1], standing)
    return {**found, "answer": turns[-1].text}


def preferred(better: Sequence[Turn], worse: Sequence[Turn], before: Sequence[Turn], standing: str) -> dict[str, str]:
    """The columns of two answers to one conversation; each of the two may repeat the turns `before`."""
    if not better or not worse:
        raise SetAside("One of the two answers is missing.")
    lead = [*before] if len(better) == 1 or not before else []
    shared = 0
    while shared < min(len(better), len(worse)) - 1 and better[shared] == worse[shared]:
        shared += 1
    lead += better[:shared] if len(better) > 1 else []
    if len(better) - shared != 1 or len(worse) - shared != 1:
        raise SetAside("The two answers belong to different conversations.")
    return {**asked(lead, standing), "chosen": better[-1].text, "rejected": worse[-1].text}


def threads(tree: Mapping[str, Any]) -> Iterator[tuple[list[Turn], Mapping[str, Any]]]:
    """Every answer in a tree of replies: the turns that lead to it, itself included, and its own record."""
    waiting: list[tuple[Mapping[str, Any], list[Turn]]] = [(tree, [])]
    while waiting:
        node, before = waiting.pop()
        turns = [*before, _turn(node)]
        if turns[-1].speaker == "assistant":
            yield turns, node
        replies = node.get("replies") or ()
        waiting += [(reply, turns) for reply in reversed(replies) if is_turn(reply)]


def as_json(turns: Sequence[Turn]) -> str:
    """Turns as JSON text, "" for none."""
    return compact([{"role": turn.speaker, "content": turn.text} for turn in turns]) if turns else ""


def _turn(value: object) -> Turn:
    if not isinstance(value, dict) or not is_turn(value):
        raise SetAside("It holds a turn that does not say who speaks and what.")
    who = str(value[_key(value, _WHO) or ""]).strip().casefold()
    if who not in _SPEAKER_OF:
        raise SetAside(f"It holds a turn by “{who[:40]}”; known are system, user, assistant and tool.")
    what = _key(value, _WHAT)
    text = _said(value[what]) if what else ""
    calls = [compact(value[name]) for name in _CALLS if value.get(name)]
    weight = value.get("weight")
    return Turn(_SPEAKER_OF[who], "\n".join(filter(None, (text, *calls))), not _is_zero(weight))


def _said(content: object) -> str:
    """The text of a turn, which may come in several pieces."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, (list, tuple)):
        return "\n".join(_piece(piece) for piece in content)
    return _piece(content)


def _piece(piece: object) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, dict):
        for name in ("text", "refusal", "content"):
            if isinstance(piece.get(name), str):
                return str(piece[name])
        raise SetAside("It holds pictures, sound or files; only texts can be learned.")
    return compact(piece)


def _is_zero(weight: object) -> bool:
    if isinstance(weight, Number):
        return weight.strip("0.") == ""
    return isinstance(weight, (int, float)) and not isinstance(weight, bool) and weight == 0


def _key(value: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next((name for name in names if name in value), None)
