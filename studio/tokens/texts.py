"""Texts for a head that says one thing of each: a label, several, a number.

In: Examples of one text, or of a pair, and the length limit. Out: Encoded rows. A text beyond the limit is cut, or read
in parts: windows of equal length, evenly laid over it, of which the first stands for the row and the others lie beside
it. Knows no settings and no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from studio.tasks.example import Example
from studio.tokens.encoded import Encoded
from studio.tokens.frame import Frame, Ids, frame_of
from studio.tokens.tokenizer import CHUNK, Tokenizer

MOST_WINDOWS = 16  # of one text; what lies beyond is cut, and told


def encode_for_head(
    tokenizer: Tokenizer,
    examples: Iterable[Example],
    *,
    max_tokens: int,
    labels: Sequence[str] = (),
    most_windows: int = 1,
) -> Iterator[Encoded]:
    """Examples as ids, in order, within the length limit; a long text in so many windows. An Example of two turns is a
    pair, read as the model was made to read pairs; where it knows none, the second follows the first on a new line. A
    label that is not among `labels`, or none, becomes -1; of several the unknown are left out."""
    numbers = {label: number for number, label in enumerate(labels)}
    waiting = iter(examples)
    while chunk := list(islice(waiting, CHUNK)):
        texts = [text for example in chunk for text in texts_of(tokenizer, example)]
        found = iter(tokenizer.backend.encode_batch_fast(texts, add_special_tokens=False))
        for example in chunk:
            ids = [tuple(next(found).ids) for _ in texts_of(tokenizer, example)]
            if len(ids) == 2:
                sequences, cut = _pair(tokenizer, ids[0], ids[1], max_tokens)
            else:
                sequences, cut = _parts(tokenizer, ids[0], max_tokens, most_windows)
            yield _row(example, sequences, cut, numbers)


def texts_of(tokenizer: Tokenizer, example: Example) -> list[str]:
    """What is read of an Example: one text, or the two of a pair."""
    texts = [turn.text for turn in example.turns]
    return texts if len(texts) == 2 and frame_of(tokenizer).between else ["\n".join(texts)]


def _row(example: Example, sequences: Sequence[Encoded], cut: int, numbers: Mapping[str, int]) -> Encoded:
    first, *others = (replace(one, row=example.row) for one in sequences)
    return replace(
        first,
        label=numbers.get(example.label, -1) if example.label is not None else -1,
        labels=tuple(sorted(numbers[label] for label in example.labels if label in numbers)),
        number=example.number,
        cut=cut,
        beside=tuple(others),
    )


def _parts(tokenizer: Tokenizer, ids: Ids, limit: int, most: int) -> tuple[list[Encoded], int]:
    """A text's windows, and how many tokens are in none."""
    room = max(1, limit - len(tokenizer.prefix) - len(tokenizer.suffix))
    count = min(most, max(1, -(-len(ids) // room)))
    kept = ids[: count * room]
    starts = [round(number * (len(kept) - room) / max(1, count - 1)) for number in range(count)]
    windows = [(*tokenizer.prefix, *kept[max(0, at) : max(0, at) + room], *tokenizer.suffix) for at in starts]
    windows = [window or (tokenizer.pad_id,) for window in windows]  # a causal model writes nothing round nothing
    return [Encoded(-1, window, (False,) * len(window)) for window in windows], len(ids) - len(kept)


def _pair(tokenizer: Tokenizer, first: Ids, second: Ids, limit: int) -> tuple[list[Encoded], int]:
    """A pair within the limit: what is too much is taken from the end of the longer one, then from both."""
    frame = frame_of(tokenizer)
    keeps = kept_of_pair(frame, len(first), len(second), limit)
    cut = len(first) + len(second) - sum(keeps)
    first, second = first[: keeps[0]], second[: keeps[1]]
    parts = (frame.before, first, frame.between, second, frame.after)
    ids = tuple(one for part in parts for one in part)
    types = frame.types_of([len(part) for part in parts]) if tokenizer.has_types else ()
    return [Encoded(-1, ids, (False,) * len(ids), types=types)], cut


def kept_of_pair(frame: Frame, first: int, second: int, limit: int) -> tuple[int, int]:
    """How many tokens are read of each text of a pair."""
    room = max(2, limit - frame.tokens)
    if first + second <= room:
        return first, second
    short = min(first, second, room // 2)
    return (short, room - short) if first <= second else (room - short, short)
