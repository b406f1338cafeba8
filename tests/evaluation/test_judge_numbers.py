"""Judging a model that rates: order and errors against simpler ways, the range's promise, the worst misses."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.config.edit import change
from studio.evaluation.asked import Asked
from studio.evaluation.judge import judge
from studio.evaluation.probes import probes
from studio.evaluation.report import READABLE_FILE, Report
from studio.events import Judged
from studio.generation.calibration import calibrate
from studio.generation.labels import numbers
from studio.generation.predict import predict
from studio.generation.ranges import reach
from studio.models.head import last_layer
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
    assert report.gain.against == by_key["keywords"].name
    assert "on numbers from 0.5 to 100.5" in report.sentence
    assert {"pearson", "mae", "mae_always", "in_range"} <= {figure.key for figure in report.figures}
    off = [abs(miss.given - miss.truth) for miss in report.misses]
    assert off == sorted(off, reverse=True)
    assert next(f.value for f in report.figures if f.key == "mae") == pytest.approx(sum(off) / len(off))
    assert "Furthest off" in (tmp_path / "run" / READABLE_FILE).read_text(encoding="utf-8")


def test_the_range_was_made_on_watching_rows_and_is_held_against_test_rows(tmp_path: Path) -> None:
    data = rows_for(tmp_path / "rows", "rate", rated_rows(80))
    near = tuple(row.number for row in data.rows("watching") if 25 <= (row.value or 0) <= 76)  # not far off
    data = replace(data, parts={**data.parts, "watching": near})
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    alone = change(config, "training.approach", "frozen")  # judged without the untouched model: quicker
    list(judge(model, tokenizer, task, data, alone, tmp_path / "run", should_stop=no))
    report = Report.of_run(tmp_path / "run")
    assert report is not None
    off = {}
    for part in ("watching", "test"):
        rows = list(data.rows(part))  # type: ignore[arg-type]
        said = list(numbers(model, tokenizer, map(task.asked, rows)))
        off[part] = [abs(number - (row.value or 0)) for number, row in zip(said, rows, strict=True)]
    meant, other = reach(off["watching"]), reach(off["test"])
    held, by_other = (sum(one <= far for one in off["test"]) for far in (meant, other))
    assert held != by_other  # else it would not show from which rows the range is
    figure = next(figure for figure in report.figures if figure.key == "in_range")
    assert figure.value == pytest.approx(100 * held / len(off["test"]))
    assert f"(±{meant:.0f};" in figure.name


def test_what_is_judged_is_what_a_file_is_answered_with(tmp_path: Path) -> None:
    """A model that says numbers far beyond the scale it learned: they are given, and judged, as the scale's ends."""
    data = rows_for(tmp_path / "rows", "rate", rated_rows(80))
    model, tokenizer, task, config = model_for(tmp_path / "m", "rate", data)
    with torch.no_grad():
        last_layer(model.net).weight.mul_(20)
    alone = change(config, "training.approach", "frozen")  # judged without the untouched model: quicker
    list(judge(model, tokenizer, task, data, alone, tmp_path / "run", should_stop=no))
    report = Report.of_run(tmp_path / "run")
    assert report is not None
    rows, told = list(data.rows("test")), calibrate(model, tokenizer, task, data)
    said = list(numbers(model, tokenizer, map(task.asked, rows)))
    assert min(said) < 0.5 or max(said) > 100.5
    asked, out = tmp_path / "asked.csv", tmp_path / "out.csv"
    with asked.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["text"], *([row.input] for row in rows)])
    list(
        predict(
            model, tokenizer, task, config, asked, out, calibration=told, scratch=tmp_path / "s", should_stop=no
        )
    )  # fmt: skip
    with out.open(encoding="utf-8", newline="") as lines:
        cells = [(float(number), float(low), float(high)) for _, number, low, high in list(csv.reader(lines))[1:]]
    truth = [row.value or 0 for row in rows]
    figures = {figure.key: figure.value for figure in report.figures}
    off = [abs(number - true) for (number, _, _), true in zip(cells, truth, strict=True)]
    assert figures["mae"] == pytest.approx(sum(off) / len(off), rel=1e-4)
    held = [low <= true <= high for (_, low, high), true in zip(cells, truth, strict=True)]
    assert figures["in_range"] == pytest.approx(100 * sum(held) / len(held))
    assert report.scale == (0.5, 100.5)
    assert all(0.5 <= miss.given <= 100.5 for miss in report.misses)


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
