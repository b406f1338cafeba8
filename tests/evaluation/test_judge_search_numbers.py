"""Every number of a search's report and of a look, against ranks that are counted anew here, for a tuned model that is
surely another one than the untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log2
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.evaluation.asked import Asked
from studio.evaluation.probes import probes
from studio.generation.search import Vectors, batch_vectors
from studio.models.load import Model, load_base
from studio.tasks.search import Search
from studio.tasks.task import task_for
from studio.tokens.rows import encode_part
from studio.tokens.tokenizer import Tokenizer
from tests.evaluation.parts import CPU, no, tiny
from tests.evaluation.test_judge_search import WORDS, judged, pairs, parted

CLOSE = 0.001  # likenesses that are nearly the same may round the other way in a batch of another size
APART = 0.002  # numbers that must not be taken for each other

Ranks = list[int]


def several() -> list[tuple[str, str, str]]:
    """Queries with two right passages each."""
    return [
        (f"ask {WORDS[n // 2 % 8]} {n // 2}", f"{WORDS[n // 2 % 8]} and {WORDS[n % 7]} {n}", "") for n in range(160)
    ]


def different(data: Dataset, *parts: Part) -> list[str]:
    return list(dict.fromkeys(row.target for part in parts for row in data.rows(part)))


def read(model: Model, tokenizer: Tokenizer, texts: Sequence[str], *, are_queries: bool) -> Vectors:
    task = task_for(model.config)
    assert isinstance(task, Search)
    made = [(task.prompt if are_queries else task.passage)(text) for text in texts]
    return batch_vectors(model, tokenizer, list(tokenizer.encode_many(made, max_tokens=96)))


def ranks_among(model: Model, tokenizer: Tokenizer, data: Dataset, part: Part, passages: Sequence[str]) -> list[Ranks]:
    """For each query of the part where its right passages come, counted from 1."""
    right: dict[str, set[str]] = {}
    for row in data.rows(part):
        right.setdefault(row.input, set()).add(row.target)
    queries = read(model, tokenizer, list(right), are_queries=True)
    cosines = queries @ read(model, tokenizer, passages, are_queries=False).T
    found = []
    for each, own in zip(cosines, right.values(), strict=True):
        order = [passages[place] for place in np.argsort(-each, kind="stable")]
        found.append([rank for rank, passage in enumerate(order, 1) if passage in own])
    return found


def mrr(ranks: Ranks) -> float:
    return 1 / ranks[0] if ranks[0] <= 10 else 0.0


def ndcg(ranks: Ranks) -> float:
    return sum(1 / log2(1 + rank) for rank in ranks if rank <= 10) / sum(1 / log2(2 + n) for n in range(len(ranks)))


def precision(ranks: Ranks) -> float:
    return sum(many / rank for many, rank in enumerate(ranks, 1)) / len(ranks)


def test_every_figure_is_that_of_its_name_for_both_models(tmp_path: Path) -> None:
    data = parted(tmp_path, several())
    report, model, tokenizer = judged(tmp_path, data, "passages")
    base = load_base(model.base, kind=model.kind, device=CPU)
    base.config = model.config
    own, every = different(data, "test"), different(data, "test", "training", "watching")
    ours, theirs = (ranks_among(one, tokenizer, data, "test", every) for one in (model, base))
    ours_own, theirs_own = (ranks_among(one, tokenizer, data, "test", own) for one in (model, base))

    wanted: dict[str, tuple[Callable[[Ranks], float], list[Ranks], list[Ranks]]] = {
        "ndcg_10": (ndcg, ours, theirs),
        "map": (precision, ours, theirs),
        "mrr_own": (mrr, ours_own, theirs_own),
    }
    figures = {figure.key: figure for figure in report.figures}
    for key, (measure, of_ours, of_theirs) in wanted.items():
        tuned, untouched = fmean(map(measure, of_ours)), fmean(map(measure, of_theirs))
        assert figures[key].value == pytest.approx(tuned, abs=CLOSE), key
        assert figures[key].untouched == pytest.approx(untouched, abs=CLOSE), key
        assert abs(tuned - untouched) > APART, key
    ways = {way.key: way.score for way in report.ways}
    assert ways["tuned"] == pytest.approx(fmean(map(mrr, ours)), abs=CLOSE)
    assert ways["untouched"] == pytest.approx(fmean(map(mrr, theirs)), abs=CLOSE)
    assert report.gain.value == pytest.approx(ways["tuned"] - max(ways["words"], ways["untouched"]))
    told = sorted(figures[key].value for key in wanted)
    assert all(more - less > APART for less, more in pairwise(told))


def test_the_gain_of_scored_pairs_is_measured_against_the_best_other_way(tmp_path: Path) -> None:
    data = parted(tmp_path, pairs(160, scored=True), score="score")
    report, model, tokenizer = judged(tmp_path, data, "scores")
    base = load_base(model.base, kind=model.kind, device=CPU)
    base.config = model.config
    rows = list(data.rows("test"))
    truth = [float(row.score) for row in rows]

    def cosines(one: Model) -> list[float]:
        queries = read(one, tokenizer, [row.input for row in rows], are_queries=True)
        others = read(one, tokenizer, [row.target for row in rows], are_queries=False)
        return [float(value) for value in (queries * others).sum(axis=1)]

    ways = {way.key: way for way in report.ways}
    for key, one in (("tuned", model), ("untouched", base)):
        assert ways[key].score == pytest.approx(spearmanr(truth, cosines(one)).statistic, abs=CLOSE)
    assert abs(ways["tuned"].score - ways["untouched"].score) > APART
    pearson = report.figures[0]
    assert pearson.value == pytest.approx(pearsonr(truth, cosines(model)).statistic, abs=CLOSE)
    assert pearson.untouched == pytest.approx(pearsonr(truth, cosines(base)).statistic, abs=CLOSE)
    best = max((ways["words"], ways["untouched"]), key=lambda way: way.score)
    assert report.gain.against == best.name
    assert report.gain.value == pytest.approx(ways["tuned"].score - best.score)
    assert abs(report.gain.value) > APART


def test_a_look_searches_among_training_passages_too(tmp_path: Path) -> None:
    data = parted(tmp_path, several())
    model, tokenizer, _, config = tiny(tmp_path / "look", "search", "full")
    config = change(config, "task.pairing", "passages")
    model.config, task = config, task_for(config)
    watching = encode_part(task, tokenizer, data, "watching", config)
    measured = probes(Asked(task, tokenizer, data, watching, config, (), no)).score(model)
    assert measured is not None
    own, more = different(data, "watching"), different(data, "watching", "training")
    alone, among_all = (
        fmean(map(mrr, ranks_among(model, tokenizer, data, "watching", passages))) for passages in (own, more)
    )
    assert alone - among_all > APART
    assert measured[1] == pytest.approx(among_all, abs=CLOSE)
