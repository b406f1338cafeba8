"""A vector of each text from every family of encoders: company, filling and small batches change nothing, and the
merged copy gives the vectors of the live model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
import torch

from studio.config.edit import change
from studio.models import gate
from studio.models.adapters import merged
from studio.models.load import Model, load_model, trained_weights
from studio.models.pooling import text_vectors
from studio.models.sentence import POOLING_FILE, Pooling, style_of
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training.objectives.vectors import vector_loss
from tests.models.families import made
from tests.models.test_families import batch_of, gradients, same
from tests.models.test_load import CPU, settled

EVERY = [
    pytest.param((name, method, pooling), id=f"{name}-{method}-{pooling}")
    for name in sorted(gate.ENCODER_TYPES)
    for method, pooling in (("lora", "first"), ("full", "mean"))
]


@pytest.fixture(scope="module")
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A Model as after some training, answering without dropout."""
    model_type, method, pooling = cast(tuple[str, str, Pooling], request.param)
    folder = made("encoder", model_type, tmp_path_factory.mktemp("families") / model_type)
    pooled_so(folder, pooling)
    config = change(settled(method, task__kind="search"), "task.pairing", "passages")
    model = load_model(folder, config=config, device=CPU)
    torch.manual_seed(3)
    with torch.no_grad():
        for value in trained_weights(model).values():
            value.add_(torch.randn_like(value), alpha=0.05)
    model.net.eval()
    assert model.pooling == pooling
    return model


def pooled_so(folder: Path, pooling: Pooling) -> None:
    """Say in the folder, as sentence-transformers does, which token vectors count."""
    file = folder / POOLING_FILE
    file.parent.mkdir()
    told = {"pooling_mode_cls_token": pooling == "first", "pooling_mode_mean_tokens": pooling == "mean"}
    file.write_text(json.dumps(told))
    assert style_of(folder).pooling == pooling


def text(row: int, seed: int, length: int) -> Encoded:
    ids = (1, *(8 + (seed * 17 + place * place * 5) % 50 for place in range(length - 1)))
    return Encoded(row, ids, (False,) * length)


def rows() -> list[Encoded]:
    """Queries with their passages, of many lengths; one has a wrong passage beside it."""
    found = []
    for number, (short, long) in enumerate(((5, 19), (12, 7), (3, 15), (9, 11))):
        wrong = (text(number, 60 + number, 6),) if number == 1 else ()
        query = text(number, number, short)
        found.append(Encoded(number, query.ids, query.learned, beside=(text(number, 30 + number, long), *wrong)))
    return found


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_a_text_has_the_same_vector_alone_and_filled_up(model: Model) -> None:
    loss = vector_loss(model, rows())
    every = [one for row in rows() for one in row.sequences]
    filled = batch_of(rows())
    other = collate(rows(), pad_id=33, device=CPU)  # nor does it matter what the filling is
    with torch.no_grad():
        together, otherwise = loss.vectors(filled), loss.vectors(other)
        alone = torch.cat([loss.vectors(batch_of([Encoded(0, one.ids, one.learned)])) for one in every])
    torch.testing.assert_close(together, alone, atol=2e-5, rtol=1e-4)
    torch.testing.assert_close(together, otherwise, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(together.norm(dim=-1), torch.ones(len(every)))
    likeness = together @ together.T
    assert likeness.fill_diagonal_(-1).max() < 0.9999  # else all of them would be the same, whatever they read


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_one_batch_and_many_small_ones_have_the_same_gradient(model: Model) -> None:
    whole, once = gradients(model, rows(), 10_000)
    parts, several = gradients(model, rows(), 1)
    assert parts == pytest.approx(whole, rel=1e-4)
    same(once, several)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_the_merged_copy_gives_the_same_vectors(model: Model) -> None:
    batch = batch_of(rows())
    copy = merged(model)
    with torch.no_grad():
        ours = text_vectors(model.net, batch.ids, batch.attention, model.pooling)
        theirs = text_vectors(copy, batch.ids, batch.attention, model.pooling)
    torch.testing.assert_close(theirs, ours, atol=2e-5, rtol=1e-4)
