"""The loss equals the textbook's, on the learned tokens alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from studio.config.edit import change
from studio.models.load import CausalParts, causal_parts
from studio.tokens.collate import collate
from studio.training.loss import loss_for, mean_loss, number_format, row_losses
from studio.training.objectives import words
from studio.training.objectives.words import cross_entropy
from tests.training.parts import CPU, answer_model, answer_rows, config_for, label_model, label_rows, no


def test_answers_match_plain_cross_entropy_over_full_logits_and_its_gradient(tmp_path: Path) -> None:
    model = answer_model(tmp_path, config_for("answer", "full"))
    rows = answer_rows()
    batch = collate(rows, pad_id=0, device=CPU)
    logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits[:, :-1]
    targets = batch.ids[:, 1:].masked_fill(~batch.learned[:, 1:], -100)
    plain = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")
    plain.backward()
    wanted = {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}
    model.net.zero_grad()
    ours = loss_for(model, rows).summed(batch)
    ours.backward()
    assert ours.item() == pytest.approx(plain.item(), rel=1e-6)
    for name, parameter in model.net.named_parameters():
        torch.testing.assert_close(parameter.grad, wanted[name], rtol=1e-4, atol=1e-5)


def test_tokens_that_are_not_learned_do_not_count(tmp_path: Path) -> None:
    model = answer_model(tmp_path, config_for("answer", "lora"))
    row = answer_rows()[1]
    loss = loss_for(model, [row])
    assert loss.weight(row) == sum(row.learned)
    parts = causal_parts(model)
    batch = collate([row], pad_id=0, device=CPU)
    hidden = parts.hidden(batch.ids, batch.attention)[0]
    first = row.learned.index(True)
    by_hand = sum(
        F.cross_entropy(parts.weight @ hidden[place - 1], torch.tensor(row.ids[place])).item()
        for place in range(first, len(row.ids))
    )
    assert loss.summed(batch).item() == pytest.approx(by_hand, rel=1e-5)


def test_a_learned_first_token_has_nothing_before_it(tmp_path: Path) -> None:
    model = answer_model(tmp_path, config_for("answer", "lora"))
    row = answer_rows()[0]
    everything = type(row)(row.row, row.ids, (True,) * len(row.ids))
    assert loss_for(model, [everything]).weight(everything) == len(row.ids) - 1


def test_a_softcapped_output_layer(tmp_path: Path) -> None:
    model = answer_model(tmp_path, config_for("answer", "lora"))
    parts = causal_parts(model)._replace(softcap=2.0)
    hidden, targets = torch.randn(5, parts.weight.shape[1]) * 5, torch.arange(5)
    capped = 2.0 * torch.tanh(hidden @ parts.weight.T / 2.0)
    ours = cross_entropy(parts, hidden, targets)
    assert ours.item() == pytest.approx(F.cross_entropy(capped, targets, reduction="sum").item(), rel=1e-5)


@pytest.mark.parametrize("softcap", [None, 2.0])
def test_errors_in_chunks_as_on_a_graphics_card_are_the_textbooks(
    monkeypatch: pytest.MonkeyPatch, softcap: float | None
) -> None:
    monkeypatch.setattr(words, "_CARD_LOGITS", 1)
    monkeypatch.setattr(words, "_FEWEST_POSITIONS", 3)  # 8 positions in three chunks, the last one smaller
    weight, bias = torch.randn(11, 5, requires_grad=True), torch.randn(11, requires_grad=True)
    hidden, targets = torch.randn(8, 5, requires_grad=True), torch.arange(8)
    logits = hidden @ weight.T + bias
    logits = logits if softcap is None else softcap * torch.tanh(logits / softcap)
    plain = F.cross_entropy(logits, targets, reduction="none")
    parts = CausalParts(lambda ids, _: ids, weight, bias, softcap)
    found = words._in_chunks(parts, hidden, targets)
    torch.testing.assert_close(found, plain)
    every = (weight, bias, hidden)
    torch.testing.assert_close(torch.autograd.grad(found.sum(), every), torch.autograd.grad(plain.sum(), every))
    assert words._in_chunks(parts, hidden[:0], targets[:0]).sum() == 0


def test_labels_match_plain_cross_entropy(tmp_path: Path) -> None:
    model = label_model(tmp_path, config_for("classify", "full"))
    model.net.eval()
    rows = label_rows()
    batch = collate(rows, pad_id=0, device=CPU)
    logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
    plain = F.cross_entropy(logits, batch.labels)
    loss = loss_for(model, rows)
    total = sum(loss.weight(row) for row in rows)
    assert loss.summed(batch).item() / total == pytest.approx(plain.item(), rel=1e-6)


def test_weighted_labels_count_the_same_in_total(tmp_path: Path) -> None:
    model = label_model(tmp_path, change(config_for("classify", "full"), "task.class_weights", True))
    model.net.eval()
    rows = label_rows()
    rows = [*[row for row in rows if row.label == 0], next(row for row in rows if row.label == 1)]
    loss = loss_for(model, rows)
    by_label = [sum(loss.weight(row) for row in rows if row.label == label) for label in (0, 1)]
    assert by_label == pytest.approx([2.5, 2.5])
    batch = collate(rows, pad_id=0, device=CPU)
    logits = model.net(input_ids=batch.ids, attention_mask=batch.attention).logits
    plain = F.cross_entropy(logits, batch.labels, weight=torch.tensor([5 / 8, 5 / 2]))
    assert loss.summed(batch).item() / 5.0 == pytest.approx(plain.item(), rel=1e-6)


@pytest.mark.parametrize("budget", [20, 10_000])
def test_the_mean_does_not_depend_on_how_rows_are_packed(tmp_path: Path, budget: int) -> None:
    model = answer_model(tmp_path, config_for("answer", "lora"))
    model.net.eval()
    rows = answer_rows()
    batch = collate(rows, pad_id=0, device=CPU)
    with torch.no_grad():
        wanted = loss_for(model, rows).summed(batch).item() / sum(sum(row.learned) for row in rows)
    found = mean_loss(model, rows, pad_id=0, token_budget=budget, should_stop=no)
    assert found == pytest.approx(wanted, rel=1e-6)


def test_a_stopped_mean_is_none(tmp_path: Path) -> None:
    model = answer_model(tmp_path, config_for("answer", "lora"))
    assert mean_loss(model, answer_rows(), pad_id=0, token_budget=99, should_stop=lambda: True) is None


def test_sixteen_bit_numbers_give_nearly_the_same_loss_in_32_bit(tmp_path: Path) -> None:
    rows = answer_rows()
    batch = collate(rows, pad_id=0, device=CPU)
    found = {}
    for precision in ("fp32", "bf16"):
        model = answer_model(tmp_path, config_for("answer", "full", precision=precision))
        with torch.no_grad(), number_format(model):
            found[precision] = loss_for(model, rows).summed(batch)
    assert found["bf16"].dtype == torch.float32
    assert found["bf16"].item() != found["fp32"].item()
    assert found["bf16"].item() == pytest.approx(found["fp32"].item(), rel=2e-2)


def test_looks_in_16_bit_tell_small_gains_apart() -> None:
    torch.manual_seed(0)
    weight, targets = torch.randn(90, 16), torch.randint(90, (700,))
    parts = CausalParts(lambda *_: torch.zeros(0), weight, None, None)
    hidden = torch.randn(700, 16) * 0.3
    nearer = [hidden + step * 1e-3 * weight[targets] for step in range(4)]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        found = [float(cross_entropy(parts, states, targets)) for states in nearer]
    with torch.no_grad():
        exact = [float(cross_entropy(parts, states, targets)) for states in nearer]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
    assert found == pytest.approx(exact, rel=2e-3)


@pytest.mark.parametrize("budget", [40, 10_000])
def test_the_errors_of_the_rows_add_up_to_the_mean(tmp_path: Path, budget: int) -> None:
    model, rows = answer_model(tmp_path, config_for("answer", "lora")), answer_rows()
    found = row_losses(model, rows, pad_id=0, token_budget=budget, should_stop=no)
    assert found is not None
    assert [weight for _, weight in found] == [sum(row.learned[1:]) for row in rows]
    alone = mean_loss(model, rows[1:2], pad_id=0, token_budget=budget, should_stop=no)
    assert found[1][0] / found[1][1] == pytest.approx(alone, rel=1e-5)
    whole = mean_loss(model, rows, pad_id=0, token_budget=budget, should_stop=no)
    assert sum(error for error, _ in found) / sum(weight for _, weight in found) == pytest.approx(whole, rel=1e-5)
    assert row_losses(model, rows, pad_id=0, token_budget=budget, should_stop=lambda: True) is None
