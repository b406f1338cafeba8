"""The samples of the goals that work are found with the choices that they were made for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from studio import flow
from studio.config import edit
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.config.samples import Sample, prompts_of, sample_of, samples
from studio.data.table.table import open_table
from studio.evaluation.verdict import FEWEST_ROWS
from studio.events import Imported


def test_those_of_one_goal_stand_together_in_the_order_of_the_goals() -> None:
    kinds = [sample.kind for sample in samples()]
    assert kinds == sorted(kinds, key=list(GOALS).index)
    assert len({sample.title for sample in samples()}) == len(kinds)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_names_columns_that_its_table_has(sample: Sample) -> None:
    config = Config()
    for path, value in sample.settings.items():
        config = edit.change(config, path, value)
    assert config.task.kind == sample.kind
    with sample.path.open(encoding="utf-8", newline="") as lines:
        head = next(csv.reader(lines))
    assert set(sample.columns.values()) <= set(head)
    assert sample_of(sample.name) == sample
    first = sample_of(sample.file)
    assert first is not None
    assert first.file == sample.file


def test_another_file_is_no_sample() -> None:
    assert sample_of("nothing.csv") is None


def test_a_samples_own_prompts_are_known_by_its_file_and_goal(tmp_path: Path) -> None:
    for sample in samples():
        assert prompts_of(sample.path, sample.kind) == sample.prompts
    assert prompts_of(tmp_path / "keepers_log.csv", "continue") == ()


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_can_be_judged_and_leaves_enough_to_learn(sample: Sample, tmp_path: Path) -> None:
    config = Config()
    for path, value in sample.settings.items():
        config = edit.change(config, path, value)
    *_, read = flow.import_snapshot(sample.path, tmp_path / "data")
    assert isinstance(read, Imported)
    parts = flow.dataset_of(config, open_table(Path(read.folder))).parts
    assert len(parts["test"]) >= FEWEST_ROWS
    assert len(parts["training"]) >= 100
    assert len(parts["training"]) >= 2 * len(parts["test"])
