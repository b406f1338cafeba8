"""What a run says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from studio.config.automatic import Facts
from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.roles.columns import Columns
from studio.runs.run import RUN_FILE, Run, create, open_run, standing_instruction
from tests.data.tables import table_of


def run_of(folder: Path, columns: Columns, instruction: str = "") -> Run:
    rows = [("a", "b", ""), ("c", "d", "Be brief."), ("e", "f", " "), ("g", "h", "Be kind.")]
    table = table_of(folder / "table", ["text", "wanted", "orders"], rows)
    data = Dataset(table, columns, {"training": (0, 1), "watching": (2,), "test": (3,)}, {})
    config = change(change(Config(), "task.kind", "answer"), "task.instruction", instruction)
    facts = Facts(2, 1, 4, 3, 0, 100, 128, 2**33, False)
    return create(folder / "run", config=config, reasons={}, facts=facts, dataset=data, base=folder)


def test_a_run_is_tried_with_the_instruction_that_it_learned_with(tmp_path: Path) -> None:
    own = Columns("text", "wanted", system="orders")
    assert standing_instruction(run_of(tmp_path / "a", own)) == "Be kind."  # of a row that it did not learn from
    assert standing_instruction(run_of(tmp_path / "b", own, "Be wise. ")) == "Be wise. "
    assert standing_instruction(run_of(tmp_path / "c", Columns("text", "wanted"))) == ""


def test_a_run_of_another_version_opens_with_the_facts_that_both_know(tmp_path: Path) -> None:
    made = run_of(tmp_path, Columns("text", "wanted"))
    file = made.folder / RUN_FILE
    values = json.loads(file.read_text(encoding="utf-8"))
    del values["facts"]["is_pair"]
    values["facts"]["gone_since"] = True
    file.write_text(json.dumps(values), encoding="utf-8")
    assert open_run(made.folder).facts == made.facts
