"""What the benchmarks share: pairs from a table, and a resolved Config for answers on a processor."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from studio.config.config import Config
from studio.config.edit import change


def read_pairs(file: Path, prompt: str, answer: str, count: int) -> list[tuple[str, str]]:
    """The first `count` rows of a UTF-8 CSV as (prompt, answer)."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [(row[prompt], row[answer]) for row, _ in zip(rows, range(count), strict=False)]


def answer_config(**training: Any) -> Config:
    """LoRA on a small causal model, nothing left open; `training` changes training settings."""
    values = {
        "epochs": 1.0,
        "learning_rate": 1e-3,
        "rows_per_step": 16,
        "validations": 1,
        "patience": 0,
        "precision": "fp32",
        "token_budget": 2048,
        "gradient_checkpointing": False,
        **training,
    }
    config = change(change(Config(), "task.kind", "answer"), "model.method", "lora")
    config = change(config, "task.max_tokens", 1024)
    for name, value in values.items():
        config = change(config, f"training.{name}", value)
    return config
