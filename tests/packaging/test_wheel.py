"""What `pip install` brings along: every module and every resource, found from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; built from a copy, because a build writes beside its sources."""
    pytest.importorskip("setuptools")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("studio", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=source, capture_output=True, check=True)
    return next(out.glob("*.whl"))


def below(folder: Path, pattern: str) -> set[str]:
    """The files of a folder of the repository, by their place in it."""
    found = (path.relative_to(folder) for path in folder.rglob(pattern) if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def test_every_module_and_every_resource_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    modules = {f"studio/{name}" for name in below(ROOT / "studio", "*.py")}
    resources = {name for name in below(ROOT / "resources", "*") if not name.startswith("pictures/")}
    assert {"theme.qss", "models.json", "icons/app.svg", "help/training.epochs.md"} <= resources
    inside = modules | {f"studio/resources/{name}" for name in resources}
    assert {name for name in names if ".dist-info/" not in name} == inside


def test_an_installed_program_finds_its_resources_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "site")
    libraries = [path for path in sys.path if path and Path(path) != ROOT]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), *libraries]),
        "STUDIO_HOME": str(tmp_path / "home"),
    }

    def asked(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    place = asked("-c", "from studio.config import paths; print(paths.resources())").strip()
    assert Path(place) == tmp_path / "site" / "studio" / "resources"
    assert "training.learning_rate" in asked("-m", "studio", "settings")
    assert "all-MiniLM-L6-v2" in asked("-m", "studio", "models")
