"""What training asks a sentence encoder on the way: whether it finds the passages of the watching rows. (torch)

In: the watching rows, as they are and encoded, and the user's own queries. Out: a look's loss and score, and what the
queries find. Each different text is read once a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from scipy.stats import spearmanr

from studio.evaluation.asked import Asked
from studio.evaluation.ranking import reciprocal_rank
from studio.evaluation.searching import Exam, exam
from studio.generation.search import Library, Vectors, batch_vectors
from studio.models.load import Model
from studio.tasks.search import Search
from studio.tokens.batches import micro_batches
from studio.tokens.encoded import Encoded
from studio.tokens.rows import encode_rows
from studio.training.objectives.vectors import vector_loss
from studio.training.probes import Probes

MORE_TOKENS = 30_000  # of passages beside the watching rows' own, among which these are looked for


def probe_search(asked: Asked) -> Probes:
    """Whether passages are found, or for pairs with a number whether their order is right."""
    look = _Look(asked)
    return Probes(look.score, look.sample)


class _Look:
    """Looks at a model that searches. The score is MRR@10, or for pairs with a number their rank correlation
    (Spearman), which can lie below 0."""

    def __init__(self, asked: Asked) -> None:
        assert isinstance(asked.task, Search)
        self._asked, self._task = asked, asked.task
        rows, more = asked.dataset.rows("watching"), self._some_passages()
        self._exam = exam(rows, self._task.pairing, more=more, at_most=2**31)
        self._queries = self._encoded([question.query for question in self._exam.questions], are_queries=True)
        self._passages = self._encoded(self._exam.passages, are_queries=False)

    def score(self, model: Model) -> tuple[float, float] | None:
        """The mean error of the watching rows, all compared with each other, and the score; None where it was
        stopped."""
        compared = [one for row in self._asked.watching for one in row.sequences]
        places = _places([*compared, *self._queries, *self._passages])
        every = self._vectors(model, places)
        if every is None:
            return None

        def of(texts: Sequence[Encoded]) -> Vectors:
            return every[[places[one.ids] for one in texts]]

        error = 0.0
        if compared:
            errors = vector_loss(model, self._asked.watching).errors(
                self._asked.watching, torch.from_numpy(of(compared))
            )
            error = float(errors.mean())
        if self._task.pairing == "scores":
            return error, _agreement(self._asked.watching, of(compared))
        return error, _mrr(self._exam, of(self._queries), of(self._passages))

    def sample(self, model: Model) -> list[tuple[str, str, float | None]]:
        """The closest passage for each of the user's queries, and how close it is."""
        if not self._asked.prompts or not self._passages:
            return []
        prompts = self._encoded(self._asked.prompts, are_queries=True)
        places = _places([*prompts, *self._passages])
        every = self._vectors(model, places)
        if every is None:
            return []
        library = Library(self._exam.passages, every[[places[one.ids] for one in self._passages]])
        found = [library.closest(every[places[one.ids]], 1)[0] for one in prompts]
        pairs = zip(self._asked.prompts, found, strict=True)
        return [(prompt, hit.passage, min(1.0, max(0.0, hit.likeness))) for prompt, hit in pairs]

    def _some_passages(self) -> Iterator[str]:
        """Training passages, evenly taken, about MORE_TOKENS of them: the watching rows' own alone are few and easy."""
        dataset = self._asked.dataset
        some = dataset.every("training", max(1, len(dataset.parts["training"]) // 1_000))
        taken = 0
        for row in some:
            taken += len(self._encoded([row.target], are_queries=False)[0].ids)
            if taken > MORE_TOKENS:
                return
            yield row.target

    def _encoded(self, texts: Sequence[str], *, are_queries: bool) -> list[Encoded]:
        make = self._task.prompt if are_queries else self._task.passage
        return list(encode_rows(self._asked.tokenizer, map(make, texts), self._asked.config))

    def _vectors(self, model: Model, places: dict[tuple[int, ...], int]) -> Vectors | None:
        """(texts, width), one row a different text."""
        texts = [Encoded(-1, ids, (False,) * len(ids)) for ids in places]
        found: dict[int, Vectors] = {}
        for some in micro_batches(range(len(texts)), [len(one.ids) for one in texts], token_budget=self._asked.budget):
            if self._asked.should_stop():
                return None
            vectors = batch_vectors(model, self._asked.tokenizer, [texts[place] for place in some])
            found.update(zip(some, vectors, strict=True))
        return np.stack([found[place] for place in range(len(texts))])


def _places(texts: Sequence[Encoded]) -> dict[tuple[int, ...], int]:
    return {ids: place for place, ids in enumerate(dict.fromkeys(one.ids for one in texts))}


def _mrr(asked: Exam, queries: Vectors, passages: Vectors) -> float:
    ranks = [asked.ranks(number, passages @ query) for number, query in enumerate(queries)]
    return sum(map(reciprocal_rank, ranks)) / max(1, len(ranks))


def _agreement(rows: Sequence[Encoded], vectors: Vectors) -> float:
    """Spearman's correlation of the cosines with the numbers; 0 where either is always the same."""
    cosines = (vectors[0::2] * vectors[1::2]).sum(axis=1)
    numbers = np.asarray([row.number for row in rows], np.float64)
    if np.ptp(numbers) == 0 or np.ptp(cosines) == 0:
        return 0.0
    return float(spearmanr(numbers, cosines).statistic)
