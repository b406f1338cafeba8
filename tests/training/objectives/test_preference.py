"""DPO and KTO by hand, on full logits; what is kept of the untouched model; steps of many micro-batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.config.edit import change
from studio.models.adapters import untouched
from studio.models.load import Model, trained_weights
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.training.loss import loss_for
from studio.training.objectives.preference import (
    DpoLoss,
    KtoLoss,
    balanced_verdicts,
    preference_loss,
)
from studio.training.objectives.reference import Reference, log_probabilities
from studio.training.step import Gradients
from tests.training.parts import CPU, answer_model, config_for, no

BETA = 0.3


def one(number: int, answer: str, *, verdict: float | None = None) -> Encoded:
    question, said = list(f"Question {number}?".encode()), [*answer.encode(), 10]
    learned = (False,) * len(question) + (True,) * len(said)
    return Encoded(number, (*question, *said), learned, number=verdict)


def pairs() -> list[Encoded]:
    answers = (("red", "a green leaf"), ("yes it is", "no"), ("four of them", "later"), ("up", "the sun is up"))
    return [replace(one(n, better), beside=(one(n, worse),)) for n, (better, worse) in enumerate(answers)]


def verdicts() -> list[Encoded]:
    answers = ("red", "a green leaf", "no", "later", "the sun is up")
    return [one(n, answer, verdict=float(n % 2)) for n, answer in enumerate(answers)]


def tuned(folder: Path, **task: object) -> Model:
    """As after some training, ready for more."""
    config = config_for("prefer", "lora")
    for name, value in {"beta": BETA, **task}.items():
        config = change(config, f"task.{name}", value)
    model = answer_model(folder, config)
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in trained_weights(model).values():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    return model


def by_hand(model: Model, row: Encoded) -> Tensor:
    """The log-probability of a row's answer, from all of its logits."""
    ids = torch.tensor([row.ids])
    scores = model.net(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0].log_softmax(-1)
    return sum(
        (scores[place - 1, row.ids[place]] for place in range(len(row.ids)) if row.learned[place]), torch.zeros(())
    )


@torch.no_grad()
def base(model: Model, row: Encoded) -> Tensor:
    with untouched(model):
        return by_hand(model, row)


def batch_of(rows: list[Encoded]) -> Batch:
    return collate(rows, pad_id=0, device=CPU)


@pytest.mark.parametrize(("normalised", "weight"), [(False, 0.0), (True, 0.0), (False, 0.5)])
def test_pairs_match_the_textbook_and_so_do_their_gradients(tmp_path: Path, normalised: bool, weight: float) -> None:
    model, rows = tuned(tmp_path, length_normalised=normalised, sft_weight=weight), pairs()

    def expected(row: Encoded) -> Tensor:
        rewards = []
        for answer in row.sequences:
            moved = by_hand(model, answer) - base(model, answer)
            rewards.append(moved / sum(answer.learned) if normalised else moved)
        error = -F.logsigmoid(BETA * (rewards[0] - rewards[1]))
        return error - weight * by_hand(model, row) / sum(row.learned)

    plain = torch.stack([expected(row) for row in rows])
    plain.sum().backward()  # type: ignore[no-untyped-call]
    wanted = {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}
    model.net.zero_grad()
    loss = loss_for(model, rows)
    assert isinstance(loss, DpoLoss)
    torch.testing.assert_close(loss.of_rows(batch_of(rows)), plain.detach(), rtol=1e-4, atol=1e-5)
    loss.summed(batch_of(rows)).backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.net.named_parameters():
        if parameter.requires_grad:
            torch.testing.assert_close(parameter.grad, wanted[name], rtol=1e-3, atol=1e-5)


def test_verdicts_match_the_textbook(tmp_path: Path) -> None:
    model, rows = tuned(tmp_path), verdicts()
    loss = preference_loss(model, rows)
    assert isinstance(loss, KtoLoss)
    assert loss.balance == (1.0, 1.5)  # three bad answers, two good ones

    def mixed(row: Encoded, other: Encoded) -> Encoded:
        here, there = row.learned.index(True), other.learned.index(True)
        return Encoded(0, row.ids[:here] + other.ids[there:], row.learned[:here] + other.learned[there:])

    strangers = [mixed(row, rows[place - 1]) for place, row in enumerate(rows)]
    with torch.no_grad():
        moved = [float(by_hand(model, row) - base(model, row)) for row in strangers]
    drift = max(0.0, sum(moved) / len(moved))
    loss.begin(lambda: iter([batch_of(rows[:2]), batch_of(rows[2:])]))
    assert loss.drift == pytest.approx(drift, abs=1e-4)
    wanted = []
    for row in rows:
        above = by_hand(model, row) - base(model, row) - drift
        wanted.append(loss.weight(row) * (1 - torch.sigmoid(BETA * (above if row.number else -above))))
    torch.testing.assert_close(loss.of_rows(batch_of(rows)), torch.stack(wanted).detach(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("moved", "drift"), [(-1.0, 0.0), (1.0, 1.0)])
def test_the_drift_is_never_below_nought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: float, drift: float
) -> None:
    from studio.training.objectives import preference

    def all_moved(model: Model, batch: Batch) -> Tensor:
        with untouched(model):
            return log_probabilities(model, batch) + moved

    model = tuned(tmp_path)
    monkeypatch.setattr(preference, "log_probabilities", all_moved)
    loss = KtoLoss(model, BETA, drift=0.5)
    loss.begin(lambda: iter([batch_of(verdicts())]))
    assert loss.drift == pytest.approx(drift, abs=1e-4)


def test_before_the_first_step_nothing_is_preferred(tmp_path: Path) -> None:
    model = answer_model(tmp_path, change(config_for("prefer", "lora"), "task.beta", BETA))
    for rows, error in ((pairs(), 0.6931472), (verdicts(), 0.5)):
        loss = preference_loss(model, rows)
        loss.begin(lambda rows=rows: iter([batch_of(rows)]))  # type: ignore[misc]
        seen = loss.seen(batch_of(rows))
        assert seen.rewards.abs().max() == 0
        assert float(seen.errors.detach().sum()) / sum(map(loss.weight, rows)) == pytest.approx(error)


def test_a_step_of_small_batches_is_one_large_batch(tmp_path: Path) -> None:
    model = tuned(tmp_path)
    for rows in (pairs(), verdicts()):
        found = []
        for budget in (10_000, 1):
            step = Gradients(model, rows, [r.size for r in rows], loss_for(model, rows), 0, budget, 0, no, no)
            work = step.of(0, range(len(rows)))
            try:
                while True:
                    next(work)
            except StopIteration as end:
                total = float(end.value)
            found.append((total, {n: p.grad.clone() for n, p in model.net.named_parameters() if p.grad is not None}))
        assert found[0][0] == pytest.approx(found[1][0], rel=1e-4)
        for name, gradient in found[0][1].items():
            torch.testing.assert_close(gradient, found[1][1][name], rtol=1e-3, atol=1e-5)


def test_the_untouched_model_is_asked_once_for_each_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, rows = tuned(tmp_path), pairs()
    loss, calls = DpoLoss(model, BETA), []
    from studio.training.objectives import reference

    plain = reference.log_probabilities
    monkeypatch.setattr(reference, "log_probabilities", lambda *found: calls.append(1) or plain(*found))  # type: ignore[func-returns-value]
    first = loss.of_rows(batch_of(rows))
    with torch.no_grad():
        next(iter(trained_weights(model).values())).add_(1.0)
    again = loss.of_rows(batch_of(rows[::-1])).flip(0)
    assert len(calls) == 1
    assert not torch.allclose(first, again)


def test_the_untouched_model_is_asked_anew_in_another_number_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.training.objectives import reference

    calls, known = list[int](), Reference(tuned(tmp_path))

    def counted(_: Model, batch: Batch) -> Tensor:
        calls.append(1)
        return torch.zeros(len(batch.ids))

    monkeypatch.setattr(reference, "log_probabilities", counted)
    for _ in range(2):
        known.of(batch_of(pairs()))
        with torch.autocast("cpu", torch.bfloat16):
            known.of(batch_of(pairs()))
    assert len(calls) == 2
    known.model.net.to(torch.bfloat16)
    known.of(batch_of(pairs()))
    assert len(calls) == 3


def test_dropout_is_off_where_two_models_are_compared(tmp_path: Path) -> None:
    model = tuned(tmp_path)
    assert all(part.p == 0 for part in model.net.modules() if isinstance(part, torch.nn.Dropout))
    with torch.no_grad():
        model.net.train()
        first = log_probabilities(model, batch_of(pairs()))
        model.net.eval()
        torch.testing.assert_close(log_probabilities(model, batch_of(pairs())), first, rtol=0, atol=0)


def test_a_row_of_which_nothing_remains_weighs_nothing(tmp_path: Path) -> None:
    model = tuned(tmp_path)
    row = pairs()[0]
    silent = replace(row.beside[0], learned=(False,) * len(row.beside[0].ids))
    assert preference_loss(model, pairs()).weight(replace(row, beside=(silent,))) == 0
    assert preference_loss(model, verdicts()).weight(replace(verdicts()[0], number=None)) == 0


def test_a_stranger_s_answer_is_cut_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.training.objectives import preference

    plain, read = preference.log_probabilities, list[int]()
    monkeypatch.setattr(
        preference, "log_probabilities", lambda model, batch: read.append(batch.ids.shape[1]) or plain(model, batch)
    )
    model = tuned(tmp_path, max_tokens=16)
    rows = verdicts()
    loss = KtoLoss(model, BETA)
    loss.begin(lambda: iter([batch_of(rows)]))
    assert loss.drift >= 0
    assert max(read) == 16
    lone = KtoLoss(model, BETA, drift=0.25)

    def single() -> Iterator[Batch]:
        yield batch_of(rows[:1])

    lone.begin(single)
    assert lone.drift == 0.25  # one row alone says nothing about others' answers


def test_both_kinds_of_verdicts_weigh_the_same() -> None:
    rows = [one(n, "a", verdict=float(n < 3)) for n in range(12)]
    bad, good = balanced_verdicts(rows)
    assert (bad, good) == (1.0, 3.0)
    assert 3 * good == 9 * bad
    assert balanced_verdicts(rows[:3]) == (1.0, 1.0)


def test_the_reference_is_what_the_untouched_model_finds(tmp_path: Path) -> None:
    model, rows = tuned(tmp_path), pairs()
    wanted = torch.stack([base(model, answer) for row in rows for answer in row.sequences])
    torch.testing.assert_close(Reference(model).of(batch_of(rows)), wanted, rtol=1e-4, atol=1e-4)


def test_the_same_tokens_are_kept_apart_by_what_is_learned_of_them(tmp_path: Path) -> None:
    model, row = tuned(tmp_path), one(0, "a green leaf")
    last = replace(row, learned=(*[False] * (len(row.ids) - 1), True))
    reference = Reference(model)
    for asked in (row, last):
        found = reference.of(batch_of([asked]))
        torch.testing.assert_close(found, base(model, asked)[None], rtol=1e-4, atol=1e-4)
