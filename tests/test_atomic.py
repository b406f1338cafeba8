from __future__ import annotations

from pathlib import Path

import pytest

from studio.atomic import atomic_file, atomic_folder


def write_half(path: Path, *, fail: bool) -> None:
    path.write_text("new")
    if fail:
        raise OSError(28, "No space left on device")


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
