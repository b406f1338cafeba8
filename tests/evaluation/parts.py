"""What the judging and export tests share: a small table with its parts, settings for tiny models, and runs of them."""

from __future__ import annotations

from pathlib import Path

import torch

from studio.config.automatic import Automatic, Facts
from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import GOALS, TaskKind
from studio.config.model import Method
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import open_table
from studio.models.load import Model, load_model
from studio.runs.run import Run, create
from studio.tasks.task import Task, task_for
from studio.tokens.tokenizer import Tokenizer
from tests.data.tables import table_of
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

CPU = torch.device("cpu")
LABELS = ("billing", "delivery", "praise")
_WORDS = {
    "billing": ("invoice {} is wrong", "charged twice on card {}", "refund of payment {}"),
    "delivery": ("parcel {} is late", "order {} did not arrive", "where is my package {}"),
    "praise": ("thank you, {} was great", "lovely service from desk {}", "so happy with item {}"),
}


def no() -> bool:
    """Nobody stops."""
    return False


def label_cells(count: int) -> list[tuple[str, str]]:
    """Texts whose words give their label away."""
    cells = []
    for number in range(count):
        label = LABELS[number % 3]
        cells.append((_WORDS[label][number // 3 % 3].format(number), label))
    return cells


def answer_cells(count: int) -> list[tuple[str, str]]:
    """Questions with short answers; each question stands twice, with two answers."""
    return [
        (f"what is item {n // 2}", f"it is {'a box' if n % 2 else 'one box'} of size {n // 2}") for n in range(count)
    ]


def dataset(folder: Path, cells: list[tuple[str, str]], *, labels: tuple[str, ...] = (), test: int = 36) -> Dataset:
    """The cells as a Dataset whose last rows are for testing and the twelve before them for watching."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "rows.csv"
    file.write_text("text,wanted\n" + "".join(f'"{text}","{wanted}"\n' for text, wanted in cells), encoding="utf-8")
    list(read_table(file, folder / "table", should_stop=no))
    watching = len(cells) - test - 12
    rows = range(len(cells))
    parts: dict[Part, tuple[int, ...]] = {
        "training": tuple(rows[:watching]),
        "watching": tuple(rows[watching : len(cells) - test]),
    }
    parts["test"] = tuple(rows[len(cells) - test :])
    columns = Columns("text", "wanted")
    return Dataset(open_table(folder / "table"), columns, parts, {"no answer": (997, 998)}, labels)


def read_dataset(folder: Path, count: int = 60, *, test: int = 24) -> Dataset:
    """Questions about texts: every third one is not answered in its text, and two stand beside each text."""
    rows = [
        (
            f"The shelf holds a box of size {n // 2}. It is by the door. Lamps hang above it.",
            f"what size is the box {n}",
            "" if n % 3 == 0 else f"size {n // 2}",
        )
        for n in range(count)
    ]
    table = table_of(folder, ["source", "text", "wanted"], rows)
    parts: dict[Part, tuple[int, ...]] = {
        "training": tuple(range(count - test - 12)),
        "watching": tuple(range(count - test - 12, count - test)),
        "test": tuple(range(count - test, count)),
    }
    return Dataset(table, Columns("text", "wanted", context="source"), parts, {})


def settings(kind: TaskKind, method: Method) -> Config:
    """A Config for tiny models with nothing left open."""
    config = Config()
    for path, value in {
        "task.kind": kind,
        "task.max_tokens": 96,
        "model.method": method,
        "model.lora_rank": 4,
        "training.token_budget": 2048,
        "training.precision": "fp32",
        "training.gradient_checkpointing": False,
        "generation.max_new_tokens": 12,
        "data.file": "/somewhere/rows.csv",
    }.items():
        config = change(config, path, value)
    return config


def tiny(parent: Path, kind: TaskKind, method: Method, *, chat: bool = True) -> tuple[Model, Tokenizer, Task, Config]:
    """A tiny Model as after training: its trained weights were moved away from where they began."""
    config = settings(kind, method)
    parent.mkdir(parents=True, exist_ok=True)
    is_encoder = GOALS[kind].models[0] == "encoder"
    folder = tiny_encoder_folder(parent) if is_encoder else tiny_causal_folder(parent, chat=chat)
    model = load_model(folder, labels=LABELS if kind == "classify" else (), config=config, device=CPU)
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in model.net.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.net.eval()
    return model, Tokenizer.load(folder, model.kind), task_for(config), config


def run_of(folder: Path, model: Model, config: Config, data: Dataset) -> Run:
    """A run folder for a tiny Model."""
    facts = Facts(len(data.parts["training"]), 12, 40, 30, len(data.labels), model.parameters, 128, 2**33, False)
    reasons = {"training.epochs": Automatic(2.0, "by the preset")}
    return create(folder, config=config, reasons=reasons, facts=facts, dataset=data, base=model.base)
