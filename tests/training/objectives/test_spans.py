"""The error of a marked span: only its text can be pointed at, and what is beside a row counts with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.tasks.example import Example, Turn
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.tokens.windows import encode_marked
from studio.training.objectives.spans import SpanLoss, span_logits
from tests.evaluation.finding import CPU, finding_config, finding_model

TEXTS = [("who?", "ada lives here", (0, 3)), ("where?", "bob lives in rome " * 8, (13, 17)), ("how old?", "eve", None)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[SpanLoss, list[Encoded]]:
    model, tokenizer, _ = finding_model(tmp_path_factory.mktemp("model"), finding_config(max_tokens=60))
    examples = [
        Example(n, (Turn("text", question), Turn("text", text)), span=span)
        for n, (question, text, span) in enumerate(TEXTS)
    ]
    return SpanLoss(model), list(encode_marked(tokenizer, examples, max_tokens=60))


def batch_of(rows: list[Encoded]) -> Batch:
    return collate(rows, pad_id=0, device=CPU)


def test_nothing_but_the_text_and_the_first_token_can_be_pointed_at(made: tuple[SpanLoss, list[Encoded]]) -> None:
    loss, rows = made
    batch = batch_of(rows)
    begins, ends = span_logits(loss.model, batch)
    at = 0
    for row in rows:
        for one in row.sequences:
            can = [0, *range(*one.reach)]
            for logits in (begins, ends):
                assert logits[at].isfinite().nonzero().flatten().tolist() == can
            at += 1
    assert at == len(batch.ids) > len(rows)


def test_the_error_is_that_of_both_ends(made: tuple[SpanLoss, list[Encoded]]) -> None:
    loss, rows = made
    batch = batch_of(rows[:1])
    begins, ends = (logits.log_softmax(-1) for logits in span_logits(loss.model, batch))
    first, last = rows[0].span
    assert loss.summed(batch).item() == pytest.approx(-(begins[0, first] + ends[0, last]).item() / 2, abs=1e-5)


def test_a_batch_is_the_sum_of_its_rows(made: tuple[SpanLoss, list[Encoded]]) -> None:
    loss, rows = made
    alone = torch.cat([loss.of_rows(batch_of([row])) for row in rows])
    assert torch.allclose(loss.of_rows(batch_of(rows)), alone, atol=1e-4)
    assert loss.summed(batch_of(rows)).item() == pytest.approx(alone.sum().item(), abs=1e-4)
    assert [loss.weight(row) for row in rows] == [float(len(row.sequences)) for row in rows]


def test_a_row_that_teaches_nothing_weighs_nothing(made: tuple[SpanLoss, list[Encoded]]) -> None:
    loss, rows = made
    silent = replace(rows[2], learned=(False,) * len(rows[2].ids))
    assert loss.weight(silent) == 0
    assert loss.of_rows(batch_of([silent])).tolist() == [0.0]
