from __future__ import annotations

import random
from pathlib import Path

import pytest

from studio.data.checkup import bias
from studio.data.checkup.bias import NOTHING, REST, across, distribution
from studio.data.roles.columns import Columns
from tests.data.checkup.checked import rows_of, told
from tests.data.tables import table_of


def applications(count: int, *, rejected: dict[str, float]) -> list[tuple[str, str, str]]:
    dice = random.Random(0)
    rows = []
    for number in range(count):
        region = dice.choice(list(rejected))
        label = "rejected" if dice.random() < rejected[region] else dice.choice(("accepted", "asked again"))
        rows.append((f"application {number}", label, region))
    return rows


def test_a_label_that_is_more_frequent_for_one_value_is_told(tmp_path: Path) -> None:
    rows = applications(600, rejected={"North": 0.6, "South": 0.12, "East": 0.12})
    seen = across(table_of(tmp_path, ("text", "label", "region"), rows), Columns("text", "label"), "region")
    assert (seen.label, seen.value) == ("rejected", "North")
    assert 3 < seen.times < 8
    assert seen.chance < 0.001
    assert 0.3 < seen.strength < 0.7
    assert seen.sentence.startswith(f"“rejected” is {seen.times:.1f} times as frequent for region = “North” as for")
    assert sum(map(sum, seen.counts)) == 600


def test_what_chance_explains_is_not_told() -> None:
    for seed in range(20):
        dice = random.Random(seed)
        labels = [dice.choice("abc") for _ in range(300)]
        seen = distribution("region", labels, [dice.choice(("North", "South")) for _ in labels])
        assert seen.times == 1 or seen.chance < bias.SURE
        if seen.times == 1:
            assert seen.sentence == "No label is clearly more frequent for one “region” than for the others."


def test_false_alarms_are_as_rare_as_said() -> None:
    dice = random.Random(7)
    alarms = 0
    for _ in range(200):
        labels = [dice.choice("abcd") for _ in range(200)]
        alarms += distribution("region", labels, [dice.choice("xyz") for _ in labels]).times > 1
    assert alarms <= 20  # 5 % of 200, and what luck adds


def test_small_numbers_are_too_few() -> None:
    seen = distribution("region", ["a", "a", "b", "b"], ["x", "x", "y", "y"])
    assert seen.sentence == "There are too few rows to say how the labels are spread over “region”."
    assert seen.times == 1


def test_many_values_are_summed_up_and_empty_cells_named() -> None:
    labels = ["a", "b"] * 60
    seen = distribution("town", labels, [f"town {n % 40}" for n in range(118)] + ["", " "])
    assert len(seen.values) == bias.MOST_VALUES + 1
    assert seen.values[-1] == REST
    assert sum(map(sum, seen.counts)) == 120
    assert NOTHING in distribution("town", ["a", "b", "a"], ["x", "", "x"]).values


def test_one_value_or_one_label_compares_nothing() -> None:
    assert distribution("x", ["a", "b"], ["v", "v"]).strength == 0
    assert distribution("x", [], []).counts == ()


def test_correction_and_strength_are_those_of_the_books() -> None:
    assert bias._corrected([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert distribution("x", ["a"] * 50 + ["b"] * 50, ["v"] * 50 + ["w"] * 50).strength == pytest.approx(1)


def test_only_a_strong_difference_is_a_finding(tmp_path: Path) -> None:
    names = ("text", "label", "region")
    strong = applications(600, rejected={"North": 0.6, "South": 0.1})
    found = told(bias.check, rows_of(tmp_path, strong, names=names))["uneven"]
    assert (found.column, found.severity) == ("region", "look")
    assert found.title[0].isdigit()
    assert all(strong[row][1:] == ("rejected", "North") for row in found.rows)
    weak = applications(600, rejected={"North": 0.4, "South": 0.25})
    assert told(bias.check, rows_of(tmp_path, weak, names=names)) == {}
