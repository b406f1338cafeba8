"""Several labels in one cell: found where the parts come again in other company, and taken apart."""

from __future__ import annotations

import pytest

from studio.data.roles.several import joined, labels_in, sign_of

CELLS = ("Delivery{0}Damage", "Damage", "Payment", "Payment{0}Delivery", "Delivery", "Damage{0}Payment")


@pytest.mark.parametrize("sign", ["; ", " | ", ", ", "\n", "、"])
def test_the_sign_between_labels_is_found(sign: str) -> None:
    assert sign_of([cell.format(sign) for cell in CELLS] * 3) == sign.strip(" ")


def test_parts_that_never_part_are_one_label() -> None:
    assert sign_of(["Terms, conditions", "Price", "Delivery, returns"] * 10) == ""


def test_sentences_are_no_labels() -> None:
    assert sign_of([f"Well, this is text number {n}, and it goes on." for n in range(50)]) == ""


def test_one_label_a_cell_is_one_label() -> None:
    assert sign_of(["yes", "no", "perhaps"] * 5) == ""
    assert sign_of([]) == ""


def test_lists_are_taken_apart_as_json_and_python_write_them() -> None:
    assert sign_of(['["a", "b"]', "[]", "['a', 'it\\'s, c']"]) == "[]"
    assert labels_in('["a", "b", "a"]', "[]") == ("a", "b")
    assert labels_in("['a', 'b c']", "[]") == ("a", "b c")
    assert labels_in("[1, 2]", "[]") == ("1", "2")
    assert labels_in("[]", "[]") == ()


def test_lists_of_one_each_are_single_labels() -> None:
    assert sign_of(['["a"]', '["b"]']) == ""


def test_a_cell_without_a_sign_stays_as_it_is() -> None:
    assert labels_in(" a; b", "") == (" a; b",)


@pytest.mark.parametrize("sign", ["[]", "|", ";", "\n", "、", ","])
def test_joined_labels_come_apart_again(sign: str) -> None:
    assert labels_in(joined(["a b", "c"], sign), sign) == ("a b", "c")


def test_blanks_and_repeats_are_no_labels() -> None:
    assert labels_in(" a ;; b; a; ", ";") == ("a", "b")
