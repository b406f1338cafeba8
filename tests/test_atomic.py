from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from safetensors import SafetensorError
from safetensors.numpy import save_file

from studio import atomic
from studio.atomic import atomic_file, atomic_folder, settle
from studio.problems import explain

ROOT = Path(__file__).parents[1]


def write_half(path: Path, *, fail: bool) -> None:
    path.write_text("new")
    if fail:
        raise OSError(28, "No space left on device")


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def killed(program: str, folder: Path) -> None:
    """Run `program`, which ends at once in the middle of its work, as by kill -9 or a power cut."""
    head = "import os, sys\nfrom pathlib import Path\nfrom studio import atomic\nfolder = Path(sys.argv[1])\n"
    assert subprocess.run([sys.executable, "-c", head + program, str(folder)], cwd=ROOT, check=False).returncode == 9


IN_THE_BLOCK = "with atomic.{how}(folder / 'a') as path:\n    {write}\n    os._exit(9)"
BETWEEN_THE_RENAMES = """
rename = os.replace
def once(source, target):
    rename(source, target)
    os._exit(9)
os.replace = once
with atomic.atomic_folder(folder / 'a') as path:
    (path / 'x').write_text('new')
"""


@pytest.mark.parametrize("before", [None, "old"])
def test_a_failed_file_leaves_what_was_there(tmp_path: Path, before: str | None) -> None:
    final = tmp_path / "a.json"
    if before:
        final.write_text(before)
    with pytest.raises(OSError, match="No space"), atomic_file(final) as path:
        write_half(path, fail=True)
    assert (final.read_text() if final.exists() else None) == before
    assert [p.name for p in tmp_path.iterdir()] == ([final.name] if before else [])


@pytest.mark.parametrize("before", [None, "old"])
def test_a_failed_folder_leaves_what_was_there(tmp_path: Path, before: str | None) -> None:
    final = tmp_path / "step-1"
    if before:
        final.mkdir()
        (final / "x").write_text(before)
    with pytest.raises(OSError, match="No space"), atomic_folder(final) as folder:
        write_half(folder / "x", fail=True)
    assert ((final / "x").read_text() if final.exists() else None) == before
    assert [p.name for p in tmp_path.iterdir()] == ([final.name] if before else [])


def test_success_replaces_the_whole_folder(tmp_path: Path) -> None:
    final = tmp_path / "step-1"
    final.mkdir()
    (final / "old").write_text("old")
    with atomic_folder(final) as folder:
        (folder / "x").write_text("new")
    assert [p.name for p in final.iterdir()] == ["x"]
    assert [p.name for p in tmp_path.iterdir()] == [final.name]


def test_a_folder_set_aside_by_a_killed_program_comes_back(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("old")
    killed(BETWEEN_THE_RENAMES, tmp_path)
    assert not (tmp_path / "a").exists()
    assert len(hidden(tmp_path)) == 2
    settle(tmp_path)
    assert (tmp_path / "a" / "x").read_text() == "old"
    assert hidden(tmp_path) == []


@pytest.mark.parametrize(
    ("how", "write"), [("atomic_file", "path.write_text('half')"), ("atomic_folder", "(path / 'x').write_text('half')")]
)
def test_the_next_write_clears_what_a_killed_program_half_wrote(tmp_path: Path, how: str, write: str) -> None:
    killed(IN_THE_BLOCK.format(how=how, write=write), tmp_path)
    assert len(hidden(tmp_path)) == 1
    with atomic_file(tmp_path / "another") as path:
        path.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def test_what_another_program_writes_just_now_is_left_alone(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom studio.atomic import atomic_file\n"
        "with atomic_file(Path(sys.argv[1])) as path:\n    path.write_text('theirs')\n    print('half', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "half\n"
        with atomic_file(tmp_path / "b") as path:
            path.write_text("ours")
        assert len(hidden(tmp_path)) == 1
        other.communicate("\n")
    assert (tmp_path / "a").read_text() == "theirs"


def test_a_number_that_another_process_got_later_protects_nothing(tmp_path: Path) -> None:
    other = psutil.Process()
    (tmp_path / f".a.{other.pid}-{int(other.create_time()) - 60}.0a1b2c3d.partial").write_text("half")
    (tmp_path / ".bashrc.0a1b2c3d.partial").write_text("not ours")
    settle(tmp_path)
    assert hidden(tmp_path) == [".bashrc.0a1b2c3d.partial"]
    settle(tmp_path / "missing")


def test_files_are_opened_for_writing_to_be_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows flushes nothing through a descriptor that may only read."""
    flags, really = [], os.open

    def noted(path: Path, flag: int) -> int:
        if path.is_file():
            flags.append(flag)
        return really(path, flag)

    monkeypatch.setattr(atomic.os, "open", noted)
    with atomic_file(tmp_path / "a") as path:
        path.write_text("a")
    with atomic_folder(tmp_path / "b") as folder:
        (folder / "x").write_text("x")
    assert flags == [os.O_RDWR, os.O_RDWR]


@pytest.mark.skipif(sys.platform == "win32", reason="a process's largest file is a setting of Unix")
def test_weights_that_do_not_fit_are_told_as_any_file(tmp_path: Path) -> None:
    import resource

    import numpy

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        with pytest.raises(OSError, match="too large") as caught, atomic_folder(tmp_path / "a") as folder:
            save_file({"weights": numpy.zeros(10_000)}, folder / "weights.safetensors")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno == errno.EFBIG
    assert explain(caught.value).what == "A file became larger than this disk takes."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"Error while serializing: I/O error: No space (os error {errno.ENOSPC})", "The disk is full."),
        ("Error while serializing: I/O error: No space left on device", "The disk is full."),
        ("Error while serializing: MetadataIncompleteBuffer", "A file could not be read or written."),
    ],
)
def test_what_safetensors_says_is_what_the_system_said(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(OSError, match=r"No space|Metadata") as caught, atomic_folder(tmp_path / "a"):
        raise SafetensorError(text)
    assert explain(caught.value).what == what
