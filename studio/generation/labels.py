"""What a classifier makes of texts, and what the encoder sees in them. (torch)

In: texts, a Model and its Tokenizer. Out: shares per label, or one vector a text, in the texts' order. Knows nothing of
rows, runs or scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from torch import Tensor

from studio.generation.forward import asking
from studio.models.head import mean_of_tokens
from studio.models.load import Model, encoder_body
from studio.tasks.example import Example, Turn
from studio.tokens.batches import micro_batches
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer

WINDOW = 512  # texts sorted by length together: little filling, and the first results come soon
TOKENS_AT_ONCE = 4096


def label_shares(
    model: Model, tokenizer: Tokenizer, texts: Iterable[str], *, max_tokens: int
) -> Iterator[tuple[float, ...]]:
    """For each text in order, the model's shares of its labels; they sum to 1."""

    def shares(batch: Batch) -> Tensor:
        logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
        assert isinstance(logits, Tensor)
        return logits.float().softmax(-1)

    for values in _in_order(model, tokenizer, texts, shares, max_tokens):
        yield tuple(values)


def vectors(model: Model, tokenizer: Tokenizer, texts: Iterable[str], *, max_tokens: int) -> Iterator[list[float]]:
    """For each text in order, the mean of the encoder's last hidden states over its tokens."""
    body = encoder_body(model)

    def means(batch: Batch) -> Tensor:
        hidden = body(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
        return mean_of_tokens(hidden.float(), batch.attention)

    return _in_order(model, tokenizer, texts, means, max_tokens)


def _in_order(
    model: Model,
    tokenizer: Tokenizer,
    texts: Iterable[str],
    compute: Callable[[Batch], Tensor],
    max_tokens: int,
) -> Iterator[list[float]]:
    waiting = iter(texts)
    while window := list(islice(waiting, WINDOW)):
        examples = [Example(-1, (Turn("text", text),)) for text in window]
        encoded = list(tokenizer.encode_many(examples, max_tokens=max_tokens))
        found: dict[int, list[float]] = {}
        lengths = [len(row.ids) for row in encoded]
        for indices in micro_batches(range(len(encoded)), lengths, token_budget=TOKENS_AT_ONCE):
            values = _values(model, [encoded[index] for index in indices], tokenizer, compute)
            found.update(zip(indices, values, strict=True))
        yield from (found[index] for index in range(len(window)))


def _values(
    model: Model, rows: Sequence[Encoded], tokenizer: Tokenizer, compute: Callable[[Batch], Tensor]
) -> list[list[float]]:
    batch = collate(rows, pad_id=tokenizer.pad_id, device=model.device)
    with asking(model):
        values: list[list[float]] = compute(batch).cpu().tolist()
    return values
