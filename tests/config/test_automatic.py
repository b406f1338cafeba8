from __future__ import annotations

from dataclasses import replace

import pytest

from studio.config import edit
from studio.config.automatic import Facts, automatic, resolved
from studio.config.config import Config

FACTS = Facts(
    rows=8000,
    median_tokens=14,
    longest_tokens=90,
    tokens_95=40,
    labels=77,
    parameters=22_000_000,
    model_limit=512,
    memory=16 * 2**30,
    has_gpu=False,
)


@pytest.mark.parametrize("kind", ["classify", "answer"])
def test_nothing_but_the_number_format_stays_open(kind: str) -> None:
    config = edit.change(Config(), "task.kind", kind)
    settled = resolved(config, automatic(config, FACTS))
    still_open = {path for path, _, _ in edit.entries() if edit.value(settled, path) is None}
    assert still_open <= {"training.precision", "training.max_steps", "generation.seed"}


def test_every_value_has_a_reason() -> None:
    assert all(chosen.reason for chosen in automatic(Config(), FACTS).values())


def test_what_was_chosen_is_left_alone() -> None:
    config = edit.change(Config(), "training.epochs", 9)
    assert "training.epochs" not in automatic(config, FACTS)


def test_the_limit_fits_every_row_where_it_can() -> None:
    assert automatic(Config(), FACTS)["task.max_tokens"].value == 90
    long = replace(FACTS, longest_tokens=5000)
    assert automatic(Config(), long)["task.max_tokens"].value == 256


def test_few_rows_get_smaller_steps_and_more_rounds() -> None:
    few = automatic(Config(), replace(FACTS, rows=100))
    many = automatic(Config(), FACTS)
    assert few["training.rows_per_step"].value < many["training.rows_per_step"].value
    assert few["training.epochs"].value > many["training.epochs"].value


def test_many_rows_move_an_encoder_less_at_a_time() -> None:
    few = automatic(Config(), replace(FACTS, rows=600))
    many = automatic(Config(), FACTS)
    assert few["training.learning_rate"].value > many["training.learning_rate"].value
    assert few["training.head_learning_rate"].value > many["training.head_learning_rate"].value


def test_memory_is_saved_only_when_it_is_short() -> None:
    assert automatic(Config(), FACTS)["training.gradient_checkpointing"].value is False
    short = replace(FACTS, parameters=7_000_000_000)
    assert automatic(Config(), short)["training.gradient_checkpointing"].value is True
