"""Searching judged and looked at, with a tiny encoder; the figures are those of the ranks, worked out anew here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from scipy.stats import spearmanr

from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.evaluation.asked import Asked
from studio.evaluation.judge import judge
from studio.evaluation.probes import probes
from studio.evaluation.report import Report, readable
from studio.events import Judged, Progressed
from studio.generation.search import batch_vectors
from studio.models.load import Model
from studio.problems import Problem
from studio.tasks.task import task_for
from studio.tokens.rows import encode_part
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.evaluation.parts import no, run_of, tiny

WORDS = ("late parcel", "broken lamp", "wrong bill", "new address", "lost card", "gift note", "blue paint", "old key")


def pairs(count: int, *, scored: bool = False) -> list[tuple[str, str, str]]:
    return [
        (f"ask {WORDS[n % 8]} {n}", f"about the {WORDS[n // 2 % 8]} {n // 2}", str(n % 5) if scored else "")
        for n in range(count)
    ]


def candidates() -> list[tuple[str, str, str]]:
    return [(f"ask {n // 4}", f"passage {n} on {WORDS[n % 8]}", str(int(n % 4 == 1))) for n in range(160)]


def parted(folder: Path, cells: list[tuple[str, str, str]], *, score: str = "") -> Dataset:
    table = table_of(folder, ["query", "passage", "score"], cells)
    third = len(cells) // 4 // 4 * 4
    rows = tuple(range(len(cells)))
    parts: dict[Part, tuple[int, ...]] = {
        "training": rows[: 2 * third], "watching": rows[2 * third : 3 * third], "test": rows[3 * third :],
    }  # fmt: skip
    return Dataset(table, Columns("query", "passage", score=score), parts)


def judged(folder: Path, data: Dataset, pairing: str) -> tuple[Report, Model, Tokenizer]:
    model, tokenizer, _, config = tiny(folder / "model", "search", "full")
    config = change(config, "task.pairing", pairing)
    model.config = config
    run = run_of(folder / "run", model, config, data)
    events = list(judge(model, tokenizer, task_for(config), data, config, run.folder, should_stop=no))
    assert any(isinstance(event, Progressed) and event.total for event in events)
    assert isinstance(events[-1], Judged)
    return Report.read(Path(events[-1].file)), model, tokenizer


def test_pairs_are_looked_for_among_all_passages_of_the_table(tmp_path: Path) -> None:
    data = parted(tmp_path, pairs(160))
    report, model, tokenizer = judged(tmp_path, data, "passages")
    assert [way.key for way in report.ways] == ["words", "untouched", "tuned"]
    assert report.kind == "search"
    assert report.counts.judged == 40
    passages = list(dict.fromkeys(row.target for part in ("test", "training", "watching") for row in data.rows(part)))  # type: ignore[arg-type]
    task = task_for(model.config)
    texts = tokenizer.encode_many([task.prompt(text) for text in passages], max_tokens=96)
    vectors = batch_vectors(model, tokenizer, list(texts))
    first = []
    for row in data.rows("test"):
        query = batch_vectors(model, tokenizer, [tokenizer.encode(task.asked(row), max_tokens=96)])[0]
        order = np.argsort(-(vectors @ query), kind="stable").tolist()
        rank = 1 + order.index(passages.index(row.target))
        first.append(1 / rank if rank <= 10 else 0.0)
    assert report.tuned.score == pytest.approx(fmean(first), abs=0.02)  # close likenesses may round the other way
    figures = {figure.key: figure for figure in report.figures}
    assert {"hit_1", "hit_5", "hit_10", "ndcg_10", "map", "mrr_own"} <= figures.keys()
    assert figures["hit_1"].value <= figures["hit_5"].value <= figures["hit_10"].value
    assert figures["mrr_own"].value >= report.tuned.score
    scores = [sample.score for sample in report.samples]
    assert scores == sorted(scores)
    assert any("looked for among 80" in limit for limit in report.limits)
    assert "MRR@10" in report.sentence
    assert readable(report)


def test_candidates_are_ranked_among_those_of_their_query(tmp_path: Path) -> None:
    data = parted(tmp_path, candidates(), score="score")
    report, _, _ = judged(tmp_path, data, "candidates")
    assert report.counts.judged == 10
    assert "each with its own candidates" in report.subtitle
    assert {figure.key for figure in report.figures} >= {"map", "mrr"}
    assert all(sample.score >= 0.25 for sample in report.samples)  # four candidates each


def test_scored_pairs_are_judged_by_their_order(tmp_path: Path) -> None:
    data = parted(tmp_path, pairs(160, scored=True), score="score")
    report, model, tokenizer = judged(tmp_path, data, "scores")
    rows, task = list(data.rows("test")), task_for(model.config)
    cosines = []
    for row in rows:
        both = list(tokenizer.encode_many([task.asked(row), *task.example(row).beside], max_tokens=96))
        one, other = (batch_vectors(model, tokenizer, [text])[0] for text in both)
        cosines.append(float(one @ other))
    truth = [float(row.score) for row in rows]
    assert report.tuned.score == pytest.approx(spearmanr(truth, cosines).statistic, abs=1e-3)
    assert report.counts.judged == len(rows)
    assert "Spearman" in report.score_name


def test_without_a_right_passage_nothing_can_be_judged(tmp_path: Path) -> None:
    data = parted(tmp_path, [(query, passage, "0") for query, passage, _ in candidates()], score="score")
    with pytest.raises(Problem, match="No test query can be judged"):
        judged(tmp_path, data, "candidates")


def look(folder: Path, data: Dataset, pairing: str, *, stop: bool = False) -> tuple[float, float] | None:
    model, tokenizer, _, config = tiny(folder / "look", "search", "full")
    config = change(config, "task.pairing", pairing)
    model.config, task = config, task_for(config)
    watching = encode_part(task, tokenizer, data, "watching", config)
    asked = Asked(task, tokenizer, data, watching, config, ("ask lamp", "ask bill"), lambda: stop)
    made = probes(asked)
    if not stop:
        for prompt, answer, sure in made.sample(model) if pairing != "scores" else ():
            assert prompt in asked.prompts
            assert answer in {row.target for part in data.parts for row in data.rows(part)}
            assert sure is not None
            assert 0 <= sure <= 1
    return made.score(model)


@pytest.mark.parametrize("pairing", ["passages", "candidates", "scores"])
def test_a_look_gives_an_error_and_a_score(tmp_path: Path, pairing: str) -> None:
    cells = candidates() if pairing == "candidates" else pairs(80, scored=pairing == "scores")
    data = parted(tmp_path, cells, score="" if pairing == "passages" else "score")
    measured = look(tmp_path, data, pairing)
    assert measured is not None
    assert measured[0] > 0
    assert -1 <= measured[1] <= 1
    assert look(tmp_path / "again", data, pairing) == measured
    assert look(tmp_path / "stopped", data, pairing, stop=True) is None


def test_a_look_without_any_question_scores_nothing(tmp_path: Path) -> None:
    data = parted(tmp_path, candidates(), score="score")
    rows = data.parts["watching"]
    only_wrong = replace(data, parts={**data.parts, "watching": tuple(row for row in rows if row % 4 != 1)})
    model, tokenizer, _, config = tiny(tmp_path / "look", "search", "full")
    config = change(config, "task.pairing", "candidates")
    model.config, task = config, task_for(config)
    watching = encode_part(task, tokenizer, only_wrong, "watching", config)
    assert probes(Asked(task, tokenizer, only_wrong, watching, config, (), no)).score(model) == (0.0, 0.0)
