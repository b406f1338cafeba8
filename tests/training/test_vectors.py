"""The objectives of a sentence encoder, against slow loops, and a step in pieces against the step at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.config.edit import change
from studio.events import Stepped
from studio.models.load import Model, load_model
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.vectors import InBatchError, OrderError, VectorLoss, vector_loss
from tests.tiny import tiny_encoder_folder
from tests.training.parts import CPU, config_for, learn


def text(row: int, *ids: int) -> Encoded:
    return Encoded(row, ids, (False,) * len(ids))


def pair(row: int, query: int, *passages: int, number: float | None = None) -> Encoded:
    """A query with its passage, then wrong ones; each text is one token."""
    beside = tuple(text(row, passage) for passage in passages)
    return Encoded(row, (query,), (False,), number=number, beside=beside)


# Queries 1, 1, 2, 3: the first two ask the same; passage 10 is right for queries 1 and 2 and is a wrong one of query 3.
ROWS = [pair(0, 1, 10, 20), pair(1, 1, 11), pair(2, 2, 10), pair(3, 3, 13, 10)]


def unit(rows: Sequence[Encoded], seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    return F.normalize(torch.randn(sum(len(row.sequences) for row in rows), 8), dim=-1)


def slow_error(rows: Sequence[Encoded], vectors: Tensor, *, scale: float, both_ways: bool) -> list[float]:
    """Softmax over the passages that are not known to be right, one row and one passage after the other."""
    places, at = [], 0
    for row in rows:
        places.append(at)
        at += len(row.sequences)
    right = {(row.ids, row.beside[0].ids) for row in rows}
    found = []
    for number, row in enumerate(rows):
        query, own = vectors[places[number]], vectors[places[number] + 1]
        total = math.exp(scale * float(query @ own))
        for other, theirs in enumerate(rows):
            for place, passage in enumerate(theirs.beside):
                is_own = (other, place) == (number, 0)
                if not is_own and (row.ids, passage.ids) not in right:
                    total += math.exp(scale * float(query @ vectors[places[other] + 1 + place]))
        error = math.log(total) - scale * float(query @ own)
        if both_ways:
            total = math.exp(scale * float(query @ own))
            for other, theirs in enumerate(rows):
                if other != number and (theirs.ids, row.beside[0].ids) not in right:
                    total += math.exp(scale * float(vectors[places[other]] @ own))
            error = (error + math.log(total) - scale * float(query @ own)) / 2
        found.append(error)
    return found


@pytest.mark.parametrize("both_ways", [False, True])
def test_in_batch_errors_are_those_of_a_slow_loop(both_ways: bool) -> None:
    vectors = unit(ROWS)
    found = InBatchError(ROWS, scale=20, both_ways=both_ways)(ROWS, vectors)
    assert found.tolist() == pytest.approx(slow_error(ROWS, vectors, scale=20, both_ways=both_ways), rel=1e-4, abs=1e-5)


def test_a_passage_that_is_right_in_another_row_is_pushed_away_by_none() -> None:
    """Also where that other row is not in the step: the training rows are known as a whole."""
    step = [pair(0, 1, 10), pair(1, 2, 11)]
    vectors = unit(step).requires_grad_()
    errors = InBatchError([*step, pair(2, 1, 11)], scale=20, both_ways=False)(step, vectors)
    errors[0].backward()
    assert vectors.grad is not None
    assert errors.tolist()[0] == 0  # its only rival is right as well
    assert not vectors.grad[3].any()
    assert InBatchError(step, scale=20, both_ways=False)(step, vectors).tolist()[0] > 0


def test_a_wrong_passage_counts_although_its_row_asks_the_same() -> None:
    alone, beside = [pair(0, 1, 10)], [pair(0, 1, 10, 20)]
    vectors = unit(beside)
    assert float(InBatchError(alone, scale=20, both_ways=False)(alone, vectors[:2])[0]) == 0
    assert float(InBatchError(beside, scale=20, both_ways=False)(beside, vectors)[0]) > 0


def test_cosent_is_that_of_a_slow_loop() -> None:
    rows = [pair(number, number, 50 + number, number=score) for number, score in enumerate((5.0, 1.0, 1.0, 3.5, 0.0))]
    vectors = unit(rows)
    cosines = [float(vectors[2 * n] @ vectors[2 * n + 1]) for n in range(len(rows))]
    total = 1.0
    for low, one in enumerate(rows):
        for high, other in enumerate(rows):
            if (one.number or 0) < (other.number or 0):
                total += math.exp(20 * (cosines[low] - cosines[high]))
    found = OrderError(scale=20)(rows, vectors)
    assert found.tolist() == pytest.approx([math.log(total)] * 5, rel=1e-5)


def test_pairs_with_the_same_number_have_no_order() -> None:
    rows = [pair(0, 1, 10, number=2.0), pair(1, 2, 11, number=2.0)]
    assert OrderError(scale=20)(rows, unit(rows)).tolist() == [0, 0]


# --- a step in pieces ---


def tiny_rows(*, numbers: bool) -> list[Encoded]:
    def words(row: int, seed: int) -> Encoded:
        ids = (2, *(5 + (seed * 13 + place * 7) % 60 for place in range(3 + seed % 5)), 3)
        return text(row, *ids)

    rows = []
    for number in range(7):
        query = words(number, number)
        wrong = () if numbers or number % 2 else (words(number, 40 + number),)
        beside = (words(number, 20 + number // 2), *wrong)
        value = float(number % 4) if numbers else None
        rows.append(Encoded(number, query.ids, query.learned, number=value, beside=beside))
    return rows


def tiny_model(folder: Path, pairing: str, **changes: Any) -> Model:
    config = change(config_for("search", "full", **changes), "task.pairing", pairing)
    if not (folder / "tiny-encoder").exists():
        tiny_encoder_folder(folder)
    return load_model(folder / "tiny-encoder", config=config, device=CPU)


def gradients(model: Model, loss: VectorLoss, parts: Sequence[Sequence[Encoded]]) -> tuple[float, list[Tensor]]:
    """The step's mean error and what it asks of the weights; every piece throws its own dice, each time the same."""

    def batches() -> Iterator[Batch]:
        for number, rows in enumerate(parts):
            torch.manual_seed(number)
            yield collate(rows, pad_id=0, device=CPU)

    model.net.zero_grad()
    loss.begin(batches)
    total = 0.0
    for batch in batches():
        error = loss.summed(batch) / sum(map(len, parts))
        error.backward()
        total += error.item()
    return total, [p.grad.clone() for p in model.net.parameters() if p.grad is not None]


@pytest.mark.parametrize("pairing", ["passages", "scores"])
def test_a_step_in_pieces_asks_the_same_of_the_weights_as_the_step_at_once(tmp_path: Path, pairing: str) -> None:
    rows = tiny_rows(numbers=pairing == "scores")
    model = tiny_model(tmp_path, pairing, both_ways=True)
    model.net.eval()  # no dropout, so that both throw the same dice: none
    whole = gradients(model, vector_loss(model, rows), [rows])
    pieces = gradients(model, vector_loss(model, rows), [rows[:3], rows[3:4], rows[4:]])
    assert pieces[0] == pytest.approx(whole[0], rel=1e-6)
    assert any(one.abs().max() > 1e-3 for one in whole[1])
    for ours, theirs in zip(pieces[1], whole[1], strict=True):
        assert torch.allclose(ours, theirs, atol=1e-6, rtol=1e-4)


def test_the_second_pass_throws_the_dice_of_the_first(tmp_path: Path) -> None:
    """With dropout, the gradient in pieces is that of a computation that keeps everything: pieces with their dice,
    their vectors put together, one error over all."""
    rows = tiny_rows(numbers=False)
    model = tiny_model(tmp_path, "passages")
    assert model.net.training
    loss = vector_loss(model, rows)
    parts = [rows[:3], rows[3:]]
    error, ours = gradients(model, loss, parts)
    model.net.zero_grad()
    vectors = []
    for number, some in enumerate(parts):
        torch.manual_seed(number)
        vectors.append(loss.vectors(collate(some, pad_id=0, device=CPU)))
    kept = loss.errors(rows, torch.cat(vectors)).mean()
    kept.backward()
    assert error == pytest.approx(kept.item(), rel=1e-6)
    theirs = [p.grad for p in model.net.parameters() if p.grad is not None]
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, atol=1e-6, rtol=1e-4)


def test_what_was_kept_for_a_step_is_not_taken_for_other_rows(tmp_path: Path) -> None:
    rows = tiny_rows(numbers=False)
    model = tiny_model(tmp_path, "passages")
    model.net.eval()
    loss = vector_loss(model, rows)
    parts = [collate(some, pad_id=0, device=CPU) for some in (rows[:3], rows[3:])]
    loss.begin(lambda: iter(parts))
    other = collate([Encoded(0, row.ids, row.learned, beside=row.beside) for row in rows[:3]], pad_id=0, device=CPU)
    assert loss.summed(other).item() == pytest.approx(loss.of_rows(other).sum().item())


def test_a_run_learns_to_find_and_is_the_same_with_few_tokens_at_once(tmp_path: Path) -> None:
    rows = tiny_rows(numbers=False)
    losses = []
    for budget in (4096, 32):
        model = tiny_model(tmp_path / "model", "passages", rows_per_step=8, epochs=6.0, token_budget=budget)
        for module in model.net.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        events = learn(model, rows, model.config, tmp_path / f"run-{budget}")
        losses.append([event.loss for event in events if isinstance(event, Stepped)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert losses[0][-1] < 0.8 * losses[0][0]


def test_rows_without_a_passage_weigh_nothing(tmp_path: Path) -> None:
    loss = vector_loss(tiny_model(tmp_path, "passages"), ROWS)
    assert [loss.weight(row) for row in (ROWS[0], text(9, 1))] == [1.0, 0.0]


def test_sixteen_bit_numbers_compare_vectors_in_32_bit() -> None:
    error = InBatchError(ROWS, scale=20.0, both_ways=True)
    vectors = unit(ROWS)
    with torch.autocast("cpu", torch.bfloat16):
        found = error(ROWS, vectors)
    torch.testing.assert_close(found, error(ROWS, vectors), rtol=1e-6, atol=1e-6)
