"""The rows' lengths in large tables, where only some rows are measured."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from studio import flow
from studio.config.automatic import Facts, automatic
from studio.config.config import Config
from studio.config.edit import change
from studio.data.parts.dataset import Dataset
from studio.data.table.table import open_table
from studio.models.gate import ModelFacts
from studio.runs import facts
from studio.tokens.lengths import Lengths
from tests.tiny import tiny_encoder_folder


def gathered(config: Config, dataset: Dataset) -> tuple[Facts, Lengths, ModelFacts]:
    found = facts.gather(config, dataset)
    assert found is not None
    return found


def test_lengths_of_some_rows_stand_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rows.csv"
    rows = [f"{'word ' * (40 if n % 4 == 0 else 2)}{n},{'a' if n % 2 else 'b'}" for n in range(400)]
    file.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    list(flow.import_table(file, tmp_path / "table"))
    config = Config()
    for path, new in (
        ("data.input", "text"), ("data.target", "label"), ("model.base", str(tiny_encoder_folder(tmp_path)))
    ):  # fmt: skip
        config = change(config, path, new)
    dataset = flow.dataset_of(config, open_table(tmp_path / "table"))
    _, whole, _ = gathered(config, dataset)
    assert not whole.is_estimate
    assert whole.rows == whole.counts.size == 320
    monkeypatch.setattr(facts, "MEASURED_ROWS", 100)
    known, some, _ = gathered(config, dataset)
    assert some.is_estimate
    assert (some.rows, some.counts.size, known.rows) == (320, 80, 320)
    assert some.longest == whole.longest == known.longest_tokens
    limit = whole.longest // 2
    assert abs(some.beyond(limit) - whole.beyond(limit)) < 40
    assert some.beyond(1) == 320
    for asked in (1, 50, 90, 150, 250):  # while it measures, and while it looks for the longest rows
        answers = iter([False] * asked)
        assert facts.gather(config, dataset, should_stop=partial(next, answers, True)) is None
    for asked in range(8):  # also where the labels are counted
        answers = iter([False] * asked)
        if flow.dataset_of(config, dataset.table, should_stop=partial(next, answers, True)) is not None:
            assert asked > 4


def test_chinese_is_read_in_characters_by_a_model_from_nothing(tmp_path: Path) -> None:
    file = tmp_path / "poems.csv"
    signs = [chr(0x4E00 + 7 * n) for n in range(400)]
    lines = ["".join(signs[(n * 31 + k * k * 7) % 400] for k in range(28)) for n in range(60)]
    file.write_text("text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    list(flow.import_table(file, tmp_path / "table"))
    config = change(change(Config(), "task.kind", "pretrain"), "data.input", "text")
    known, lengths, _ = gathered(config, flow.dataset_of(config, open_table(tmp_path / "table")))
    assert 0 < known.per_piece < 1.5
    assert automatic(config, known)["model.units"].value == "characters"
    assert lengths.longest < 40  # nearly a token a character; as bytes they would be 84
