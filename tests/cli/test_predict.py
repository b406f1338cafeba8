"""What `predict` refuses before it loads a model."""

from __future__ import annotations

import pytest

from studio.cli.main import main


def test_an_ending_that_cannot_be_written_is_refused_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "no-run", "no-file.csv", "--out", "a.xlsx"]) == 1
    said = capsys.readouterr()
    assert "cannot be written" in said.err
    assert said.out == ""
