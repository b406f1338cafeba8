"""What `settings` lists."""

from __future__ import annotations

import pytest

from studio.cli.main import main


def test_every_setting_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert "training.learning_rate" in capsys.readouterr().out
