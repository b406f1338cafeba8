"""The whole way on a bundled sample, on tiny models for every head; prompts become rows as they are meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.cli.demo import _cells
from studio.cli.main import main
from studio.config.goals import GOALS
from studio.config.samples import Sample, sample_of, samples
from studio.data.table.table import open_table
from studio.events import Imported
from studio.flow import import_table
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

SMALL = ["training.max_steps=2", "training.validations=1", "task.max_tokens=64", "training.precision=fp32"]
LONGER = "task.max_tokens=256"  # where the prompt alone is longer than 64 of the tiny model's letters
FEW = ("data.test_share=0.05", "data.watching_share=0.05")  # rows that are asked: an answer takes a while
WAYS = {  # a sample of each kind of goal: what its lines of the trial begin with, and what makes it short
    "patient_comments": ("(predicted): ", []),
    "tenant_requests": ("(predicted): ", []),
    "texts_and_questions": ("(found): ", []),
    "hospital_questions": ("passage 1: ", []),
    "product_descriptions": ("(written): ", [LONGER, *FEW]),
    "house_leaflets": ("answer (written): ", [LONGER, *FEW]),
    "ferry_replies": ("better (written): ", [LONGER, *FEW]),
    "keepers_log": ("continued: ", []),
    "keepers_log_anew": ("continued: ", ["model.size=tiny", *FEW]),
}


def test_a_sample_of_every_goal_is_among_them() -> None:
    kinds = {sample.kind for sample in samples() if sample.name in WAYS}
    assert kinds == set(GOALS)


@pytest.mark.parametrize("name", WAYS)
def test_a_sample_goes_the_whole_way(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = sample_of(name)
    assert sample is not None
    answer, own = WAYS[name]
    goal = GOALS[sample.kind]
    settings = [*SMALL, *own, "generation.max_new_tokens=4"]
    if not goal.from_nothing:
        tiny = tiny_encoder_folder if goal.models[0] == "encoder" else tiny_causal_folder
        settings.append(f"model.base={tiny(tmp_path)}")
    flags = [part for setting in settings for part in ("--set", setting)]
    assert main(["demo", name, "--out", str(tmp_path / "out"), *flags]) == 0
    printed = capsys.readouterr().out
    assert all(heading in printed for heading in ("1. Read", "2. Learn", "3. Judge", "4. Try", "5. Export"))
    first = sample.prompts[0].split("\n")[0]
    assert f"“{first}”\n      " in printed
    assert answer in printed.split("4. Try it")[1]
    proof = re.findall(r"^Verified (\d+)/(\d+)", printed.split("5. Export")[1], re.MULTILINE)
    assert proof
    assert all(same == total != "0" for same, total in proof)
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
