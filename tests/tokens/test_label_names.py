"""A label's name is a text where it says something."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.events import Noted
from studio.tokens.label_names import NO_ROW, named_rows, spoken, told
from studio.tokens.tokenizer import Tokenizer
from tests.tiny import tiny_encoder_folder


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("card_arrival", "card arrival"),
        ("cardArrival", "card Arrival"),
        ("Billing & payments", "Billing payments"),
        ("negative", "negative"),
        ("Größe", "Größe"),
        ("退款", "退款"),
        ("0", ""),
        ("A1", ""),
        ("3.5", ""),
        ("", ""),
    ],
)
def test_what_a_name_says(label: str, text: str) -> None:
    assert spoken(label) == text


def test_names_are_rows_of_their_labels_and_codes_are_not(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")
    config = edit.change(Config(), "task.max_tokens", 32)
    found = named_rows(tokenizer, ("late", "7", "lost_card"), config)
    assert [(row.label, row.row) for row in found] == [(0, NO_ROW), (2, NO_ROW)]
    assert tokenizer.decode(found[1].ids) == "lost card"
    (said,) = told(found, found * 5)
    assert isinstance(said, Noted)
    assert said.text == "The names of 2 labels are learned as texts of theirs, beside 10 rows."
    assert not list(told([], found))
