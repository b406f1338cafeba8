"""Tiny models that name several labels, that rate, and a causal one that sorts, with rows for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.data.roles.target import settled
from studio.models.load import Model, load_model
from studio.tasks.task import Task, task_for
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.evaluation.parts import CPU, settings
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

SUBJECTS = ("bill", "parcel", "thanks")


def several_rows(count: int) -> list[tuple[str, str]]:
    """Texts that say their labels; each eighth has none, as an empty list."""
    rows = []
    for number in range(count):
        having = [label for place, label in enumerate(SUBJECTS) if (number % 8) >> place & 1]
        told = " and ".join(having) or "nothing"
        listed = ", ".join(f'"{label}"' for label in having)
        rows.append((f"letter {number} is about {told}", f"[{listed}]"))
    return rows


def rated_rows(count: int) -> list[tuple[str, str]]:
    """Texts whose word says their number, written with a decimal comma."""
    words = ("calm", "slow", "soon", "fast", "now")
    return [(f"letter {number} {words[number % 5]}", f"{number % 5 * 25},5") for number in range(count)]


def rows_for(folder: Path, kind: str, rows: list[tuple[str, str]]) -> Dataset:
    """The rows in their parts, the cells to learn read as they are written."""
    folder.mkdir(parents=True, exist_ok=True)
    table = table_of(folder, ["text", "wanted"], rows)
    columns = settled(table, Columns("text", "wanted"), kind)  # type: ignore[arg-type]
    return split(table, columns, kind=kind, watching_share=0.2, test_share=0.4, seed=0)  # type: ignore[call-overload,no-any-return]


def model_for(
    parent: Path, kind: str, data: Dataset, method: Method = "full", *, causal: bool = False, **task: Any
) -> tuple[Model, Tokenizer, Task, Config]:
    """A tiny Model as after training: its trained weights were moved away from where they began."""
    config = settings(kind, method)  # type: ignore[arg-type]
    known: dict[str, Any] = {"several": data.columns.sign or "one"} if kind == "classify" else {}
    known |= {"number_mean": 50.5, "number_spread": 35.0} if kind == "rate" else {}
    for name, value in {**known, "windows": True, **task}.items():
        config = change(config, f"task.{name}", value)
    for name, value in {"data.input": "text", "data.target": "wanted"}.items():
        config = change(config, name, value)
    parent.mkdir(parents=True, exist_ok=True)
    folder = tiny_causal_folder(parent) if causal else tiny_encoder_folder(parent)
    model = load_model(folder, labels=data.labels, config=config, device=CPU)
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in model.net.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.net.eval()
    return model, Tokenizer.for_goal(folder, config), task_for(config), config
