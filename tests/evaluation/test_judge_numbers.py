"""Judging a model that rates: order and errors against simpler ways, the range's promise, the worst misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.evaluation.asked import Asked
from studio.evaluation.judge import judge
from studio.evaluation.probes import probes
from studio.evaluation.report import READABLE_FILE, Report
from studio.events import Judged
from studio.generation.labels import numbers
from studio.tokens.rows import encode_rows
from studio.training.loss import mean_loss
from tests.evaluation.heads import model_for, rated_rows, rows_for
from tests.evaluation.parts import no


def test_a_poor_rater_is_told_so_in_its_own_unit(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(150))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    last = list(judge(model, tokenizer, task, data, config, tmp_path / "run", should_stop=no))[-1]
    assert isinstance(last, Judged)
    report = Report.read(Path(last.file))
    by_key = {way.key: way for way in report.ways}
    assert list(by_key) == ["always", "keywords", "untouched", "tuned"]
    assert by_key["always"].score == 0
    assert by_key["keywords"].score > 0.9
    assert report.headline == "Is it better? No."
    assert "on numbers from 0.5 to 100.5" in report.sentence
    assert {"pearson", "mae", "mae_always", "in_range"} <= {figure.key for figure in report.figures}
    off = [abs(miss.given - miss.truth) for miss in report.misses]
    assert off == sorted(off, reverse=True)
    assert next(f.value for f in report.figures if f.key == "mae") == pytest.approx(sum(off) / len(off))
    assert "Furthest off" in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")


def test_looks_count_the_error_that_is_learned(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    watching = list(encode_rows(tokenizer, map(task.example, data.rows("watching")), config))
    found = probes(Asked(task, tokenizer, data, watching, config, ("letter now",), no))
    measured = found.score(model)
    loss = mean_loss(model, watching, pad_id=tokenizer.pad_id, token_budget=512, should_stop=no)
    assert measured is not None
    assert measured[0] == pytest.approx(loss, rel=1e-4)
    assert -1 <= measured[1] <= 1
    ((_, said, _),) = found.sample(model)
    shown = said.removesuffix(" of 0.5–100.5")
    assert float(shown) == pytest.approx(next(numbers(model, tokenizer, [task.prompt("letter now")])), rel=5e-3)


def test_a_text_in_parts_gets_the_mean_of_what_they_say(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(60))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data, max_tokens=12)
    long = task.prompt(" ".join("abcdefghijabcdefghijklmno"))
    (row,) = encode_rows(tokenizer, [long], config)
    parts = [" ".join(part) for part in ("abcdefghij", "ijabcdefgh", "fghijklmno")]
    assert len(row.sequences) == 3
    apart = list(numbers(model, tokenizer, map(task.prompt, parts)))
    assert next(numbers(model, tokenizer, [long])) == pytest.approx(sum(apart) / 3, rel=1e-4)
