"""How often rows are read follows from the whole of the settings."""

from __future__ import annotations

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.config.passes import MOST_FITTED, agreement, readings, sets_back, views


def settled(kind: str = "classify", **changes: object) -> Config:
    config = edit.change(Config(), "task.kind", kind)
    values: dict[str, object] = {"training.approach": "direct", "task.several": "one"}
    for path, value in {**values, **{path.replace("__", "."): value for path, value in changes.items()}}.items():
        config = edit.change(config, path, value)
    return config


def test_a_text_with_one_label_is_read_twice_where_both_answers_are_to_agree() -> None:
    twice = settled(training__agreement=1.5)
    assert (readings(twice), agreement(twice)) == (2, 1.5)
    assert readings(settled(training__agreement=0.0)) == readings(settled()) == 1


@pytest.mark.parametrize("kind", ["rate", "answer", "search", "find", "prefer"])
def test_what_is_no_label_is_read_once(kind: str) -> None:
    assert readings(settled(kind, training__agreement=1.0)) == 1


def test_several_labels_and_pairs_of_texts_are_read_once() -> None:
    assert readings(settled(training__agreement=1.0, task__several=";")) == 1
    assert readings(settled(training__agreement=1.0, training__approach="contrastive")) == 1
    assert readings(settled(training__agreement=1.0, training__approach="frozen")) == 1


def test_the_end_is_set_back_where_the_last_layer_can_be_fitted_to_the_start() -> None:
    assert sets_back(settled(training__kept_change=0.7))
    assert sets_back(settled("rate", training__kept_change=0.7))
    assert not sets_back(settled("answer", training__kept_change=0.7))
    assert not sets_back(settled(training__kept_change=1.0))
    assert not sets_back(settled(training__kept_change=0.7, training__approach="contrastive"))


def test_more_rows_are_read_less_often_for_a_fit_after_pairs() -> None:
    assert [views(rows) for rows in (1, 770, 5_000, 6_666, 6_667, 10_000, 10_001, 50_000)] == [4, 4, 4, 3, 2, 2, 1, 1]
    assert all(views(rows) * rows <= MOST_FITTED for rows in range(1, MOST_FITTED, 501))
