"""What the machine has, and what is said where something is missing."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LINUX = sys.platform.startswith("linux")


@pytest.fixture
def system() -> Any:
    return importlib.import_module("system")


@pytest.fixture
def trouble() -> Any:
    return importlib.import_module("steps").Trouble


def test_too_little_disk_is_said_before_anything_is_written(system: Any, trouble: Any, tmp_path: Path) -> None:
    system.check_disk(tmp_path / "not" / "there", 1)
    with pytest.raises(trouble, match="not enough free disk"):
        system.check_disk(tmp_path / "not" / "there", 1e18)


@pytest.mark.skipif(not LINUX, reason="only Linux leaves these libraries to the system")
def test_only_what_is_missing_is_named(system: Any) -> None:
    table = {"libc.so.6": "libc6", "libsurely-not-here.so.9": "libsurely9", "libnor-this.so.1": "libsurely9"}
    assert system.missing_libraries(table) == ["libsurely9"]


@pytest.mark.skipif(not LINUX or not shutil.which("ldd"), reason="reads what Qt's libraries link to")
def test_once_nothing_of_the_list_is_missing_qt_finds_everything(system: Any) -> None:
    folder = Path(pytest.importorskip("PySide6").__file__).parent
    files = [*folder.glob("Qt[WGC]*.abi3.so"), folder / "Qt/plugins/platforms/libqoffscreen.so"]
    missing = set(system.missing_libraries(system.FOR_DRAWING))
    if not system.missing_libraries(system.FOR_A_WINDOW):
        files.append(folder / "Qt/plugins/platforms/libqxcb.so")
    wanted = {
        line.split()[0]
        for file in files
        for line in subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout.splitlines()
        if "not found" in line
    }
    assert {library for library in wanted if system.FOR_DRAWING.get(library) not in missing} == set()


@pytest.mark.skipif(not LINUX, reason="only Linux tests on a screen of its own")
def test_only_a_program_that_is_not_found_is_named(system: Any) -> None:
    assert system.missing_programs({"sh": "dash", "surely-not-here": "surely", "nor-this": "surely"}) == ["surely"]


def test_without_permission_the_exact_command_is_named(
    system: Any, trouble: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "_apt_prefix", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    console = importlib.import_module("steps").Console(tmp_path / "log")
    with pytest.raises(trouble) as caught:
        system.install_packages(["libegl1", "libgl1"], "Qt needs them", console)
    assert "sudo apt-get install libegl1 libgl1" in str(caught.value)
    assert not console.log.exists()


def test_no_driver_means_no_graphics_card(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert not system.has_nvidia_gpu()
