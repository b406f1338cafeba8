"""What makes a sentence encoder search: texts that belong together come to lie close. (torch)

In: the vectors of a step's queries, passages and wrong passages. Out: the error of each row, with gradients. Pairs are
learned by picking the right passage among all those of the step (in-batch negatives, Henderson et al. 2017; with a
scale, as in Reimers and Gurevych's MultipleNegativesRankingLoss), pairs with a number by their order (CoSENT, Su 2022).

A step is often larger than what fits into memory at once. Its vectors are then computed twice (GradCache, Gao et al.
2021): first without gradients, to know the error and what it asks of each vector, then piece by piece with gradients,
which is the same as the whole step at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import Model
from studio.models.pooling import text_vectors
from studio.models.sentence import Pooling, style_of
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded

Key = tuple[int, ...]  # a text, by its token ids
# The error of each row, (rows,), from the vectors of all texts of these rows, row by row: the query, then its passages.
Errors = Callable[[Sequence[Encoded], Tensor], Tensor]


@dataclass(frozen=True)
class Pool:
    """Where the texts of some rows stand among their vectors, row by row: the query, its passage, then wrong passages.
    `queries` are the places of the queries, `passages` those of all passages, right and wrong; `own_column` is where
    among the passages each row's own one stands."""

    rows: Sequence[Encoded]
    queries: list[int]
    passages: list[int]
    own_column: list[int]

    @staticmethod
    def of(rows: Sequence[Encoded]) -> Pool:
        """Of rows that each have a passage."""
        queries: list[int] = []
        passages: list[int] = []
        own_column: list[int] = []
        at = 0
        for row in rows:
            queries.append(at)
            own_column.append(len(passages))
            passages += range(at + 1, at + 1 + len(row.beside))
            at += 1 + len(row.beside)
        return Pool(rows, queries, passages, own_column)


class InBatchError:
    """Cross entropy of each row's own passage among all passages of the step, cosines times `scale`. A passage that is
    known to be right for the query, though it is another row's, is left out of its choice: to push it away would be
    wrong. With `both_ways` each passage has to pick its query as well, and the mean of the two counts."""

    def __init__(self, training: Iterable[Encoded], *, scale: float, both_ways: bool) -> None:
        self.scale, self.both_ways = scale, both_ways
        self._right: defaultdict[Key, set[Key]] = defaultdict(set)  # the passages of each query
        self._asked: defaultdict[Key, set[Key]] = defaultdict(set)  # the queries of each passage
        for row in training:
            if row.beside:
                self._right[row.ids].add(row.beside[0].ids)
                self._asked[row.beside[0].ids].add(row.ids)

    def __call__(self, rows: Sequence[Encoded], vectors: Tensor) -> Tensor:
        """The error of each row, (rows,), from the vectors of all their texts, row by row."""
        pool = Pool.of(rows)
        queries, passages = vectors[pool.queries], vectors[pool.passages]
        own = torch.tensor(pool.own_column, device=vectors.device)
        with torch.autocast(vectors.device.type, enabled=False):  # a cosine of 16-bit has two digits, here magnified
            likeness = self.scale * queries.float() @ passages.float().T
        found = F.cross_entropy(likeness.masked_fill(self._also_right(pool).to(vectors.device), -torch.inf), own,
                                reduction="none")  # fmt: skip
        if not self.both_ways:
            return found
        back = likeness[:, own].T.masked_fill(self._also_asked(pool).to(vectors.device), -torch.inf)
        return (found + F.cross_entropy(back, torch.arange(len(rows), device=vectors.device), reduction="none")) / 2

    def _also_right(self, pool: Pool) -> Tensor:
        """(rows, passages): the passages that are right for the row's query, but not its own one."""
        columns: defaultdict[Key, list[int]] = defaultdict(list)
        for column, text in enumerate(text for row in pool.rows for text in row.beside):
            columns[text.ids].append(column)
        found = torch.zeros(len(pool.rows), len(pool.passages), dtype=torch.bool)
        for number, row in enumerate(pool.rows):
            for right in {row.beside[0].ids, *self._right.get(row.ids, ())}:
                found[number, columns.get(right, [])] = True
            found[number, pool.own_column[number]] = False
        return found

    def _also_asked(self, pool: Pool) -> Tensor:
        """(rows, rows): the other rows' queries for which the row's passage is right as well."""
        asking: defaultdict[Key, list[int]] = defaultdict(list)
        for number, row in enumerate(pool.rows):
            asking[row.ids].append(number)
        found = torch.zeros(len(pool.rows), len(pool.rows), dtype=torch.bool)
        for number, row in enumerate(pool.rows):
            for query in {row.ids, *self._asked.get(row.beside[0].ids, ())}:
                found[number, asking.get(query, [])] = True
            found[number, number] = False
        return found


class OrderError:
    """CoSENT: of two pairs the one with the higher number is to have the higher cosine. The error of the step is
    log(1 + sum of exp(scale (cosine of the lower - cosine of the higher))) over all such two; each row is given it
    whole, so that the mean over the rows is the error of the step."""

    def __init__(self, *, scale: float) -> None:
        self.scale = scale

    def __call__(self, rows: Sequence[Encoded], vectors: Tensor) -> Tensor:
        """The error of each row, (rows,), from the vectors of both texts of each row, in turn."""
        likeness = self.scale * (vectors[0::2] * vectors[1::2]).sum(-1)
        wanted = torch.tensor([0.0 if row.number is None else row.number for row in rows], device=vectors.device)
        apart = likeness[:, None] - likeness[None, :]
        wrong_way = apart[wanted[:, None] < wanted[None, :]]
        return torch.logsumexp(torch.cat([wrong_way.new_zeros(1), wrong_way]), 0).expand(len(rows))


@dataclass
class VectorLoss:
    """The Loss of a sentence encoder; `errors` gives the error of each row from the vectors of all their texts. What
    `begin` found for the step is kept until the row has been learned."""

    model: Model
    pooling: Pooling
    errors: Errors
    _kept: dict[int, tuple[Tensor, Tensor]] = field(default_factory=dict)  # by row: asked of its vectors, its error

    def weight(self, row: Encoded) -> float:
        return 1.0 if row.beside else 0.0

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Look at a step of several batches as a whole; one of a single batch is whole anyway."""
        self._kept.clear()
        if len(list(islice(batches(), 2))) < 2:
            return
        rows: list[Encoded] = []
        found: list[Tensor] = []
        with torch.no_grad():
            for batch in batches():  # each is read before the next one is asked for, which throws its dice
                rows += batch.rows
                found.append(self.vectors(batch))
        whole = torch.cat(found).requires_grad_()
        with torch.enable_grad():
            errors = self.errors(rows, whole)
            (asked,) = torch.autograd.grad(errors.sum(), whole)
        sizes = [1 + len(row.beside) for row in rows]
        for row, wants, error in zip(rows, torch.split(asked, sizes), errors.detach(), strict=True):
            self._kept[id(row)] = wants, error

    def summed(self, batch: Batch) -> Tensor:
        if not all(id(row) in self._kept for row in batch.rows):
            return self.of_rows(batch).sum()
        kept = [self._kept.pop(id(row)) for row in batch.rows]
        pulled = (self.vectors(batch) * torch.cat([wants for wants, _ in kept])).sum()
        # The value is the error; the gradient is what the whole step asks of these vectors.
        return pulled - pulled.detach() + torch.stack([error for _, error in kept]).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        return self.errors(batch.rows, self.vectors(batch))

    def vectors(self, batch: Batch) -> Tensor:
        """The vectors of all texts of a batch, row by row, (texts, width)."""
        return text_vectors(self.model.net, batch.ids, batch.attention, self.pooling)


def vector_loss(model: Model, training: Sequence[Encoded]) -> VectorLoss:
    """The loss that the model's settings ask for; `training` are the rows that tell which passages are right."""
    wants = model.config.training
    if model.config.task.pairing == "scores":
        return VectorLoss(model, style_of(model.base).pooling, OrderError(scale=wants.similarity_scale))
    errors = InBatchError(training, scale=wants.similarity_scale, both_ways=wants.both_ways)
    return VectorLoss(model, style_of(model.base).pooling, errors)
