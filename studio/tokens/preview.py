"""What the model sees of a row: its text in tokens, each one read, learned or cut off.

In: a Tokenizer and an Example. Out: pieces of text that together are the whole, for the page to colour.
Knows nothing of colours, windows or tensors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from studio.config.config import Config
from studio.config.goals import GOALS
from studio.tasks.example import Example
from studio.tokens.encoded import NO_SPAN
from studio.tokens.frame import frame_of
from studio.tokens.rows import encode_rows
from studio.tokens.texts import kept_of_pair, texts_of
from studio.tokens.tokenizer import UNLIMITED, Tokenizer, is_text
from studio.tokens.windows import tokens_between, windows

ShownKind = Literal["context", "learned", "worse", "cut"]


@dataclass(frozen=True)
class Shown:
    """One token: the `text` that it stands for, how it is used, and its id. A character that takes several tokens
    stands with the first of them; the others have no text. `part` is the place of the text that it belongs to, where a
    row has several: a question and its text, the two of a pair, a query and its passages, two answers."""

    text: str
    kind: ShownKind
    id: int
    part: int = 0


def preview_row(tokenizer: Tokenizer, example: Example, config: Config, *, max_tokens: int) -> tuple[Shown, ...]:
    """Every token of the Example as the goal of `config` learns it, those beyond the limit included."""
    head = GOALS[config.task.kind].head
    if head == "span":
        return preview_marked(tokenizer, example)
    if head in ("labels", "number"):
        return _for_head(tokenizer, example, config, max_tokens)
    return preview(tokenizer, example, max_tokens=max_tokens)


def preview(tokenizer: Tokenizer, example: Example, *, max_tokens: int) -> tuple[Shown, ...]:
    """Every token of the Example in reading order, those beyond the limit included. A conversation that is learned as
    several texts, or a query with its passages, is shown as these, one after the other; of a worse answer only its own
    tokens, behind the better one. Of a text that is learned whole
    nothing is beyond the limit: it is learned in pieces."""
    if tokenizer.chat is not None and (example.beside or example.number is not None):
        return tuple(_compared(tokenizer, example, max_tokens))
    if tokenizer.chat is not None and is_text(example.turns):
        return tuple(_of_text(tokenizer, example))
    if tokenizer.chat is None and example.beside:
        each = (replace(example, beside=()), *example.beside)
        return tuple(
            replace(shown, part=part)
            for part, one in enumerate(each)
            for shown in preview(tokenizer, one, max_tokens=max_tokens)
        )
    if not example.beside and (texts := tokenizer.apart(example)).beside:
        each = (replace(texts, beside=()), *texts.beside)
        return tuple(shown for one in each for shown in preview(tokenizer, one, max_tokens=max_tokens))
    example = tokenizer.fitted(example, max_tokens)
    whole = tokenizer.encode(example, max_tokens=UNLIMITED)
    before, after = len(tokenizer.prefix), len(tokenizer.suffix)
    pieces = [*_names(tokenizer, tokenizer.prefix), *_texts(tokenizer, example), *_names(tokenizer, tokenizer.suffix)]
    last = max(before, max_tokens - after)
    inner = range(before, len(pieces) - after)
    shown = []
    for number, (text, token, learned) in enumerate(zip(pieces, whole.ids, whole.learned, strict=True)):
        is_cut = number in inner and number >= last
        shown.append(Shown(text, "cut" if is_cut else "learned" if learned else "context", token))
    return tuple(shown)


def _compared(tokenizer: Tokenizer, example: Example, max_tokens: int) -> Iterator[Shown]:
    """An answer that is good or better, and one that is bad or worse as such."""
    answers = (replace(example, beside=(), number=None), *example.beside)
    for place, one in enumerate(answers):
        is_worse = place > 0 or example.number == 0
        for shown in preview(tokenizer, one, max_tokens=max_tokens):
            if place == 0 or shown.kind == "learned":
                kind = "worse" if is_worse and shown.kind == "learned" else shown.kind
                yield replace(shown, kind=kind, part=place)


def preview_marked(tokenizer: Tokenizer, example: Example) -> tuple[Shown, ...]:
    """A question and its text as one window that holds all of it: the answer's tokens are learned, or the first token
    of all, which stands for “no answer”. Nothing is beyond a limit: a long text is read in several windows."""
    question, text = (turn.text for turn in example.turns)
    [window] = windows(tokenizer, question, text, max_tokens=UNLIMITED)
    first, last = (0, 0)
    if example.span is not None:
        places = tokens_between(window.offsets, *example.span)
        first, last = (place + window.reach[0] for place in places) if places != NO_SPAN else (1, 0)
    asked = list(_texts_of(tokenizer, question))
    before = window.ids[: window.reach[0]]
    at = _place_of_question(tokenizer, before, len(asked))
    pieces = [
        *_names(tokenizer, before[:at]), *asked, *_names(tokenizer, before[at + len(asked) :]),
        *_texts_of(tokenizer, text), *_names(tokenizer, window.ids[window.reach[1] :]),
    ]  # fmt: skip
    return tuple(
        Shown(piece, "learned" if first <= number <= last else "context", token, int(number >= window.reach[0]))
        for number, (piece, token) in enumerate(zip(pieces, window.ids, strict=True))
    )


def _for_head(tokenizer: Tokenizer, example: Example, config: Config, max_tokens: int) -> tuple[Shown, ...]:
    """A text, or the two of a pair as the model reads them. Where a long text is read in parts, only what lies beyond
    all of them is cut."""
    [whole] = encode_rows(tokenizer, [example], config, max_tokens=UNLIMITED)
    texts = [list(_texts_of(tokenizer, text)) for text in texts_of(tokenizer, example)]
    if len(texts) == 2 and (frame := frame_of(tokenizer)).between:
        around: tuple[tuple[int, ...], ...] = (frame.before, frame.between, frame.after)
        kept: tuple[int, ...] = kept_of_pair(frame, len(texts[0]), len(texts[1]), max_tokens)
    else:
        [read] = encode_rows(tokenizer, [example], config, max_tokens=max_tokens)
        around, kept = (tokenizer.prefix, tokenizer.suffix), (len(texts[0]) - read.cut,)
    pieces: list[tuple[str, ShownKind, int]] = [(name, "context", 0) for name in _names(tokenizer, around[0])]
    for part, (text, most, after) in enumerate(zip(texts, kept, around[1:], strict=True)):
        pieces += [(piece, "context" if place < most else "cut", part) for place, piece in enumerate(text)]
        pieces += [(name, "context", part) for name in _names(tokenizer, after)]
    ids = whole.ids if pieces else ()  # a causal model writes nothing round nothing
    return tuple(Shown(piece, kind, token, part) for (piece, kind, part), token in zip(pieces, ids, strict=True))


def _place_of_question(tokenizer: Tokenizer, before: Sequence[int], count: int) -> int:
    """Where the question's tokens begin in what stands before the text; marks stand on both sides of it."""
    return min(len(tokenizer.prefix), max(0, len(before) - count))


def _of_text(tokenizer: Tokenizer, example: Example) -> Iterator[Shown]:
    whole = tokenizer.encode(example, max_tokens=UNLIMITED)
    stream, opening = tokenizer.stream(), len(tokenizer.opening)
    for number, (token, learned) in enumerate(zip(whole.ids, whole.learned, strict=True)):
        is_mark = number < opening or (learned and number == len(whole.ids) - 1)
        text = tokenizer.backend.id_to_token(token) or "" if is_mark else stream.push(token)
        yield Shown(text, "learned" if learned else "context", token)


def _texts(tokenizer: Tokenizer, example: Example) -> Iterator[str]:
    for segment in tokenizer.segments(example):
        yield from _texts_of(tokenizer, segment)


def _texts_of(tokenizer: Tokenizer, segment: str) -> Iterator[str]:
    ends = [end for _, end in tokenizer.backend.encode(segment, add_special_tokens=False).offsets]
    seen = 0
    for number, end in enumerate(ends):
        # What lies between two tokens, such as a space that the model does not see, goes with the later one.
        stop = len(segment) if number == len(ends) - 1 else max(seen, end)
        yield segment[seen:stop]
        seen = stop


def _names(tokenizer: Tokenizer, ids: Sequence[int]) -> list[str]:
    return [tokenizer.backend.id_to_token(token) or "" for token in ids]
