"""A step is done once, continues after an interruption, and shows what it does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def steps() -> Any:
    return importlib.import_module("steps")


def test_a_step_is_done_once_for_a_fingerprint(steps: Any, tmp_path: Path) -> None:
    done: list[str] = []
    console = steps.Console(tmp_path / "log")
    for fingerprint in ("one", "one", "two"):
        steps.Step("s", "Step", fingerprint, lambda _, f=fingerprint: done.append(f)).complete(tmp_path, console)
    assert done == ["one", "two"]


def test_an_interrupted_step_is_done_again(steps: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []

    def work(_: object) -> None:
        done.append("begun")
        if len(done) == 1:
            raise KeyboardInterrupt

    step, console = steps.Step("s", "Step", "f", work), steps.Console(tmp_path / "log")
    with pytest.raises(KeyboardInterrupt):
        step.complete(tmp_path, console)
    assert "Step: stopped" in capsys.readouterr().out
    step.complete(tmp_path, console)
    step.complete(tmp_path, console)
    assert len(done) == 2
    assert "Step: done" in capsys.readouterr().out


def test_a_command_returns_its_code_and_logs_what_it_says(steps: Any, tmp_path: Path) -> None:
    console = steps.Console(tmp_path / "log")
    code, output = console.run([sys.executable, "-c", "import sys; print('hello'); sys.exit('no luck')"])
    assert code == 1
    assert output.splitlines() == ["hello", "no luck"]
    assert console.line == "no luck"
    assert "no luck" in (tmp_path / "log").read_text(encoding="utf-8")


def test_trouble_says_what_why_and_what_to_do(steps: Any) -> None:
    text = str(steps.Trouble("It broke.", "line 1\nline 2", "start again."))
    assert text == "It broke.\n  line 1\n  line 2\nWhat to do: start again."
