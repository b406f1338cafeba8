from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from studio.data.checkup import suspicious
from studio.data.checkup.rows import Rows
from studio.data.table.edits import SetCells
from tests.data.checkup.checked import rows_of, told

BANKS = {
    "delivery": "parcel courier late shipment package street driver arrived tracking door",
    "refund": "money back repay account credited amount returned transfer bank paid",
    "damage": "broken scratched glass cracked dented corner handle torn lid bent",
}
COMMON = "the my is was it and yesterday please again very since week could you about still"


def message(dice: random.Random, label: str) -> str:
    words = dice.sample(BANKS[label].split(), 4) + dice.sample(COMMON.split(), 5)
    dice.shuffle(words)
    return " ".join(words)


def messages(count: int, seed: int = 0) -> list[tuple[str, str]]:
    dice = random.Random(seed)
    return [(message(dice, label), label) for label in BANKS for _ in range(count)]


def test_wrong_labels_are_found_and_right_ones_let_be(tmp_path: Path) -> None:
    cells = messages(100)
    wrong = {7: "refund", 50: "damage", 130: "delivery", 222: "refund", 299: "delivery"}
    planted = [(text, wrong.get(row, label)) for row, (text, label) in enumerate(cells)]
    found = told(suspicious.check, rows_of(tmp_path, planted))["suspicious_labels"]
    assert set(found.rows) == set(wrong)
    assert found.title == "5 labels look wrong"
    assert found.notes[0][1].startswith(f"looks like “{cells[found.rows[0]][1]}” (0.")
    assert found.fixes[0].title == "Take the suggested labels"
    assert found.fixes[0].edits == (SetCells("label", tuple((row, cells[row][1]) for row in found.rows)),)


def test_clean_rows_are_good_news(tmp_path: Path) -> None:
    found = told(suspicious.check, rows_of(tmp_path, messages(60, seed=1)))["suspicious_labels"]
    assert (found.severity, found.count) == ("good", 0)


@pytest.mark.parametrize("cells", [
    messages(4), messages(30)[:30], [("", label) for _, label in messages(9)],
    [(text, " ") for text, _ in messages(9)],
])  # fmt: skip
def test_too_little_to_learn_from_is_not_judged(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    assert told(suspicious.check, rows_of(tmp_path, cells)) == {}


def test_a_repeated_text_is_judged_by_rows_with_other_texts(tmp_path: Path) -> None:
    cells = messages(40)
    cells += [(cells[0][0], "damage")] * 9  # a label learned by heart would look right
    rows = rows_of(tmp_path, cells)
    judged = suspicious.judge(rows, lambda: False)
    assert judged is not None
    assert all(judged.own[place] < 0.5 for place in range(120, 129))
    assert {judged.labels[judged.looks_like[place]] for place in range(120, 129)} == {"delivery"}


def test_where_not_all_rows_can_be_learned_all_are_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspicious, "_WORK", 50_000)
    monkeypatch.setattr(suspicious, "_WEIGHTS", 900)
    cells = messages(100)
    cells[3] = (cells[3][0], "damage")
    rows = rows_of(tmp_path, cells)
    judged = suspicious.judge(rows, lambda: False)
    assert judged is not None
    assert len(judged.rows) == 300
    assert judged.learned < 100
    assert judged.rows[suspicious.ranked(judged)[0]] == 3
    assert f"learned from {judged.learned} rows" in suspicious._meaning(judged)


def test_a_stop_gives_nothing(tmp_path: Path) -> None:
    rows: Rows = rows_of(tmp_path, messages(10))
    assert list(suspicious.check(rows, lambda: True)) == []


def test_a_label_whose_rows_all_have_one_text_is_nothing_to_compare_with(tmp_path: Path) -> None:
    cells = [("the same words", "a")] * 6 + [("other words again", "b")] * 6
    found = told(suspicious.check, rows_of(tmp_path, cells))
    assert all(finding.count == 0 for finding in found.values())


def test_a_label_that_a_fold_has_not_seen_is_no_other_label(tmp_path: Path) -> None:
    """All rows of the first label have one text, so that what judges them never learned the label."""
    judged = suspicious.judge(rows_of(tmp_path, [*messages(30), *[("only this one", "a label")] * 6]), lambda: False)
    assert judged is not None
    assert judged.labels[0] == "a label"
    assert judged.own[90:] == pytest.approx([0] * 6)
    assert (judged.own[:90] > 0.5).mean() > 0.9


def test_another_label_counts_where_it_is_as_likely_as_for_its_own_rows() -> None:
    likely = np.array([[0.9, 0.1], [0.3, 0.7], [0.1, 0.9]], dtype=np.float32)
    codes, best = np.array([0, 0, 1]), np.array([[0, 1], [0, 1], [0, 1]])
    own = likely[np.arange(3), codes]
    judged = suspicious._compared([0, 1, 2], ["a", "b"], codes, own, best, likely, 3)
    assert judged.looks_like.tolist() == [-1, -1, -1]  # 0.7 is less than the usual 0.9 of “b”
    likely[1] = (0.05, 0.95)
    judged = suspicious._compared([0, 1, 2], ["a", "b"], codes, likely[np.arange(3), codes], best, likely, 3)
    assert judged.looks_like.tolist() == [-1, 1, -1]
