from __future__ import annotations

import random
from pathlib import Path

import pytest

from studio.data.checkup import groups
from studio.data.roles.columns import Columns
from tests.data.checkup.checked import rows_of, told

NAMES = ("text", "label", "customer", "region", "age", "number")
WORDS = [f"{a}{b}n" for a in "bdfgklmnprst" for b in "aeiou"]


def cells(count: int = 60, *, alike: bool = True) -> list[tuple[str, ...]]:
    """Three rows of each customer; `alike` means that they write about the same things."""
    dice = random.Random(0)
    made = []
    for number in range(count):
        own, label = dice.sample(WORDS, 5), dice.choice("ab")
        for _ in range(3):
            words = dice.sample(own if alike else WORDS, 4) + dice.sample(WORDS, 3)
            target = label if alike else dice.choice("ab")
            made.append((" ".join(words), target, f"C{number}", dice.choice("NESW"), str(dice.randrange(20, 60)), ""))
    dice.shuffle(made)
    return [(*row[:5], str(place)) for place, row in enumerate(made)]


def test_the_column_that_keeps_rows_together_is_named(tmp_path: Path) -> None:
    found = told(groups.check, rows_of(tmp_path, cells(), names=NAMES))["groups"]
    assert (found.column, found.count, found.severity) == ("customer", 180, "look")
    assert found.title == "180 rows share their “customer” with others (3.0 rows each on average)"
    assert len(set(found.rows)) == 180


def test_rows_that_are_no_more_alike_need_not_stay_together(tmp_path: Path) -> None:
    assert told(groups.check, rows_of(tmp_path, cells(alike=False), names=NAMES)) == {}


@pytest.mark.parametrize(
    ("form", "found"),
    [("2026-{month:02}-{day:02}", False), ("{day}.{month}.2026, 09:15", False), ("D{month}{day:02}", True)],
)
def test_one_day_is_not_one_person(tmp_path: Path, form: str, found: bool) -> None:
    """What came on one day may be alike, but the next text comes on another one."""
    made = []
    for row in cells():
        number = int(row[2][1:])
        made.append((*row[:2], form.format(month=1 + number // 28, day=1 + number % 28), *row[3:]))
    names = (*NAMES[:2], "sent", *NAMES[3:])
    assert ("groups" in told(groups.check, rows_of(tmp_path, made, names=names))) == found


def test_several_answers_to_a_question_of_the_template(tmp_path: Path) -> None:
    dice = random.Random(1)
    made = [(f"question {n} {' '.join(dice.sample(WORDS, 4))}", " ".join(dice.sample(WORDS, 5)), dice.choice("01"))
            for n in range(40) for _ in range(1)]  # fmt: skip
    made = [(question, " ".join(dice.sample(WORDS, 5)), label) for question, _, label in made for _ in range(4)]
    columns = Columns("q", "right", template="{q} {a}")
    found = told(groups.check, rows_of(tmp_path, made, names=("q", "a", "right"), columns=columns))["groups"]
    assert found.column == "q"


def test_nothing_is_proposed_where_it_is_chosen(tmp_path: Path) -> None:
    chosen = Columns("text", "label", group="customer")
    assert told(groups.check, rows_of(tmp_path, cells(), names=NAMES, columns=chosen)) == {}


def test_rows_of_one_context_stay_together_anyway(tmp_path: Path) -> None:
    found = Columns("text", "label", context="customer")
    assert told(groups.check, rows_of(tmp_path, cells(), names=NAMES, columns=found)) == {}
