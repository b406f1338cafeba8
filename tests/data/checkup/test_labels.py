from __future__ import annotations

from pathlib import Path

from studio.data.checkup import labels
from tests.data.checkup.checked import rows_of, told


def test_a_single_label_is_nothing_to_learn(tmp_path: Path) -> None:
    worst = told(labels.check, rows_of(tmp_path, [(str(n), "same") for n in range(9)]))["single_label"]
    assert (worst.severity, worst.count) == ("wrong", 9)
    assert worst.title == "9 rows, all of them, have the same label"


def test_rare_and_small_labels_are_named(tmp_path: Path) -> None:
    cells = [(f"{label}{n}", label) for label, count in (("a", 50), ("b", 5), ("c", 4)) for n in range(count)]
    found = told(labels.check, rows_of(tmp_path, cells))
    assert found["rare_labels"].title == "1 label has fewer than 5 rows: “c”"
    assert found["rare_labels"].rows == (55, 56, 57, 58)
    assert found["imbalance"].title == "2 labels have less than a tenth of the rows of “a” (50)"
    assert set(told(labels.check, rows_of(tmp_path, cells[:20] + cells[50:55]))) == {"rare_labels", "imbalance"}
