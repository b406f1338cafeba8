"""What was exported is shown as long as it is the run's model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.events import Event, Exported, Progressed, Verified
from studio.runs.exports import EXPORTS_FILE, Proof, exports, note_exports


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    return tmp_path / "run"


def best(run: Path, text: str) -> None:
    (run / "checkpoints" / "best.json").write_text(text)


def exported(out: Path, form: str) -> Iterator[Event]:
    out.mkdir()
    yield Progressed("Writing the weights")
    yield Exported(str(out), form, 91)
    yield Verified(str(out), 49, 50, "another word")


def test_a_proof_is_remembered_by_format(run: Path, tmp_path: Path) -> None:
    best(run, '{"step": 4}')
    for form in ("merged", "adapter"):
        assert len(list(note_exports(run, exported(tmp_path / form, form)))) == 3
    assert set(exports(run)) == {"merged", "adapter"}
    assert exports(run)["merged"] == Proof(str(tmp_path / "merged"), 91, 49, 50, "another word", 4)
    (tmp_path / "merged").rmdir()
    assert set(exports(run)) == {"adapter"}


def test_further_training_makes_a_proof_stale(run: Path, tmp_path: Path) -> None:
    best(run, '{"step": 4}')
    list(note_exports(run, exported(tmp_path / "old", "merged")))
    best(run, '{"step": 9}')
    assert exports(run) == {}
    list(note_exports(run, exported(tmp_path / "new", "adapter")))
    assert set(exports(run)) == {"adapter"}


def test_what_cannot_be_read_shows_nothing(run: Path, tmp_path: Path) -> None:
    assert exports(run) == {}
    best(run, '{"step": 4}')
    list(note_exports(run, exported(tmp_path / "out", "merged")))
    best(run, "{")
    assert exports(run) == {}
    best(run, '{"step": 4}')
    (run / EXPORTS_FILE).write_text("[")
    assert exports(run) == {}
