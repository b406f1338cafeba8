"""Judging a model that searches. (torch)

In: a Subject. Out: progress, and at the end the Report, or None when stopped. Passages are looked for by the tuned
model, by the untouched one and by the words that they share with the query (BM25), each for the same queries.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

import numpy as np

from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Row
from studio.evaluation import baselines, verdict
from studio.evaluation.bm25 import BM25
from studio.evaluation.intervals import mean, share
from studio.evaluation.judge_pairs import judge_pairs
from studio.evaluation.ranking import Ranks, average_precision, is_hit, ndcg, recall, reciprocal_rank
from studio.evaluation.reading import read_texts
from studio.evaluation.report import Figure, Report, Sample, percentage
from studio.evaluation.searching import Exam, exam
from studio.evaluation.subject import Subject, compared, today
from studio.evaluation.verdict import Way
from studio.events import Event, Progressed
from studio.generation.passages import passages_of
from studio.generation.search import Vectors
from studio.models.load import untouched_of
from studio.problems import Problem
from studio.tasks.search import Search

MOST_QUERIES = 2_000
MOST_PASSAGES = 20_000  # among which the right ones are looked for: the test rows' own, then others of the table
KEPT_SAMPLES = 200
_BM25_AT_ONCE = 64  # queries
_NAMES = {"words": "Words in common (BM25)", "untouched": "Untouched model", "tuned": "Your model"}


@dataclass(frozen=True)
class _Found:
    """What one way found: for each query the ranks of the right passages, among all passages and among those of the
    test rows alone, and the place of the first passage; `seconds` is what it took."""

    ranks: tuple[Ranks, ...]
    own_ranks: tuple[Ranks, ...]
    firsts: tuple[int, ...]
    seconds: float = 0.0

    def each(self, figure: Callable[[Ranks], float], *, only_own: bool = False) -> list[float]:
        """A figure of each query."""
        return [figure(ranks) for ranks in (self.own_ranks if only_own else self.ranks)]


def judge_search(subject: Subject) -> Generator[Event, None, Report | None]:
    """Search for the test queries' passages in every way and compare."""
    task = subject.task
    assert isinstance(task, Search)
    if task.pairing == "scores":
        return (yield from judge_pairs(subject))
    seed, test = subject.config.training.seed, list(subject.dataset.rows("test"))
    asked = exam(test, task.pairing, more=passages_of(subject.dataset), at_most=MOST_PASSAGES)
    if not asked.questions:
        raise _nothing_to_ask(asked)
    chosen = baselines.some(len(asked.questions), seed=seed, at_most=MOST_QUERIES)
    yield Progressed("Comparing words")
    started = time.perf_counter()
    index = BM25(asked.passages)
    found = {"words": _ranked(asked, chosen, lambda queries: index.scores(queries), started)}
    for key in ("untouched", "tuned"):
        vectors = yield from _both_vectors(subject, task, asked, chosen, key)
        if vectors is None:
            return None
        queries, passages = vectors
        found[key] = _ranked(asked, chosen, _cosines(queries, passages))
    yield Progressed("Comparing")
    return _report(subject, test, asked, chosen, found)


def _both_vectors(
    subject: Subject, task: Search, asked: Exam, chosen: Sequence[int], key: str
) -> Generator[Event, None, tuple[Vectors, Vectors] | None]:
    model, untouched = (subject.model, False) if key == "tuned" else untouched_of(subject.model)
    queries = [task.prompt(asked.questions[number].query) for number in chosen]
    passages = [task.passage(text) for text in asked.passages]
    what = "Your model reads" if key == "tuned" else "The untouched model reads"
    found = yield from read_texts(subject, model, [*queries, *passages], what, untouched=untouched)
    return None if found is None else (found[: len(queries)], found[len(queries) :])


def _cosines(queries: Vectors, passages: Vectors) -> Callable[[Sequence[str]], Vectors]:
    """The cosines of the queries in turn, as they are asked for."""
    at = 0

    def next_scores(some: Sequence[str]) -> Vectors:
        nonlocal at
        at += len(some)
        return queries[at - len(some) : at] @ passages.T

    return next_scores


def _ranked(
    asked: Exam, chosen: Sequence[int], scores_of: Callable[[Sequence[str]], np.ndarray], started: float | None = None
) -> _Found:
    ranks, own_ranks, firsts = [], [], []
    for start in range(0, len(chosen), _BM25_AT_ONCE):
        some = chosen[start : start + _BM25_AT_ONCE]
        for number, scores in zip(some, scores_of([asked.questions[n].query for n in some]), strict=True):
            ranks.append(asked.ranks(number, scores))
            own_ranks.append(asked.ranks(number, scores, only_own=True))
            among = asked.questions[number].among
            firsts.append(int(scores.argmax()) if among is None else max(among, key=scores.__getitem__))
    seconds = 0.0 if started is None else time.perf_counter() - started
    return _Found(tuple(ranks), tuple(own_ranks), tuple(firsts), seconds)


def _nothing_to_ask(asked: Exam) -> Problem:
    return Problem(
        "No test query can be judged.",
        f"{asked.without:,} have no passage that is marked as right, and of {asked.all_right:,} every passage is.",
        "Set more test rows apart and train again, or judge on a separate file with right and wrong passages.",
    )


def _report(
    subject: Subject, test: Sequence[Row], asked: Exam, chosen: Sequence[int], found: Mapping[str, _Found]
) -> Report:
    seed = subject.config.training.seed
    reciprocal = {key: one.each(reciprocal_rank) for key, one in found.items()}
    ways = [
        Way.of(key, _NAMES[key], mean(values, seed=seed), seconds=found[key].seconds)
        for key, values in reciprocal.items()
    ]
    others: dict[str, Sequence[float]] = {_NAMES[key]: values for key, values in reciprocal.items() if key != "tuned"}
    gain = compared(reciprocal["tuned"], others, seed=seed)
    first = {key: fmean(one.each(lambda ranks: is_hit(ranks, depth=1))) for key, one in found.items()}
    among_ten = fmean(found["tuned"].each(lambda ranks: is_hit(ranks, depth=10)))
    told = verdict.on_search(ways, gain, queries=len(chosen), first=first, among_ten=among_ten)
    return Report(
        kind="search",
        verdict=told,
        subtitle=_subtitle(asked, len(chosen)),
        score_name="Right passage high up (MRR@10)",
        score_unit="",
        ways=tuple(ways),
        gain=gain,
        figures=tuple(_figures(asked, found["tuned"], found["untouched"], seed)),
        counts=subject.counts(len(chosen)),
        limits=tuple(_limits(subject, test, asked, len(chosen))),
        made=today(),
        wrong=sum(not is_hit(ranks, depth=1) for ranks in found["tuned"].ranks),
        samples=_samples(asked, chosen, found),
    )


def _subtitle(asked: Exam, queries: int) -> str:
    if asked.questions[0].among is not None:
        return f"{queries:,} test queries that it never saw during training, each with its own candidates"
    return f"{queries:,} test queries that it never saw during training, among {len(asked.passages):,} passages"


def _figures(asked: Exam, ours: _Found, theirs: _Found, seed: int) -> list[Figure]:
    def of_hits(key: str, name: str, depth: int) -> Figure:
        hits, others = ([is_hit(ranks, depth=depth) for ranks in one.ranks] for one in (ours, theirs))
        return percentage(key, name, share(hits, seed=seed), untouched=fmean(others))

    def of_ranks(key: str, name: str, figure: Callable[[Ranks], float], *, only_own: bool = False) -> Figure:
        interval = mean(ours.each(figure, only_own=only_own), seed=seed)
        before = fmean(theirs.each(figure, only_own=only_own))
        return Figure(key, name, interval.value, interval.low, interval.high, untouched=before, digits=3)

    has_several = any(len(question.right) > 1 for question in asked.questions)
    found = [of_hits(f"hit_{depth}", f"A right passage among the first {depth}", depth) for depth in (1, 5, 10)]
    found[0] = of_hits("hit_1", "A right passage comes first", 1)
    if has_several:
        name = "Of the right passages, among the first {} (recall)"
        found += [of_ranks(f"recall_{n}", name.format(n), partial(recall, depth=n)) for n in (5, 10)]
    found.append(of_ranks("ndcg_10", "The higher the better, all right ones counting (nDCG@10)", ndcg))
    found.append(of_ranks("map", "The same over the whole list (MAP)", average_precision))
    if asked.questions[0].among is not None:
        found.append(
            of_ranks("mrr", "The first right one over the whole list (MRR)", partial(reciprocal_rank, depth=None))
        )
    elif asked.own < len(asked.passages):
        name = f"MRR@10 among the {asked.own:,} passages of the test rows alone"
        found.append(of_ranks("mrr_own", name, reciprocal_rank, only_own=True))
    return found


def _limits(subject: Subject, test: Sequence[Row], asked: Exam, judged: int) -> list[str]:
    training = list(subject.dataset.rows("training"))
    found = subject.limits(training, test, judged=judged, unit="test queries")
    if judged < len(asked.questions):
        found.append(f"{judged:,} of {len(asked.questions):,} test queries were asked, chosen at random.")
    if asked.questions[0].among is None:
        others = len(asked.passages) - asked.own
        beside = f", and {others:,} others of the table" if others else ""
        found.append(
            f"The right passages were looked for among {len(asked.passages):,}: those of the test rows{beside}. Among "
            "more passages it is harder."
        )
        found.append(
            "A passage that would fit as well, but stands in no row with the query, counts as wrong, whoever finds it."
        )
    if asked.without:
        found.append(f"Left out, because no passage is marked as right: {asked.without:,} test queries.")
    if asked.all_right:
        found.append(f"Left out, because every candidate is right: {asked.all_right:,} test queries.")
    known = {sameness_key(row.target) for row in training}
    right = {place for question in asked.questions for place in question.right}
    seen = sum(sameness_key(asked.passages[place]) in known for place in right)
    if seen:
        found.append(
            f"{seen:,} of {len(right):,} right passages also stand among the training rows, with other queries."
        )
    return found


def _samples(asked: Exam, chosen: Sequence[int], found: Mapping[str, _Found]) -> tuple[Sample, ...]:
    """The queries whose right passage comes latest, first."""
    ours, theirs = found["tuned"], found["untouched"]
    late = sorted(range(len(chosen)), key=lambda place: (-ours.ranks[place][0], chosen[place]))
    made = []
    for place in late[:KEPT_SAMPLES]:
        question = asked.questions[chosen[place]]
        made.append(
            Sample(
                question.rows,
                question.query,
                tuple(asked.passages[right] for right in question.right),
                asked.passages[ours.firsts[place]],
                asked.passages[theirs.firsts[place]],
                reciprocal_rank(ours.ranks[place], depth=None),
            )
        )
    return tuple(made)
