from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.problems import Problem
from studio.runs.hold import HOLD_FILE, hold, is_held, let_go

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys
from pathlib import Path
from studio.runs.hold import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which holds the project in `tmp_path`."""
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_comes_second_is_told_and_touches_nothing(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    before = (tmp_path / HOLD_FILE).read_bytes()
    with pytest.raises(Problem, match="open in another window") as caught:
        hold(tmp_path)
    assert "Go on in that window" in caught.value.fix
    let_go(tmp_path)
    assert (tmp_path / HOLD_FILE).read_bytes() == before
    assert not is_held(tmp_path)


def test_what_a_killed_program_left_counts_for_nothing(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert (tmp_path / HOLD_FILE).exists()
    hold(tmp_path)
    assert is_held(tmp_path)


def test_it_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    for _ in range(2):  # the same window may open its own project again
        hold(folder)
        assert is_held(folder)
    let_go(folder)
    assert list(folder.iterdir()) == []
    let_go(folder)


def test_another_process_that_got_the_number_is_not_the_one_that_held(tmp_path: Path) -> None:
    started = psutil.Process(os.getppid()).create_time()
    values = {"pid": os.getppid(), "started": started, "folder": os.path.normcase(tmp_path.resolve())}
    (tmp_path / HOLD_FILE).write_text(json.dumps(values))
    with pytest.raises(Problem):
        hold(tmp_path)
    (tmp_path / HOLD_FILE).write_text(json.dumps({**values, "started": started - 60}))
    hold(tmp_path)
    assert is_held(tmp_path)


def test_a_copy_of_the_folder_is_held_by_nobody(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    copy = tmp_path.parent / f"{tmp_path.name}-copy"
    shutil.copytree(tmp_path, copy)
    hold(copy)
    assert is_held(copy)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}'])
def test_a_mark_that_cannot_be_read_is_waited_for_and_then_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / HOLD_FILE).write_text(content)
    old = time.time() - 10
    os.utime(tmp_path / HOLD_FILE, (old, old))
    hold(tmp_path)
    assert is_held(tmp_path)
    (tmp_path / HOLD_FILE).write_text(content)  # just now: somebody may be writing it
    with pytest.raises(OSError, match="neither"):
        hold(tmp_path)
