from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from studio.data.reading.packed import stream
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.packed.stream import through_pipe
from studio.data.reading.read import preview
from studio.problems import Problem

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
TABLE = b"text,label\n" + b"".join(b"it came late %d,refund\n" % number for number in range(9_000))


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_table_comes_through_a_pipe(pipe: Path) -> None:
    source, target = os.pipe()
    writer = threading.Thread(
        target=lambda: (os.write(target, TABLE[:50]), os.write(target, TABLE[50:]), os.close(target))
    )
    writer.start()
    try:
        found = preview(Path(f"/dev/fd/{source}"), rows=10_000)
    finally:
        os.close(source)
        writer.join()
    assert (len(found.rows), found.columns) == (9_000, ("text", "label"))


def test_a_pipe_through_which_nothing_comes_is_told(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="“pipe” is empty"):
        preview(pipe)
    monkeypatch.setattr(stream, "_PATIENCE", 0.0)
    other = os.open(pipe, os.O_RDWR)
    try:
        with pytest.raises(Problem, match="“pipe” does not end"):
            preview(pipe)
        with pytest.raises(Stopped):
            list(through_pipe(pipe, lambda: True))
    finally:
        os.close(other)


def test_a_device_is_not_read() -> None:
    with pytest.raises(Problem, match="“zero” is no file"):
        preview(Path("/dev/zero"))
