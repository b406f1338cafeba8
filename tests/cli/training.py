"""A run from the command line on a tiny model."""

from __future__ import annotations

from pathlib import Path

from studio.cli.main import main
from tests.tiny import tiny_encoder_folder


def train(table: Path, out: Path, *more: str) -> int:
    base = str(tiny_encoder_folder(out.parent))
    # Left open, the precision is decided by a timed trial, and two runs could differ.
    assignments = ("training.epochs=2", "training.validations=1", "training.precision=fp32")
    settings = [part for assignment in assignments for part in ("--set", assignment)]
    return main(["train", "--data", str(table), "--base", base, "--out", str(out), *settings, *more])
