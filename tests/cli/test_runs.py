"""What `runs` lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.cli.main import main


def test_a_damaged_run_is_named_and_the_others_are_still_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("run-1", "run-2", "run-3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text({"run-1": "{", "run-2": "[]", "run-3": "{}"}[name])
    assert main(["runs", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert all("damaged" in line and "cannot be understood" in line for line in told)
