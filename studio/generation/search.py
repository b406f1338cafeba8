"""Searching passages by meaning: the vectors of texts, and the passages that lie closest to a query. (torch)

In: texts as Examples, a Model and its Tokenizer. Out: vectors of length 1, in the texts' order; Hits. The search is
exact: every passage is compared. Knows nothing of rows, runs or scores.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from studio.events import Event, Progressed, Warned
from studio.generation.forward import asking
from studio.generation.hits import Hit
from studio.generation.too_long import longer
from studio.models.device import at_once
from studio.models.load import Model
from studio.models.pooling import text_vectors
from studio.stopping import never
from studio.tasks.example import Example
from studio.tasks.search import Search
from studio.tokens.batches import micro_batches
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import Tokenizer

Vectors = NDArray[np.float32]

TOKENS_AT_ONCE = 4096
WINDOW = 2048  # texts sorted by length together


@dataclass(frozen=True)
class Library:
    """Passages with their vectors, (passages, width). `cut` of them were too long, and read to the limit only."""

    passages: tuple[str, ...]
    vectors: Vectors
    cut: int = 0

    def closest(self, query: Vectors, count: int) -> list[Hit]:
        """The `count` passages closest to a query's vector (width,), the closest first; of equally close ones the first
        in order."""
        likeness = self.vectors @ query
        count = min(count, len(likeness))
        top = np.argpartition(-likeness, count - 1)[:count] if count else np.zeros(0, np.int64)
        edge = likeness[top].min() if count else 0.0
        places = np.flatnonzero(likeness >= edge)  # all that share the last place
        places = places[np.lexsort((places, -likeness[places]))][:count]
        return [Hit(self.passages[place], int(place), float(likeness[place])) for place in places]

    def notices(self, limit: int) -> Iterator[Event]:
        """What is told of passages longer than `limit` tokens."""
        if self.cut:
            much = longer(self.cut, len(self.passages), limit, what="passages")
            yield Warned(
                f"{much}, and found by their beginnings alone.",
                "Part long passages into several rows if what stands further down is to be found, too.",
            )


@dataclass(frozen=True)
class Shelf:
    """The same passages as the tuned model sees them, and as the untouched one does where that was asked for."""

    tuned: Library
    untouched: Library | None = None


def read_passages(
    model: Model,
    tokenizer: Tokenizer,
    task: Search,
    passages: Sequence[str],
    what: str,
    *,
    max_tokens: int,
    untouched: bool = False,
    should_stop: Callable[[], bool] = never,
) -> Generator[Event, None, Library | None]:
    """The vectors of passages, with progress called `what`; None where it was stopped."""
    examples, cut = [task.passage(text) for text in passages], list[int]()
    reading = vectors_of(
        model, tokenizer, examples, max_tokens=max_tokens, untouched=untouched, should_stop=should_stop, cut=cut
    )
    vectors = yield from told(reading, what, len(examples))
    return None if vectors is None else Library(tuple(passages), vectors, len(cut))


def told(
    reading: Generator[int, None, Vectors | None], what: str, total: int
) -> Generator[Event, None, Vectors | None]:
    """What `vectors_of` returns, with progress for people."""
    while True:
        try:
            done = next(reading)
        except StopIteration as ended:
            found: Vectors | None = ended.value
            return found
        yield Progressed(what, done, total)


def vectors_of(
    model: Model,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    *,
    max_tokens: int,
    untouched: bool = False,
    should_stop: Callable[[], bool] = never,
    cut: list[int] | None = None,
) -> Generator[int, None, Vectors | None]:
    """Yields how many texts are done, and returns (through `yield from`) their vectors, (texts, width); None where it
    was stopped. `untouched` leaves out an adapter. The places of texts that were too long are added to `cut`."""
    found, most = None, at_once(TOKENS_AT_ONCE, model.device)
    for start in range(0, len(examples), WINDOW):
        some = examples[start : start + WINDOW]
        encoded = list(encode_rows(tokenizer, some, model.config, max_tokens=max_tokens))
        lengths, done = [len(row.ids) for row in encoded], start
        if cut is not None:
            cut += [start + place for place, row in enumerate(encoded) if row.cut]
        for places in micro_batches(range(len(encoded)), lengths, token_budget=most):
            if should_stop():
                return None
            read = batch_vectors(model, tokenizer, [encoded[place] for place in places], untouched=untouched)
            if found is None:
                found = np.zeros((len(examples), read.shape[1]), np.float32)
            found[start + np.asarray(places)] = read
            done += len(places)
            yield done
    return np.zeros((0, 0), np.float32) if found is None else found


def batch_vectors(model: Model, tokenizer: Tokenizer, rows: Sequence[Encoded], *, untouched: bool = False) -> Vectors:
    """The vectors of a few texts that fit into memory together, (texts, width)."""
    batch = collate(rows, pad_id=tokenizer.pad_id, device=model.device)
    with asking(model, untouched=untouched), torch.autocast(model.device.type, enabled=False):
        found = text_vectors(model.net, batch.ids, batch.attention, model.pooling)
    values: Vectors = found.cpu().numpy()
    return values
