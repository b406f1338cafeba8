"""The one command: verbs, words for what is missing, and a second start that costs nothing."""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def launch() -> Any:
    return importlib.import_module("launch")


@pytest.fixture
def ready(launch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which everything is set up for every verb."""
    python, starter = tmp_path / "python", tmp_path / "starter"
    python.touch()
    starter.mkdir()
    monkeypatch.setattr(launch, "STAMPS", tmp_path)
    monkeypatch.setattr(launch, "PYTHON", python)
    for verb in launch.COMMANDS:
        launch.ready_stamp(verb).write_text(f"{launch.fingerprint(verb)}\n{starter}", encoding="utf-8")
    return starter


def test_an_older_python_is_told_what_to_do(
    launch: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert launch.main([]) == 1
    said = capsys.readouterr().err
    assert "this is Python 3.9" in said
    assert "python3.11 packaging/launch.py" in said


def test_without_a_screen_the_headless_commands_are_named(
    launch: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert launch.main([]) == 1
    assert "launch.py demo" in capsys.readouterr().err


def test_an_unknown_verb_is_wrong_usage(launch: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert launch.main(["dance"]) == 2
    assert "“dance” is not known" in capsys.readouterr().err
    assert launch.main(["--help"]) == 0


@pytest.mark.parametrize(
    ("arguments", "handed_over"),
    [
        (["studio", "inspect", "a.csv"], ["inspect", "a.csv"]),
        (["--", "inspect", "a.csv"], ["inspect", "a.csv"]),
        (["studio"], ["--help"]),
        (["demo", "--out", "x"], ["demo", "--out", "x"]),
    ],
)
def test_verbs_reach_the_program(
    launch: Any, ready: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], handed_over: list[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command))
    monkeypatch.setattr(launch.subprocess, "call", lambda _: 0)
    launch.main(arguments)
    assert started == [[str(launch.PYTHON), "-P", "-m", "studio", *handed_over]]


def test_a_second_start_takes_no_time(launch: Any, ready: Path) -> None:
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert launch.is_ready("window")
        times.append(time.perf_counter() - started)
    assert min(times) < 0.01
    assert "environment" not in sys.modules


def test_a_lost_starter_another_home_or_another_verb_is_set_up_again(
    launch: Any, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch.ready_stamp("window").write_text(launch.ready_stamp("demo").read_text("utf-8"), "utf-8")
    assert not launch.is_ready("window")
    assert launch.is_ready("demo")
    with monkeypatch.context() as moved:
        moved.setenv("STUDIO_HOME", "elsewhere")
        assert not launch.is_ready("demo")
    assert launch.is_ready("demo")
    ready.rmdir()
    assert not launch.is_ready("demo")


def test_trouble_ends_the_set_up_without_a_stamp(
    launch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment, steps = importlib.import_module("environment"), importlib.import_module("steps")

    def set_up(verb: str, *, any_torch: bool) -> list[str]:
        assert (verb, any_torch) == ("demo", True)
        raise steps.Trouble("It broke.", "Because.", "start again.")

    monkeypatch.setattr(launch, "STAMPS", tmp_path)
    monkeypatch.setattr(environment, "set_up", set_up)
    assert launch.main(["--any-torch", "demo"]) == 1
    assert "What to do: start again." in capsys.readouterr().err
    assert not launch.ready_stamp("demo").exists()
