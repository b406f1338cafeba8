"""The whole way of a model that finds answers, and that its bar for “no answer” stays with the run."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from studio import flow
from studio.cli.chat import talk
from studio.config import edit
from studio.config.config import Config
from studio.data.table.table import Table, open_table
from studio.evaluation.probe_find import BAR
from studio.evaluation.report import Report
from studio.events import Event, Finished, Judged, Resolved, Validated
from studio.problems import Problem
from studio.runs import run as runs
from tests.evaluation.finding import cells, write_cells
from tests.tiny import tiny_encoder_folder

TEXT = "ada lives in rome at number 7."


def table(folder: Path, rows: list[tuple[str, str, str]]) -> Table:
    list(flow.import_table(write_cells(folder / "rows.csv", rows), folder / "table"))
    return open_table(folder / "table")


def learned(folder: Path, rows: list[tuple[str, str, str]], **settings: object) -> tuple[Path, list[Event]]:
    values = {
        "task.kind": "find", "data.input": "question", "data.target": "answer", "data.context": "text",
        "data.watching_share": 0.3, "data.test_share": 0.3, "model.base": str(tiny_encoder_folder(folder)),
        "task.max_tokens": 64, "training.validations": 2, "training.max_steps": 4, "training.precision": "fp32",
        "training.rows_per_step": 4, **{path.replace("__", "."): value for path, value in settings.items()},
    }  # fmt: skip
    config = Config()
    for path, value in values.items():
        config = edit.change(config, path, value)
    prompts = (f"who lives there?\n{TEXT}",)
    events = list(flow.fine_tune(config, folder / "run", table=table(folder, rows), prompts=prompts))
    assert isinstance(events[-1], Finished)
    return folder / "run", events


def test_from_rows_to_an_answer_in_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, events = learned(tmp_path, cells())
    told = [event.value for event in events if isinstance(event, Resolved) and event.path == BAR]
    best = [event for event in events if isinstance(event, Validated) and event.is_best]
    assert len(told) == len(best) >= 1
    assert runs.open_run(folder).resolved.task.no_answer_bar == told[-1]
    opened = flow.open_tuned(folder)
    found = flow.find_answer(opened, "who lives there?", TEXT)
    assert found.is_none or TEXT[found.start :].startswith(found.answer)
    with pytest.raises(Problem, match="too long"):
        flow.find_answer(opened, "who " * 60, TEXT)
    assert isinstance(list(flow.judge(folder))[-1], Judged)
    report = Report.of_run(folder)
    assert report is not None
    assert report.kind == "find"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TEXT}\nwho lives there?\n\n"))
    talk(str(folder), [], compare=False, should_stop=lambda: False)
    assert "at character" in capsys.readouterr().out


def test_a_run_that_goes_on_chooses_its_bar_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    def seen(events: list[Event]) -> list[tuple[int, float, float]]:
        return [(event.step, event.loss, event.score) for event in events if isinstance(event, Validated)]

    _, whole = learned(tmp_path, cells(), training__validations=4)
    folder = tmp_path / "halved"
    config, first = runs.open_run(tmp_path / "run").config, list[Event]()
    for event in flow.fine_tune(
        config, folder, table=open_table(tmp_path / "table"), should_stop=lambda: bool(seen(first))
    ):
        first.append(event)
    rest = list(flow.resume(folder))
    assert seen(first)
    assert seen(rest)
    assert [one for one in seen(whole) if one[0] > seen(first)[-1][0]] == seen(rest)[-len(seen(whole)) + 1 :]
    bars = [runs.open_run(one).resolved.task.no_answer_bar for one in (tmp_path / "run", folder)]
    assert bars[0] == bars[1] is not None


def test_a_bar_of_ones_own_is_kept(tmp_path: Path) -> None:
    folder, events = learned(tmp_path, cells(), task__no_answer_bar=2.5, model__method="lora")
    assert not any(isinstance(event, Resolved) and event.path == BAR for event in events)
    assert runs.open_run(folder).resolved.task.no_answer_bar == 2.5


def test_without_a_row_that_has_none_no_answer_is_never_said(tmp_path: Path) -> None:
    folder, _ = learned(tmp_path, [row for row in cells() if row[2]])
    assert runs.open_run(folder).resolved.task.no_answer_bar is None
    found = flow.find_answer(flow.open_tuned(folder), "how old?", TEXT)
    assert not found.is_none
    assert found.none_share == 0
