"""What a model with a head of its own makes of texts, and what the body sees in them. (torch)

In: Examples or texts, a Model and its Tokenizer. Out: shares per label, one number, or one vector a text, in the texts'
order. A text that is read in parts gets the mean of what they say. Knows nothing of rows, runs or scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from torch import Tensor

from studio.generation.forward import asking
from studio.models.device import at_once
from studio.models.head import mean_of_tokens
from studio.models.load import Model, encoder_body, number_scale
from studio.tasks.example import Example, Turn
from studio.tokens.batches import micro_batches
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import Tokenizer

WINDOW = 512  # texts sorted by length together: little filling, and the first results come soon
TOKENS_AT_ONCE = 4096


def label_shares(model: Model, tokenizer: Tokenizer, examples: Iterable[Example]) -> Iterator[tuple[float, ...]]:
    """For each Example in order, the model's shares of its labels: they sum to 1, or, where a text can have several
    labels, each is by itself between 0 and 1."""
    has_several = model.config.task.has_several

    def shares(batch: Batch) -> Tensor:
        logits = batch.mean_by_row(model.net(**batch.inputs).logits.float())
        return logits.sigmoid() if has_several else logits.softmax(-1)

    for values in _in_order(model, tokenizer, _encoded(model, tokenizer, examples), shares):
        yield tuple(values)


def numbers(model: Model, tokenizer: Tokenizer, examples: Iterable[Example]) -> Iterator[float]:
    """For each Example in order, the number that the model gives it."""
    mean, spread = number_scale(model)

    def given(batch: Batch) -> Tensor:
        return batch.mean_by_row(model.net(**batch.inputs).logits.float())

    for (value,) in _in_order(model, tokenizer, _encoded(model, tokenizer, examples), given):
        yield value * spread + mean


def vectors(model: Model, tokenizer: Tokenizer, texts: Iterable[str], *, max_tokens: int) -> Iterator[list[float]]:
    """For each text in order, the mean of the body's last hidden states over its tokens."""
    body = encoder_body(model)

    def means(batch: Batch) -> Tensor:
        hidden = body(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
        return mean_of_tokens(hidden.float(), batch.attention)

    examples = (Example(-1, (Turn("text", text),)) for text in texts)
    # No goal is asked here, and the body reads whole beginnings, also of texts that its goal reads in parts.
    return _in_order(model, tokenizer, tokenizer.encode_many(examples, max_tokens=max_tokens), means)


def _encoded(model: Model, tokenizer: Tokenizer, examples: Iterable[Example]) -> Iterator[Encoded]:
    """Encoded some at a time, so that nobody waits for the last text."""
    waiting = iter(examples)
    while window := list(islice(waiting, WINDOW)):
        yield from encode_rows(tokenizer, window, model.config)


def _in_order(
    model: Model, tokenizer: Tokenizer, rows: Iterable[Encoded], compute: Callable[[Batch], Tensor]
) -> Iterator[list[float]]:
    waiting, most = iter(rows), at_once(TOKENS_AT_ONCE, model.device)
    while encoded := list(islice(waiting, WINDOW)):
        found: dict[int, list[float]] = {}
        sizes = [row.size for row in encoded]
        for indices in micro_batches(range(len(encoded)), sizes, token_budget=most):
            values = _values(model, [encoded[index] for index in indices], tokenizer, compute)
            found.update(zip(indices, values, strict=True))
        yield from (found[index] for index in range(len(encoded)))


def _values(
    model: Model, rows: Sequence[Encoded], tokenizer: Tokenizer, compute: Callable[[Batch], Tensor]
) -> list[list[float]]:
    batch = collate(rows, pad_id=tokenizer.pad_id, device=model.device)
    with asking(model):
        values: list[list[float]] = compute(batch).cpu().tolist()
    return values
