"""How the environment is put together: the right PyTorch, nothing twice, and reasons when it does not work."""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment() -> Any:
    return importlib.import_module("environment")


def test_without_permission_tests_go_on_without_a_screen(
    environment: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []

    def refuse(packages: list[str], why: str, _: Any) -> None:
        wanted.extend(packages)
        raise importlib.import_module("steps").Trouble("missing", why, "ask somebody")

    monkeypatch.setattr(environment.system, "missing_programs", lambda _: ["xvfb"])
    monkeypatch.setattr(environment.system, "missing_libraries", lambda _: ["libxcb-cursor0"])
    monkeypatch.setattr(environment.system, "install_packages", refuse)
    console = importlib.import_module("steps").Console(tmp_path / "log")
    environment._prepare_screen(console)
    assert wanted == ["xvfb", "libxcb-cursor0"]
    assert "ask somebody" in console.log.read_text(encoding="utf-8")


def test_only_tests_ask_for_a_screen(environment: Any) -> None:
    def names(verb: str) -> set[str]:
        return {step.name for step in environment._steps(verb, gpu=False, any_torch=False)}

    assert "screen" in names("test")
    assert "screen" not in names("window") | names("demo") | names("screens")


class Pip:
    """Stands for pip: answers dry runs with a plan per index, and remembers every command."""

    def __init__(self, plans: dict[str, list[str] | None]) -> None:
        self.plans = plans
        self.commands: list[list[str]] = []
        self.log = Path("log")

    def run(self, command: list[str]) -> tuple[int, str]:
        self.commands.append(command)
        if "--dry-run" not in command:
            return 0, ""
        plan = self.plans["cpu" if "--index-url" in command else "usual"]
        if plan is None:
            return 1, "ERROR: No matching distribution found"
        report = Path(command[command.index("--report") + 1])
        report.write_text(json.dumps({"install": [{"metadata": {"name": name}} for name in plan]}), "utf-8")
        return 0, ""

    @property
    def installed(self) -> list[list[str]]:
        return [command for command in self.commands if "--dry-run" not in command]


@pytest.fixture
def install(environment: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "STAMPS", tmp_path)
    monkeypatch.setattr(environment, "_ask", lambda _: "2.13.0+cpu")
    return lambda pip, any_build=False: environment._install_torch(pip, "torch==2.13.0", any_build)


def test_a_build_without_cuda_is_taken_from_the_usual_index(install: Any, tmp_path: Path) -> None:
    pip = Pip({"usual": ["torch", "sympy"], "cpu": None})
    install(pip)
    assert [("--index-url" in command) for command in pip.installed] == [False]
    assert (tmp_path / "torch.txt").read_text(encoding="utf-8") == "torch==2.13.0+cpu\n"


@pytest.mark.parametrize("usual", [["torch", "nvidia-cublas"], ["torch", "triton"], ["torch", "cuda-toolkit"], None])
def test_cuda_packages_are_never_pulled_in_silently(install: Any, usual: list[str] | None) -> None:
    pip = Pip({"usual": usual, "cpu": ["torch"]})
    install(pip)
    (command,) = pip.installed
    assert "--index-url" in command
    assert "--no-deps" in command


def test_without_a_small_build_set_up_ends_and_names_the_way_out(install: Any) -> None:
    pip = Pip({"usual": ["torch", "nvidia-cublas"], "cpu": None})
    with pytest.raises(importlib.import_module("steps").Trouble, match="--any-torch"):
        install(pip)
    assert pip.installed == []


def test_with_a_card_or_on_request_the_usual_build_is_taken(install: Any) -> None:
    pip = Pip({"usual": ["torch", "nvidia-cublas"], "cpu": None})
    install(pip, any_build=True)
    assert ["torch==2.13.0" in command for command in pip.installed] == [True]


def test_constraints_pin_every_dependency_within_its_bounds() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    named = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        wanted = Requirement(text)
        version = named[re.sub(r"[-_.]+", "-", wanted.name).lower()]
        assert wanted.specifier.contains(version), f"{wanted} is pinned to {version}"
    assert not [name for name in named if name.startswith("nvidia")]


def test_what_is_said_follows_from_why_pip_failed(environment: Any) -> None:
    log = Path("setup.log")
    assert "disk" in environment._advice("OSError: [Errno 28] No space left on device", log)
    assert "connection" in environment._advice("Failed to establish a new connection", log)
    assert "not used" in environment._advice("THESE PACKAGES DO NOT MATCH THE HASHES", log)
    assert "setup.log" in environment._advice("something else", log)
    assert environment._last("noise\nERROR: first\nmore noise\nERROR: second") == "ERROR: first\nERROR: second"


@pytest.mark.parametrize("verb", ["window", "studio", "demo", "screens", "test"])
def test_only_what_a_verb_needs_is_set_up(environment: Any, verb: str) -> None:
    names = [step.name for step in environment._steps(verb, gpu=False, any_torch=False)]
    assert names[:5] == ["environment", "installer", "torch", "libraries", "program"]
    assert ("tools" in names) == (verb == "test")
    assert (f"system-{verb}" in names) == (verb in {"window", "screens", "test"})


def test_the_program_tells_which_starters_are_wanted(environment: Any, home: Path) -> None:
    """The line of Python that set-up asks with, run against the program as it is."""
    import subprocess
    import sys

    answer = subprocess.run([sys.executable, "-c", environment._STARTERS], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    starters = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(starters) == 2
    for _, requirement, sha256, folder, ready in starters:
        assert "==" in requirement
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)
        assert Path(folder).is_relative_to(home)
        assert not ready
