from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from studio.data.checkup import giveaway
from studio.data.checkup.giveaway import coded, holds, told
from studio.data.roles.columns import Columns
from tests.data.checkup.checked import rows_of
from tests.data.checkup.checked import told as found_by

NAMES = ("text", "label", "vote", "price", "region", "number")


def cells(count: int = 200) -> list[tuple[str, ...]]:
    dice = random.Random(0)
    made = []
    for number in range(count):
        label = dice.choice(("good", "bad", "fair"))
        vote = {"good": "5", "bad": "1", "fair": "3"}[label] if dice.random() < 0.98 else "2"
        price = {"good": 10, "bad": 20, "fair": 30}[label] + dice.random() * 9
        made.append((f"text {number}", label, vote, f"{price:.3f}", dice.choice("NESW"), str(number)))
    return made


def test_columns_that_tell_the_label_are_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, cells(), names=NAMES)
    told_of = {one.column: one for one in giveaway.check(rows, lambda: False)}
    assert set(told_of) == {"vote", "price"}
    assert {one.severity for one in told_of.values()} == {"look"}
    assert told_of["price"].title.endswith("% of the labels can be told from “price” alone")
    assert "does not read “price”" in told_of["price"].meaning


def test_it_is_wrong_where_the_model_reads_it(tmp_path: Path) -> None:
    columns = Columns("text", "label", template="{text} ({vote})")
    rows = rows_of(tmp_path, cells(), names=NAMES, columns=columns)
    severity = {one.column: one.severity for one in giveaway.check(rows, lambda: False)}
    assert severity == {"vote": "wrong", "price": "look"}


def test_a_number_of_rows_tells_nothing_unless_they_are_sorted() -> None:
    dice = random.Random(1)
    labels = ["a", "b"] * 100
    dice.shuffle(labels)
    numbers = [str(number) for number in range(200)]
    right, usual = told(numbers, coded(labels)[0])
    assert right < 0.7
    assert usual == pytest.approx(0.5)
    assert told(numbers, coded(sorted(labels))[0])[0] > 0.95


def test_a_common_label_alone_tells_nothing() -> None:
    labels = ["ham"] * 190 + ["spam"] * 10
    right, usual = told(["x", "y"] * 100, coded(labels)[0])
    assert right == usual == pytest.approx(0.95)


def test_texts_that_hold_their_own_label(tmp_path: Path) -> None:
    dice = random.Random(2)
    made = [(f"{dice.random()} card_lost please", "Card lost") for _ in range(30)]
    made += [(f"{dice.random()} top up now", "top-up") for _ in range(30)]
    found = found_by(giveaway.check, rows_of(tmp_path, made))["held"]
    assert (found.count, found.severity) == (60, "wrong")
    assert found.title == "60 texts hold their own label word for word (100%)"
    shared = [(f"{number} good or bad?", dice.choice(("good", "bad"))) for number in range(60)]
    assert "held" not in found_by(giveaway.check, rows_of(tmp_path, shared))


def test_answers_that_stand_in_the_text_are_worth_a_look(tmp_path: Path) -> None:
    made = [(f"In {1900 + n} the town number {n} was built. When?", f"{1900 + n}") for n in range(40)]
    found = found_by(giveaway.check, rows_of(tmp_path, made, kind="answer"))["held"]
    assert (found.count, found.severity) == (40, "look")


def test_whole_words_only_but_chinese_has_no_blanks() -> None:
    assert holds("the card is here", "card")
    assert not holds("the cards are here", "card")
    assert not holds("anything", "")
    assert holds("这家酒店很好", "酒店")


def test_few_rows_say_nothing(tmp_path: Path) -> None:
    assert found_by(giveaway.check, rows_of(tmp_path, cells(12), names=NAMES)) == {}


def test_numbers_beside_labels_that_hardly_repeat_tell_nothing() -> None:
    """The tree warned that such labels might be numbers, and the warning reached the terminal."""
    labels = np.arange(40) // 2  # every label twice: in one half of the rows most stand once
    right, _ = told([f"{number / 7:.3f}" for number in range(40)], labels)
    assert right < 0.5
