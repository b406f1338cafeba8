from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.checkup import spellings
from studio.data.table.edits import ReplaceValue
from tests.data.checkup.checked import rows_of, told


def cells(**sizes: int) -> list[tuple[str, str]]:
    return [(f"text {n}", label) for label, size in sizes.items() for n in range(size)]


def test_capitals_and_blanks_are_a_fault(tmp_path: Path) -> None:
    found = told(spellings.check, rows_of(tmp_path, cells(**{"refund": 3, "Refund ": 2, "REFUND": 1, "other": 9})))
    similar = found["similar_labels"]
    assert (similar.rows, similar.severity) == ((3, 4, 5), "wrong")
    assert (
        similar.title == "3 rows have a label that differs from another only by capitals or spaces: “REFUND”, “Refund␣”"
    )
    assert set(similar.fixes[0].edits) == {
        ReplaceValue("label", "Refund ", "refund"), ReplaceValue("label", "REFUND", "refund")
    }  # fmt: skip
    assert set(found) == {"similar_labels"}


@pytest.mark.parametrize(("usual", "other"), [
    ("réclamation", "reclamation"), ("sign up", "sign-up"), ("refund", "refunds"), ("card_lost", "card lost"),
    ("complaint", "complaunt"), ("complaint", "complait"), ("complaint", "compliant"), ("Beschwerde", "Beschwerrde"),
])  # fmt: skip
def test_slips_are_worth_a_look(tmp_path: Path, usual: str, other: str) -> None:
    found = told(spellings.check, rows_of(tmp_path, cells(**{usual: 60, other: 2, "something else": 20})))
    assert found["similar_labels"].count == 0
    assert found["alike_labels"].severity == "look"
    assert found["alike_labels"].fixes[0].edits == (ReplaceValue("label", other, usual),)


@pytest.mark.parametrize(("one", "other"), [
    ("level 1", "level -1"), ("new", "news"), ("1", "-1"), ("C", "C++"), ("true", "true1"), ("card", "cart"),
    ("positive", "negative"), ("version 2", "version 3"), ("cancel order", "change order"), ("肯定", "否定"),
])  # fmt: skip
def test_what_means_something_else_is_let_be(tmp_path: Path, one: str, other: str) -> None:
    found = told(spellings.check, rows_of(tmp_path, cells(**{one: 60, other: 2})))
    assert set(found) == {"similar_labels"}
    assert found["similar_labels"].count == 0


def test_a_frequent_label_is_no_slip(tmp_path: Path) -> None:
    assert "alike_labels" not in told(spellings.check, rows_of(tmp_path, cells(complaint=60, compliant=30)))


def test_blanks_around_a_label_are_told_where_it_is_always_so(tmp_path: Path) -> None:
    found = told(spellings.check, rows_of(tmp_path, cells(**{" refund": 4, "other": 4})))["padded_labels"]
    assert found.title == "1 label begins or ends with blanks: “␣refund”"
    assert found.fixes[0].edits == (ReplaceValue("label", " refund", "refund"),)
