"""A head that finds answers on every family of encoders: company, filling and small batches change nothing, and the
merged copy marks what the live model does."""

from __future__ import annotations

from typing import Any, cast

import pytest
import torch

from studio.models import gate
from studio.models.adapters import merged
from studio.models.load import Model, load_model, trained_weights
from studio.tokens.encoded import NO_SPAN, Encoded
from studio.tokens.windows import Window
from studio.training.objectives.spans import SpanLoss, span_logits
from tests.models.families import made
from tests.models.test_families import batch_of, gradients, same
from tests.models.test_load import CPU, settled

EVERY = [
    pytest.param((name, method), id=f"{name}-{method}")
    for name in sorted(gate.ENCODER_TYPES)
    for method in ("lora", "full")
]


@pytest.fixture(scope="module")
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A Model as after some training."""
    model_type, method = request.param
    folder = made("encoder", model_type, tmp_path_factory.mktemp("families") / model_type)
    model = load_model(folder, config=settled(method, task__kind="find"), device=CPU)
    torch.manual_seed(3)
    with torch.no_grad():
        for value in trained_weights(model).values():
            value.add_(torch.randn_like(value), alpha=0.05)
    model.net.eval()
    return model


def window(number: int, length: int, span: tuple[int, int] = NO_SPAN, beside: tuple[Encoded, ...] = ()) -> Window:
    """A mark, a question of two words, and a text."""
    ids = (1, *(8 + (number * 17 + place * place * 5) % 50 for place in range(length - 1)))
    first, last = (0, 0) if span == NO_SPAN else span
    learned = tuple(first <= place <= last for place in range(length))
    return Window(number, ids, learned, span=span, beside=beside, reach=(3, length - 1))


def rows() -> list[Encoded]:
    other = window(1, 11)
    return [window(0, 9, (4, 6)), window(1, 17, (8, 8), (other,)), window(2, 7), window(3, 12, (3, 10))]


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_a_row_errs_the_same_alone_and_in_company(model: Model) -> None:
    loss = SpanLoss(model)
    with torch.no_grad():
        together = loss.of_rows(batch_of(rows()))
        alone = torch.cat([loss.of_rows(batch_of([row])) for row in rows()])
    torch.testing.assert_close(together, alone, atol=2e-5, rtol=1e-4)
    assert together.isfinite().all()


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_one_batch_and_many_small_ones_have_the_same_gradient(model: Model) -> None:
    whole, once = gradients(model, rows(), 10_000)
    parts, several = gradients(model, rows(), 1)
    assert parts == pytest.approx(whole, rel=1e-4)
    same(once, several)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_the_merged_copy_marks_the_same(model: Model) -> None:
    batch = batch_of(rows())
    copy: Any = merged(model)
    live = cast(Any, model.net)
    with torch.no_grad():
        ours, theirs = live(**batch.inputs), copy(**batch.inputs)
        begins, _ = span_logits(model, batch)
    for name in ("start_logits", "end_logits"):
        torch.testing.assert_close(theirs[name], ours[name], atol=1e-4, rtol=1e-4)
    assert begins.isfinite().sum(-1).tolist() == [6, 14, 8, 4, 9]
