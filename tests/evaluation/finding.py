"""What the tests of finding answers share: a table of questions about short texts, and a tiny model for them."""

from __future__ import annotations

import csv
from pathlib import Path

import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import split
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import open_table
from studio.models.load import Model, load_model
from studio.tasks.task import Task, task_for
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import tiny_encoder_folder

CPU = torch.device("cpu")
COLUMNS = Columns("question", "answer", context="text")
NAMES = ("ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hal")
TOWNS = ("rome", "oslo", "bern", "lima", "kyiv", "bonn", "cork", "pisa")


def cells(count: int = 16) -> list[tuple[str, str, str]]:
    """For each of `count` texts a question for its name, one for its town, and one without an answer."""
    rows = []
    for number in range(count):
        name, town = NAMES[number % 8], TOWNS[(number + number // 8) % 8]
        text = f"{name} lives in {town} at number {number}."
        rows += [(text, "who lives there?", name), (text, "in which town?", town), (text, "how old?", "")]
    return rows


def write_cells(file: Path, rows: list[tuple[str, str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("text", "question", "answer"), *rows])
    return file


def finding_data(folder: Path, rows: list[tuple[str, str, str]] | None = None, *, share: float = 0.3) -> Dataset:
    """The rows in their parts, texts kept together."""
    folder.mkdir(parents=True, exist_ok=True)
    file = write_cells(folder / "rows.csv", rows or cells())
    list(read_table(file, folder / "table", should_stop=lambda: False))
    return split(open_table(folder / "table"), COLUMNS, kind="find", watching_share=share, test_share=share, seed=0)


def finding_config(method: Method = "full", *, bar: float | None = None, max_tokens: int = 64) -> Config:
    """A Config for a tiny model with nothing left open but what watching decides."""
    config = Config()
    for path, value in {
        "task.kind": "find", "task.max_tokens": max_tokens, "task.no_answer_bar": bar, "model.method": method,
        "model.lora_rank": 4, "training.token_budget": 2048, "training.precision": "fp32",
        "training.gradient_checkpointing": False, "data.file": "/somewhere/rows.csv",
        "data.input": "question", "data.target": "answer", "data.context": "text",
    }.items():  # fmt: skip
        config = change(config, path, value)
    return config


def finding_model(parent: Path, config: Config) -> tuple[Model, Tokenizer, Task]:
    """A tiny Model with a head that is far from nothing."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = tiny_encoder_folder(parent)
    model = load_model(folder, config=config, device=CPU)
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in model.net.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.net.eval()
    return model, Tokenizer.load(folder, "encoder"), task_for(config)
