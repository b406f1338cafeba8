"""Every row once a round, in steps of similar length, the same for the same seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from studio.tokens.batches import micro_batches, steps

lengths_of_rows = st.lists(st.integers(1, 400), min_size=1, max_size=300)


@given(
    lengths=lengths_of_rows, rows_per_step=st.integers(1, 40), seed=st.integers(0, 2**31 - 1), epoch=st.integers(0, 9)
)
def test_every_row_comes_once_a_round(lengths: list[int], rows_per_step: int, seed: int, epoch: int) -> None:
    found = steps(lengths, rows_per_step=rows_per_step, seed=seed, epoch=epoch)
    assert sorted(index for step in found for index in step) == list(range(len(lengths)))
    assert sorted(map(len, found))[1:] == [rows_per_step] * (len(found) - 1)
    assert len(found) == -(-len(lengths) // rows_per_step)
    assert found == steps(lengths, rows_per_step=rows_per_step, seed=seed, epoch=epoch)


def test_rounds_and_seeds_differ() -> None:
    lengths = list(range(1, 101))
    first = steps(lengths, rows_per_step=8, seed=1, epoch=0)
    assert first != steps(lengths, rows_per_step=8, seed=1, epoch=1)
    assert first != steps(lengths, rows_per_step=8, seed=2, epoch=0)


def test_rows_of_one_step_are_of_similar_length_and_steps_come_in_random_order() -> None:
    lengths = [n % 97 + 1 for n in range(5000)]
    found = steps(lengths, rows_per_step=16, seed=0, epoch=0)
    padding = sum(len(step) * max(lengths[i] for i in step) - sum(lengths[i] for i in step) for step in found)
    assert padding < 0.1 * sum(lengths)
    longest = [max(lengths[i] for i in step) for step in found]
    assert longest != sorted(longest)


def test_the_order_is_the_same_in_every_process(tmp_path: Path) -> None:
    code = "from studio.tokens.batches import steps; print(steps([5, 3, 9] * 20, rows_per_step=7, seed=4, epoch=2))"
    root = Path(__file__).parents[2]
    printed = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed == [f"{steps([5, 3, 9] * 20, rows_per_step=7, seed=4, epoch=2)}\n"] * 2


@given(lengths=lengths_of_rows, budget=st.integers(1, 1000))
def test_micro_batches_stay_within_the_budget(lengths: list[int], budget: int) -> None:
    indices = list(range(0, len(lengths), 2))
    found = micro_batches(indices, lengths, token_budget=budget)
    assert sorted(index for batch in found for index in batch) == indices
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget for batch in found)
    assert found == micro_batches(indices[::-1], lengths, token_budget=budget)


def test_rows_that_fit_together_are_together() -> None:
    assert micro_batches([0, 1, 2, 3, 4], [10, 10, 10, 50, 200], token_budget=100) == [[0, 1, 2], [3], [4]]
    assert micro_batches([], [], token_budget=8) == []


def test_a_small_table_meets_in_other_company_every_round() -> None:
    lengths = list(range(40))
    first, second = (
        {frozenset(step) for step in steps(lengths, rows_per_step=4, seed=0, epoch=epoch)} for epoch in (0, 1)
    )
    assert len(first & second) < len(first) / 2
