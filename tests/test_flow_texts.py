"""The whole way of texts that are learned whole: continued, or by a model from nothing that lies with its run."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from studio import flow
from studio.checkpoints.layout import WEIGHTS
from studio.cli.main import main
from studio.config import edit
from studio.config.config import Config
from studio.data.table.table import Table, open_table
from studio.events import Event, Exported, Finished, Judged, Stepped, Verified
from studio.runs import run as runs
from studio.tasks.example import Turn
from tests.evaluation.texts import entries
from tests.tiny import tiny_causal_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))


def book(folder: Path, text: str | None = None) -> Table:
    file = folder / "log.txt"
    file.write_text("\n\n".join(entries(160)) if text is None else text, encoding="utf-8")
    list(flow.import_table(file, folder / "table"))
    return open_table(folder / "table")


def chosen(kind: str, **settings: object) -> Config:
    values = {
        "task.kind": kind, "data.input": "text", "training.validations": 2, "training.max_steps": 4,
        "training.precision": "fp32", "task.max_tokens": 32, "training.rows_per_step": 4,
        **{path.replace("__", "."): value for path, value in settings.items()},
    }  # fmt: skip
    config = Config()
    for path, value in values.items():
        config = edit.change(config, path, value)
    return config


def learned(config: Config, table: Table, folder: Path) -> list[Event]:
    events = list(flow.fine_tune(config, folder, table=table, prompts=("Day 3.",)))
    assert isinstance(events[-1], Finished)
    return events


def judged_and_exported(folder: Path, to: str, out: Path) -> None:
    assert isinstance(list(flow.judge(folder))[-1], Judged)
    *_, exported, verified = flow.export(folder, to=to, out=out)
    assert isinstance(exported, Exported)
    assert isinstance(verified, Verified)
    assert verified.right == verified.total > 0


def test_a_book_is_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = chosen("continue", model__base=str(tiny_causal_folder(tmp_path)))
    table = book(tmp_path)
    learned(config, table, tmp_path / "run")
    opened = flow.open_tuned(tmp_path / "run")
    turns = (Turn("text", "Day 5."),)
    pieces = list(flow.chat(opened, turns, config.generation.model_copy(update={"max_new_tokens": 6})))
    tokens = [piece.token for piece in pieces if piece.end != "end"]
    weighed = flow.weigh(opened, turns, tokens)
    assert "".join(one.text for one in weighed) == "Day 5." + "".join(piece.text for piece in pieces)
    monkeypatch.setattr("sys.stdin", io.StringIO("Day 5.\n"))
    assert main(["chat", str(tmp_path / "run"), "--likely", "--set", "generation.max_new_tokens=3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("model> ") for line in lines)
    assert sum(" %" in line or "%" in line.split("(")[0] for line in lines) > 5
    plain = flow.weigh(opened, turns, tokens, untouched=True)
    assert [one.share for one in plain] != [one.share for one in weighed]
    judged_and_exported(tmp_path / "run", "merged", tmp_path / "out")


@pytest.mark.parametrize("units", ["pieces", "characters"])
def test_a_model_from_nothing_lies_with_its_run_and_moves_with_it(tmp_path: Path, units: str) -> None:
    config = chosen("pretrain", model__units=units, model__size="tiny")
    events = learned(config, book(tmp_path), tmp_path / "a" / "run")
    losses = [event.loss for event in events if isinstance(event, Stepped)]
    assert losses[0] == pytest.approx(torch.tensor(float(_words(tmp_path / "a" / "run"))).log().item(), abs=0.3)
    (tmp_path / "b").mkdir()
    shutil.move(tmp_path / "a" / "run", tmp_path / "b" / "run")
    opened = flow.open_tuned(tmp_path / "b" / "run")
    assert opened.run.base == tmp_path / "b" / "run" / "gpt2-tiny"
    assert opened.model.base.resolve() == opened.run.base.resolve()
    judged_and_exported(tmp_path / "b" / "run", "merged", tmp_path / "out")
    assert not (tmp_path / "out" / "chat_template.jinja").exists()


def _words(folder: Path) -> int:
    from studio.models.gate import check_folder

    return check_folder(runs.open_run(folder).base).vocabulary


def test_going_on_gives_the_same_model_bit_for_bit(tmp_path: Path) -> None:
    config, table = chosen("pretrain", model__size="tiny", training__max_steps=6), book(tmp_path)
    learned(config, table, tmp_path / "whole")
    steps: list[Event] = []

    def after_three_steps() -> bool:
        return sum(isinstance(event, Stepped) for event in steps) >= 3

    for event in flow.fine_tune(config, tmp_path / "cut", table=table, should_stop=after_three_steps):
        steps.append(event)
    assert not isinstance(steps[-1], Finished)
    assert isinstance(list(flow.resume(tmp_path / "cut"))[-1], Finished)
    found = [load_file(_last(tmp_path / name)) for name in ("whole", "cut")]
    assert found[0].keys() == found[1].keys()
    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])


def _last(run: Path) -> Path:
    folders = sorted((run / "checkpoints").glob("step-*"), key=lambda path: int(path.name.split("-")[1]))
    return folders[-1] / WEIGHTS


def test_a_run_stopped_before_it_began_leaves_nothing(tmp_path: Path) -> None:
    config = chosen("pretrain", model__size="tiny")
    assert not any(
        isinstance(event, Stepped)
        for event in flow.fine_tune(config, tmp_path / "run", table=book(tmp_path), should_stop=lambda: True)
    )
    assert not (tmp_path / "run").exists()
