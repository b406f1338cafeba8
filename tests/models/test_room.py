"""What fits here is told of models that are here and of those that have yet to come, by the same rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.models import catalog, room
from studio.models.fit import Forecast, Machine
from tests.models.test_catalog import model_at

MACHINE = Machine(cores=4, memory=16 << 30, free_memory=8 << 30, free_disk=100 << 30)


def forecast(name: str, goal: str) -> Forecast:
    entry = next(entry for entry in catalog.catalog() if entry.name == name)
    found = room.forecast_of(entry, edit.change(Config(), "task.kind", goal), room.typical(MACHINE), MACHINE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "goal", "fits"),
    [
        ("bge-small-en-v1.5", "classify", True),
        ("bert-large-uncased", "classify", True),
        ("SmolLM2-360M-Instruct", "answer", True),
        ("Llama-3.1-8B-Instruct", "answer", False),
        ("phi-4", "answer", False),
    ],
)
def test_a_model_that_is_not_here_is_measured_by_its_shape(name: str, goal: str, fits: bool) -> None:
    assert forecast(name, goal).fits is fits


def test_larger_models_need_more() -> None:
    sizes = [forecast(f"bge-{size}-en-v1.5", "classify").memory for size in ("small", "base", "large")]
    assert sizes == sorted(sizes)


def test_a_folder_is_measured_itself_and_one_of_unknown_shape_not_at_all(tmp_path: Path) -> None:
    folder = model_at(tmp_path / "ours", model_type="bert")
    entry, config, facts = catalog.own_model(folder), Config(), room.typical(MACHINE)
    assert room.forecast_of(entry, config, facts, MACHINE) is not None
    (folder / "model.py").write_text("")
    assert room.forecast_of(entry, config, facts, MACHINE) is None
    assert room.forecast_of(replace(entry, folder=None, hidden=0), config, facts, MACHINE) is None
