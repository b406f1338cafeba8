"""The better answer: it becomes likelier, beside the untouched model, and the worse one less so. (torch)

In: a causal Model with an adapter, and Batches of pairs (a better answer with a worse one beside it) or of answers with
a verdict. Out: summed errors, and the reward of each answer: how much likelier it has become, times beta.

Pairs: DPO (Rafailov et al. 2023, "Direct Preference Optimization", eq. 7); counted for each token of an answer where
length-normalised (Lambert et al. 2024, "Tülu 3", section 5.1.2); with the better answer's own error beside it where
`sft_weight` is set (Pang et al. 2024, "Iterative Reasoning Preference Optimization", eq. 1). Verdicts: KTO (Ethayarajh
et al. 2024, "KTO: Model Alignment as Prospect Theoretic Optimization", eq. 7 and 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import Model
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.reference import Reference, learned_tokens, log_probabilities


class Seen(NamedTuple):
    """One pass over a batch: the error of each row, weighed (rows,), and for each sequence (sequences,) its reward and
    its log-probability, as the model and as the untouched one finds it."""

    errors: Tensor
    rewards: Tensor
    found: Tensor
    before: Tensor


class PreferenceLoss(Protocol):
    """A Loss that also tells rewards."""

    @property
    def model(self) -> Model: ...

    def weight(self, row: Encoded) -> float: ...

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None: ...

    def summed(self, batch: Batch) -> Tensor: ...

    def of_rows(self, batch: Batch) -> Tensor: ...

    def seen(self, batch: Batch) -> Seen:
        """Errors and rewards of a batch."""
        ...


@dataclass(frozen=True)
class DpoLoss:
    """DPO: -log sigmoid of the better answer's reward minus the worse one's."""

    model: Model
    beta: float
    length_normalised: bool = False
    sft_weight: float = 0.0
    reference: Reference = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", Reference(self.model))

    def weight(self, row: Encoded) -> float:
        return float(_is_learnable(row) and len(row.sequences) == 2)

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each pair stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        return self.seen(batch).errors

    def seen(self, batch: Batch) -> Seen:
        before = self.reference.of(batch)
        found, tokens = log_probabilities(self.model, batch), learned_tokens(batch).clamp(min=1)
        rewards = self.beta * (found - before)
        if self.length_normalised:
            rewards = rewards / tokens
        # Sequences stand row by row, the better answer first.
        errors = -F.logsigmoid(rewards[::2] - rewards[1::2])
        if self.sft_weight:
            errors = errors - self.sft_weight * (found / tokens)[::2]
        return Seen(errors, rewards, found, before)


@dataclass
class KtoLoss:
    """KTO: one minus the sigmoid of how far a good answer's reward lies above the drift, or a bad one's below it. The
    drift is how much likelier any answer has become: the mean over a step of answers to other rows' messages, at least
    0. `balance` weighs (bad, good) answers so that both count the same in total (eq. 8 with a ratio of 1)."""

    model: Model
    beta: float
    balance: tuple[float, float] = (1.0, 1.0)
    reference: Reference = field(init=False)
    drift: float = 0.0

    def __post_init__(self) -> None:
        self.reference = Reference(self.model)

    def weight(self, row: Encoded) -> float:
        return self.balance[bool(row.number)] if _is_learnable(row) and row.number is not None else 0.0

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Measure the drift: every row's message with the answer of the row before it, the first with the last."""
        first: Encoded | None = None
        before: Encoded | None = None
        found: list[float] = []
        for batch in batches():
            rows = list(batch.rows)
            pairs = zip(rows, [before, *rows], strict=False)
            found += self._moved([_mixed(row, other, self._limit) for row, other in pairs if other is not None])
            first, before = first or rows[0], rows[-1]
        if first is None or before is None or first is before:
            return  # one row alone has no other's answer: the drift stays what it was
        found += self._moved([_mixed(first, before, self._limit)])
        self.drift = max(0.0, sum(found) / len(found)) if found else 0.0

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        return self.seen(batch).errors

    def seen(self, batch: Batch) -> Seen:
        before = self.reference.of(batch)
        found = log_probabilities(self.model, batch)
        rewards = self.beta * (found - before)
        good = torch.tensor([bool(row.number) for row in batch.rows], device=rewards.device)
        weights = torch.tensor([self.weight(row) for row in batch.rows], device=rewards.device)
        above = rewards - self.beta * self.drift
        return Seen(weights * (1 - torch.sigmoid(torch.where(good, above, -above))), rewards, found, before)

    @property
    def _limit(self) -> int:
        limit = self.model.config.task.max_tokens
        assert limit is not None
        return limit

    def _moved(self, rows: Sequence[Encoded]) -> list[float]:
        """How much likelier each row's answer has become."""
        rows = [row for row in rows if _is_learnable(row)]
        if not rows:
            return []
        batch = collate(rows, pad_id=0, device=self.model.device)  # whatever fills up is never read
        with torch.no_grad():
            moved = log_probabilities(self.model, batch) - self.reference.of(batch, keep=False)
        return [float(value) for value in moved.tolist()]


def preference_loss(model: Model, rows: Sequence[Encoded]) -> PreferenceLoss:
    """The objective that fits the rows, as the model's Config says: pairs, or answers with a verdict."""
    task = model.config.task
    assert task.beta is not None
    if any(row.beside for row in rows):
        return DpoLoss(model, task.beta, task.length_normalised, task.sft_weight)
    return KtoLoss(model, task.beta, balanced_verdicts(rows))


def balanced_verdicts(rows: Sequence[Encoded]) -> tuple[float, float]:
    """What a bad and a good answer weigh so that both kinds weigh the same together, the more frequent one 1."""
    good = sum(bool(row.number) for row in rows)
    bad = len(rows) - good
    if not good or not bad:
        return 1.0, 1.0
    return max(1.0, good / bad), max(1.0, bad / good)


def _is_learnable(row: Encoded) -> bool:
    return all(any(one.learned[1:]) for one in row.sequences)


def _mixed(row: Encoded, other: Encoded, limit: int) -> Encoded:
    """What comes before the answer of `row`, with the answer of `other`."""
    here, there = _answer_at(row), _answer_at(other)
    ids, learned = row.ids[:here] + other.ids[there:], row.learned[:here] + other.learned[there:]
    return replace(row, ids=ids[:limit], learned=learned[:limit])


def _answer_at(row: Encoded) -> int:
    return row.learned.index(True) if any(row.learned) else len(row.ids)
