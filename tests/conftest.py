"""What every test gets: a home of its own, and no network."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from studio.offline import stay_offline

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
stay_offline()  # as the program itself does; tests/test_offline.py holds that it does


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An isolated STUDIO_HOME, so that no test reads or writes the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("STUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection that leaves this computer fails the test."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", local_only)
