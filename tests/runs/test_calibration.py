"""What the watching rows told is kept for the checkpoint that it is about."""

from __future__ import annotations

from pathlib import Path

from studio.runs.calibration import CALIBRATION_FILE, Calibration, keep_calibration, read_calibration


def test_it_is_read_again_until_another_checkpoint_is_the_best(tmp_path: Path) -> None:
    made = Calibration((0.2, 0.7), None, 40)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "best.json").write_text('{"step": 7}')
    keep_calibration(tmp_path, made)
    assert read_calibration(tmp_path) == made
    (tmp_path / "checkpoints" / "best.json").write_text('{"step": 9}')
    assert read_calibration(tmp_path) is None


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is None
    (tmp_path / CALIBRATION_FILE).write_text("{")
    assert read_calibration(tmp_path) is None
