"""What fits, and where it may be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.export.formats import FACTS_FILE, MAKER, check_format, check_target, formats_for
from studio.problems import Problem


def test_formats_fit_the_task_and_the_method() -> None:
    assert formats_for("classify", "lora") == ("classifier",)
    assert formats_for("answer", "lora") == ("merged", "adapter")
    assert formats_for("answer", "full") == ("merged",)
    with pytest.raises(Problem) as caught:
        check_format("adapter", "answer", "full")
    assert "only where one was trained" in caught.value.why
    with pytest.raises(Problem, match="gguf"):
        check_format("gguf", "answer", "full")


def test_someone_elses_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Problem, match="something else"):
        check_target(tmp_path, 1)
    with pytest.raises(Problem, match="something else"):
        check_target(tmp_path / "thesis.txt", 1)
    (tmp_path / FACTS_FILE).write_text(f'{{"made_by": "{MAKER}"}}')
    check_target(tmp_path, 1)
    check_target(tmp_path / "new" / "deeper", 1)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="not enough space") as caught:
        check_target(tmp_path / "out", 10**18)
    assert "1,000,000,000,000 MB" in caught.value.why
