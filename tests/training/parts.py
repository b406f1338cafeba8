"""What the training tests share: encoded rows made from plain text, and a tiny Model loaded from real files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from studio.config.config import Config
from studio.config.edit import change
from studio.config.model import Method
from studio.data.reading.given_parts import Part
from studio.events import Event
from studio.models.load import Model, load_model
from studio.tokens.encoded import Encoded
from studio.training.loop import train
from studio.training.probes import Probes
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

CPU = torch.device("cpu")
ANSWERS = ("red", "a green leaf", "blue", "the sun is up", "no", "yes it is", "four of them", "later")
WORDS = ("good", "bad", "fine thing", "awful", "nice to have", "poor", "great", "broken")


def answer_rows(count: int = 8) -> list[Encoded]:
    """Rows as bytes: a question that is read, an answer that is learned, of different lengths."""
    rows = []
    for number in range(count):
        question = list(f"Q{number}?".encode())
        answer = [*ANSWERS[number % len(ANSWERS)].encode(), 10]
        learned = (False,) * len(question) + (True,) * len(answer)
        rows.append(Encoded(row=number, ids=(*question, *answer), learned=learned))
    return rows


def label_rows(count: int = 8) -> list[Encoded]:
    """Rows of word pieces with one of two labels."""
    rows = []
    for number in range(count):
        text = WORDS[number % len(WORDS)]
        ids = (2, *(5 + (ord(letter) * 7 + number) % 60 for letter in text), 3)
        rows.append(Encoded(row=number, ids=ids, learned=(False,) * len(ids), label=number % 2))
    return rows


def config_for(kind: str, method: Method, **changes: Any) -> Config:
    """A resolved Config for tiny models; `changes` are training settings."""
    config = change(change(Config(), "task.kind", kind), "model.method", method)
    values = {
        "task.max_tokens": 64,
        "training.epochs": 4.0,
        "training.learning_rate": 1e-2 if method == "lora" else 3e-3,
        "training.head_learning_rate": 1e-2,
        "training.rows_per_step": 4,
        "training.validations": 2,
        "training.token_budget": 64,
        "training.gradient_checkpointing": False,
        "training.precision": "fp32",
        "training.patience": 0,
    }
    for path, value in {**values, **{f"training.{name}": v for name, v in changes.items()}}.items():
        config = change(config, path, value)
    return config


def answer_model(parent: Path, config: Config) -> Model:
    return load_model(_once(parent, tiny_causal_folder), config=config, device=CPU)


def label_model(parent: Path, config: Config) -> Model:
    folder = _once(parent, tiny_encoder_folder)
    return load_model(folder, labels=("no", "yes"), config=config, device=CPU)


def _once(parent: Path, make: Callable[..., Path]) -> Path:
    folder = parent / make.__name__
    return folder if folder.exists() else make(parent, name=make.__name__)


def no(*_: object) -> bool:
    """Nobody asks."""
    return False


def quiet_probes(score: Callable[[Model], tuple[float, float] | None] | None = None) -> Probes:
    """Probes that cost nothing: each look is better than the one before, and one sample is shown."""
    looks = iter(range(1, 1000))
    better = score or (lambda _: (1.0 / next(looks), 0.5))
    return Probes(score=better, sample=lambda _: [("Hello", "Hi", None)])


def learn(
    model: Model,
    rows: list[Encoded],
    config: Config,
    folder: Path,
    *,
    probes: Probes | None = None,
    should_stop: Callable[[], bool] = no,
    should_pause: Callable[[], bool] = no,
    unlabelled: Sequence[Encoded] = (),
) -> list[Event]:
    """The events of a whole run."""
    parts: dict[Part, Any] = {"training": rows, "watching": rows}
    return list(
        train(model, parts, config, folder, pad_id=0, probes=probes or quiet_probes(),
              should_stop=should_stop, should_pause=should_pause, unlabelled=unlabelled)
    )  # fmt: skip
