"""What was tried is the model that the run holds, not the one before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.runs.tried import TRIED_FILE, note_tried, was_tried


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "best.json").write_text('{"step": 4}')
    return tmp_path


def test_a_model_that_learned_more_has_to_be_tried_again(run: Path) -> None:
    assert not was_tried(run)
    note_tried(run)
    assert was_tried(run)
    (run / "checkpoints" / "best.json").write_text('{"step": 9}')
    assert not was_tried(run)


@pytest.mark.parametrize("words", ["", "{", "[]", "4", "{}"])
def test_a_damaged_note_counts_as_not_tried(run: Path, words: str) -> None:
    (run / TRIED_FILE).write_text(words)
    assert not was_tried(run)
