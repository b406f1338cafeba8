"""A table for the commands to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_flow import messages, write_csv


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "messages.csv", ["text", "topic"], messages(60))
