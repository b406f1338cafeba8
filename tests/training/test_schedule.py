"""The plan of a run is plain numbers, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest

from studio.training.schedule import plan_for, rate_share
from tests.training.parts import config_for

LENGTHS = [5, 9, 7, 3, 8, 6, 4, 10, 12, 2]


def test_every_round_reads_every_row_once_in_an_order_of_its_own() -> None:
    plan = plan_for([*range(2, 40)], config_for("answer", "lora", epochs=2.0))
    assert plan.per_epoch == 10
    assert plan.total == 20
    rounds = [[plan.rows(step) for step in range(start, start + 10)] for start in (0, 10)]
    for steps in rounds:
        assert sorted(place for step in steps for place in step) == list(range(38))
    assert rounds[0] != rounds[1]


def test_a_step_can_be_asked_for_in_any_order() -> None:
    config = config_for("answer", "lora", epochs=3.0)
    forwards, jumping = plan_for(LENGTHS, config), plan_for(LENGTHS, config)
    wanted = [forwards.rows(step) for step in range(9)]
    assert [jumping.rows(step) for step in (8, 0, 4)] == [wanted[8], wanted[0], wanted[4]]


@pytest.mark.parametrize(("epochs", "limit", "total"), [(0.1, None, 1), (1.5, None, 5), (2.0, 4, 4), (1.0, 9, 3)])
def test_how_many_steps(epochs: float, limit: int | None, total: int) -> None:
    assert plan_for(LENGTHS, config_for("answer", "lora", epochs=epochs, max_steps=limit)).total == total


def test_looks_are_spread_evenly_from_before_to_after_training() -> None:
    plan = plan_for(LENGTHS, config_for("answer", "lora", epochs=10.0, validations=3))
    assert plan.looks == {0, 10, 20, 30}
    few = plan_for(LENGTHS, config_for("answer", "lora", epochs=1.0, validations=10))
    assert few.looks == {0, 1, 2, 3}


def test_the_rate_rises_straight_and_falls_to_nothing() -> None:
    shares = [rate_share(step, total=100, warmup_share=0.1) for step in range(101)]
    assert shares[:3] == pytest.approx([1 / 11, 2 / 11, 3 / 11])
    assert max(shares) == shares[10] == 1.0
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[55] == pytest.approx(0.5)
    assert 0 < shares[99] < 0.001
    assert shares[100] == pytest.approx(0.0)
    assert all(share > 0 for share in shares[:100])


def test_without_warmup_it_starts_at_the_top() -> None:
    assert rate_share(0, total=1, warmup_share=0.0) == 1.0


def test_pairs_are_learned_in_steps_that_hold_several_rows_of_a_label() -> None:
    labels = [number % 5 for number in range(40)]
    config = config_for("classify", "full", epochs=2.0, rows_per_step=16, approach="contrastive")
    plan = plan_for([7] * 40, config, labels)
    rounds = [[plan.rows(step) for step in range(start, start + plan.per_epoch)] for start in (0, plan.per_epoch)]
    for steps in rounds:
        assert sorted(place for step in steps for place in step) == list(range(40))
        for step in steps:
            counts = Counter(labels[place] for place in step)
            assert min(counts.values()) >= 2
            assert len(counts) > 1
    assert rounds[0] != rounds[1]


def test_where_only_the_last_layer_is_fitted_there_is_one_look_and_no_step() -> None:
    plan = plan_for(LENGTHS, config_for("classify", "full", approach="frozen"))
    assert (plan.total, plan.looks) == (0, {0})
