"""Thumbs, yes and no, in many languages and in the ways that people write them."""

from __future__ import annotations

import pytest

from studio.data.roles import verdict
from studio.data.roles.verdict import names_verdict, verdict_of


@pytest.mark.parametrize(
    "cell", ["true", "TRUE", " 1 ", "1.0", "👍", "👍🏽", "Thumbs up", "thumbs-up", "Ja", "好", "はい", "Sí"]
)
def test_good(cell: str) -> None:
    assert verdict_of(cell) is True


@pytest.mark.parametrize(
    "cell", ["false", "0", "-1", "👎🏿", "thumbs_down", "Nicht hilfreich", "not helpful", "Нет", "差", "não"]
)
def test_bad(cell: str) -> None:
    assert verdict_of(cell) is False


@pytest.mark.parametrize("cell", ["", "maybe", "3", "5", "2", "good and bad", "n/a"])
def test_neither(cell: str) -> None:
    assert verdict_of(cell) is None


def test_no_word_means_both() -> None:
    assert not set(verdict._GOOD.split()) & set(verdict._BAD.split())


def test_names_of_columns() -> None:
    assert names_verdict("Thumbs")
    assert names_verdict(" is-good ")
    assert names_verdict("me gusta")
    assert not names_verdict("label")
    assert not names_verdict("score")
