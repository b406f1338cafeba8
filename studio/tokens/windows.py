"""A question and a text as token ids: the text in overlapping windows, the question before each of them.

In: a Tokenizer, a question, a text, and where in it the answer stands. Out: Windows, as an encoder reads them, with the
way back from their tokens to the text's characters. A question is never cut. Knows no torch.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import tokenizers

from studio.tasks.example import Example
from studio.tokens.encoded import NO_SPAN, Encoded
from studio.tokens.frame import frame_of
from studio.tokens.tokenizer import Tokenizer

WITHOUT = 2  # of a text's windows that do not hold the answer at most so many are learned with those that do
_AT_ONCE = 200  # rows whose texts are encoded together
Span = tuple[int, int]


@dataclass(frozen=True)
class Window(Encoded):
    """One window: `ids` are the question and a piece of the text, `span` the first and last token of the answer (both
    belong to it; NO_SPAN where there is none), `reach` the tokens [first, end) that are the text's. `offsets` are the
    characters [begin, end) of each of these in the whole text; training does without them. `learned` marks what is
    to be found: the answer's tokens, or the first token of all, which stands for “no answer”."""

    reach: Span = (0, 0)
    offsets: tuple[Span, ...] = ()


def stride(max_tokens: int) -> int:
    """How many tokens neighbouring windows share, which is also the longest answer: a third of the limit. So every
    answer that can be named stands whole in at least one window."""
    return max(1, max_tokens // 3)


def fits(tokenizer: Tokenizer, question: str, *, max_tokens: int) -> bool:
    """Whether a question leaves room for a text beside it."""
    asked = len(tokenizer.backend.encode(question, add_special_tokens=False).ids)
    return max_tokens - frame_of(tokenizer).tokens - asked > stride(max_tokens)


def windows(tokenizer: Tokenizer, question: str, text: str, *, max_tokens: int, row: int = -1) -> list[Window]:
    """Every window of a text, in order, at most `max_tokens` tokens each, question included, with the offsets of its
    tokens; none where the question leaves no more room than neighbouring windows share."""
    asked = tokenizer.backend.encode(question, add_special_tokens=False).ids
    ids, offsets = _read(tokenizer, text)
    return [
        replace(window, offsets=offsets[begin : begin + window.reach[1] - window.reach[0]])
        for begin, window in _windows(tokenizer, asked, ids, max_tokens, row)
    ]


def encode_marked(tokenizer: Tokenizer, examples: Iterable[Example], *, max_tokens: int) -> Iterator[Encoded]:
    """Examples of a question and a text, in order, as what is learned of them: the windows that hold the answer whole
    and at most WITHOUT of those that hold nothing of it, chosen by the row's number; without an answer some of all.
    The first stands for the row, the others are `beside` it. A row with nothing to learn (the question too long, the
    answer longer than `stride`, or nothing but signs that the tokenizer leaves out) has no learned token."""
    waiting = iter(examples)
    while chunk := list(islice(waiting, _AT_ONCE)):
        encoded = _encoded(tokenizer, [turn.text for example in chunk for turn in example.turns[-2:]])
        for example in chunk:
            question, text = (turn.text for turn in example.turns[-2:])
            yield _learned(tokenizer, example, encoded[question].ids, encoded[text], max_tokens)


def tokens_between(offsets: Sequence[Span], start: int, end: int) -> Span:
    """The first and the last token of those that stand for the characters [start, end); NO_SPAN where no token does."""
    touched = [place for place, (begin, stop) in enumerate(offsets) if begin < end and stop > start and begin < stop]
    return (touched[0], touched[-1]) if touched else NO_SPAN


def _learned(
    tokenizer: Tokenizer, example: Example, question: Sequence[int], text: tokenizers.Encoding, max_tokens: int
) -> Encoded:
    found = [*_windows(tokenizer, question, text.ids, max_tokens, example.row)]
    first, last = NO_SPAN if example.span is None else tokens_between(text.offsets, *example.span)
    if example.span is not None and (first < 0 or last - first >= stride(max_tokens)):
        found = []
    if not found:
        frame = frame_of(tokenizer)
        ids = (*frame.before, *frame.after)
        return Window(example.row, ids, (False,) * len(ids), types=_types(tokenizer, (len(ids), 0, 0, 0, 0)))
    holding, apart = list[Window](), list[Window]()
    for begin, window in found:
        count = window.reach[1] - window.reach[0]
        if first >= 0 and begin <= first and last < begin + count:
            shift = window.reach[0] - begin
            holding.append(_marked(window, (first + shift, last + shift)))
        elif first < 0 or last < begin or first >= begin + count:
            apart.append(_marked(window, NO_SPAN))
    most = WITHOUT if holding else 1 + WITHOUT
    if len(apart) > most:
        apart = [apart[place] for place in sorted(random.Random(example.row).sample(range(len(apart)), most))]
    main, *others = (*holding, *apart)
    return replace(main, beside=tuple(others))


def _marked(window: Window, span: Span) -> Window:
    learned = [False] * len(window.ids)
    begin, end = span if span != NO_SPAN else (0, 0)
    learned[begin : end + 1] = [True] * (end + 1 - begin)
    return replace(window, span=span, learned=tuple(learned))


def _windows(
    tokenizer: Tokenizer, question: Sequence[int], text: Sequence[int], max_tokens: int, row: int
) -> Iterator[tuple[int, Window]]:
    """Each window with the number of the text's token at which it begins."""
    frame, shared = frame_of(tokenizer), stride(max_tokens)
    room = max_tokens - frame.tokens - len(question)
    if room <= shared:
        return
    head = (*frame.before, *question, *frame.between)
    begin = 0
    while True:
        piece = text[begin : begin + room]
        ids = (*head, *piece, *frame.after)
        parts = (len(frame.before), len(question), len(frame.between), len(piece), len(frame.after))
        reach = (len(head), len(head) + len(piece))
        yield begin, Window(row, ids, (False,) * len(ids), types=_types(tokenizer, parts), reach=reach)
        if begin + room >= len(text):
            return
        begin += room - shared


def _types(tokenizer: Tokenizer, parts: Sequence[int]) -> tuple[int, ...]:
    return frame_of(tokenizer).types_of(parts) if tokenizer.has_types else ()


def _encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, tokenizers.Encoding]:
    """Each different text once: many questions are about the same one."""
    different = list(dict.fromkeys(texts))
    return dict(zip(different, tokenizer.backend.encode_batch(different, add_special_tokens=False), strict=True))


@lru_cache(maxsize=16)
def _read(tokenizer: Tokenizer, text: str) -> tuple[Sequence[int], tuple[Span, ...]]:
    """The tokens of a text and the characters of each, without the blanks that some tokenizers count in. Kept for a
    while: many questions are about the same text, and each look asks them again."""
    encoded = tokenizer.backend.encode(text, add_special_tokens=False)
    found = []
    for begin, end in encoded.offsets:
        while begin < end and text[begin].isspace():
            begin += 1
        while begin < end and text[end - 1].isspace():
            end -= 1
        found.append((begin, end))
    return encoded.ids, tuple(found)
