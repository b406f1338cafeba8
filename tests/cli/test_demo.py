"""The whole way on a bundled sample, on tiny models for every head; prompts become rows as they are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.cli.demo import _cells
from studio.cli.main import main
from studio.config.samples import Sample, sample_of, samples
from studio.data.table.table import open_table
from studio.events import Imported
from studio.flow import import_table
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

SMALL = ["training.max_steps=2", "training.validations=1", "task.max_tokens=64", "training.precision=fp32"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("patient_comments", "(predicted): "),
        ("tenant_requests", "(predicted): "),
        ("texts_and_questions", "(found): "),
        ("hospital_questions", "passage 1: "),
        ("keepers_log", "continued: "),
    ],
)
def test_a_sample_goes_the_whole_way(
    name: str, answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = sample_of(name)
    assert sample is not None
    tiny = tiny_causal_folder if name == "keepers_log" else tiny_encoder_folder
    settings = [*SMALL, f"model.base={tiny(tmp_path)}", "generation.max_new_tokens=4"]
    flags = [part for setting in settings for part in ("--set", setting)]
    assert main(["demo", name, "--out", str(tmp_path / "out"), *flags]) == 0
    printed = capsys.readouterr().out
    assert all(heading in printed for heading in ("1. Read", "2. Learn", "3. Judge", "4. Try", "5. Export"))
    first = sample.prompts[0].split("\n")[0]
    assert f"“{first}”\n      " in printed
    assert answer in printed.split("4. Try it")[1]
    assert (tmp_path / "out" / "export" / "config.json").exists()


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_every_prompt_becomes_a_row_of_its_table(sample: Sample, tmp_path: Path) -> None:
    events = list(import_table(sample.path, tmp_path / "table"))
    assert any(isinstance(event, Imported) for event in events)
    columns = open_table(tmp_path / "table").columns
    for prompt in sample.prompts:
        cells = _cells(sample, prompt)
        assert set(cells) <= set(columns)
        assert all(cell.strip() for cell in cells.values())
