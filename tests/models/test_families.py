"""What must hold of every family that the gate lets through, whatever it does inside: the same row gives the same
numbers alone, in company and taken apart; what is learned goes out and comes back.

The ways in which training goes wrong without a word: filling that is read, rows that see each other, a mean over the
wrong count, an output layer that lost its bias or its cap, an adapter that sits nowhere, weights that are tied anew.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, cast

import pytest
import torch
import transformers
from peft import PeftModel
from torch import Tensor, nn
from torch.nn import functional as F

from studio.config.goals import ModelKind
from studio.config.model import Method
from studio.models import gate
from studio.models.adapters import merged, untouched, write_adapter
from studio.models.load import Model, encoder_body, load_base, load_model, trained_weights
from studio.problems import Problem
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded
from studio.training.loss import loss_for
from studio.training.step import Gradients
from tests.models.families import made
from tests.models.test_load import CPU, LABELS, settled

FILLING = 7  # an ordinary word: as where a tokenizer has none for filling, and its end is taken
KINDS = [*(("causal", name) for name in sorted(gate.CAUSAL_TYPES)),
         *(("encoder", name) for name in sorted(gate.ENCODER_TYPES))]  # fmt: skip
EVERY = [pytest.param((*kind, method), id=f"{kind[1]}-{method}") for kind in KINDS for method in ("lora", "full")]
CAUSAL = [one for one in EVERY if cast(tuple[str, str, str], one.values[0])[0] == "causal"]


@pytest.fixture(scope="module")
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A Model as after some training, answering without dropout. No test changes it for the next."""
    kind, model_type, method = request.param
    folder = made(kind, model_type, tmp_path_factory.mktemp("families") / model_type)
    return _loaded(folder, kind, method)


def _loaded(folder: Path, kind: ModelKind, method: Method, **changes: object) -> Model:
    labels, goal = (LABELS, "classify") if kind == "encoder" else ((), "answer")
    model = load_model(folder, labels=labels, config=settled(method, task__kind=goal, **changes), device=CPU)
    torch.manual_seed(3)
    with torch.no_grad():
        for value in trained_weights(model).values():
            value.add_(torch.randn_like(value), alpha=0.05)
    model.net.eval()
    return model


def rows(*lengths: int, learned: bool = True) -> list[Encoded]:
    """Rows of ordinary words, of which the last third is learned."""
    found = []
    for number, length in enumerate(lengths):
        ids = tuple(8 + (number * 17 + place * place * 5) % 50 for place in range(length))
        mask = tuple(learned and place >= length - max(1, length // 3) for place in range(length))
        found.append(Encoded(number, ids, mask, label=number % len(LABELS)))
    return found


def batch_of(some: list[Encoded]) -> Batch:
    return collate(some, pad_id=FILLING, device=CPU)


def states(model: Model, batch: Batch) -> list[Tensor]:
    """Each row's last hidden states, filling left out."""
    whole: Any = model.net.get_base_model() if isinstance(model.net, PeftModel) else model.net
    body: Any = whole.base_model if model.kind == "causal" else encoder_body(model)
    with torch.no_grad():
        found = body(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
    return [row[mask.bool()] for row, mask in zip(found, batch.attention, strict=True)]


def logits(net: nn.Module, batch: Batch) -> Tensor:
    found = net(input_ids=batch.ids, attention_mask=batch.attention).logits
    assert isinstance(found, Tensor)
    return found


def told(model: Model, found: Tensor, batch: Batch) -> Tensor:
    """Of logits, those that mean something: not those of filling."""
    return found[batch.attention.bool()] if model.kind == "causal" else found


def gradients(model: Model, some: list[Encoded], budget: int) -> tuple[float, dict[str, Tensor]]:
    """The mean error of a step, and the gradient of every weight, made with so many tokens at once."""
    lengths = [len(row.ids) for row in some]
    work_on = Gradients(model, some, lengths, loss_for(model, some), FILLING, budget, 0, _no, _no)
    work = work_on.of(0, range(len(some)))
    try:
        while True:
            next(work)
    except StopIteration as end:
        total = end.value
    found = {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}
    model.net.zero_grad(set_to_none=True)
    return float(total), found


def _no() -> bool:
    return False


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, gradient in one.items():
        assert gradient.isfinite().all(), name
        scale = max(1e-3, float(gradient.abs().max()))
        torch.testing.assert_close(other[name] / scale, gradient / scale, atol=2e-4, rtol=0, msg=name)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_a_row_gives_the_same_alone_and_filled_up(model: Model) -> None:
    some = rows(5, 19, 1, 12)
    together = states(model, batch_of(some))
    for row, found in zip(some, together, strict=True):
        alone = states(model, batch_of([row]))[0]
        torch.testing.assert_close(found, alone, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_rows_of_a_batch_do_not_see_each_other(model: Model) -> None:
    some = rows(9, 14)
    other = Encoded(1, tuple(reversed(some[1].ids)), some[1].learned)
    first, second = batch_of(some), batch_of([some[0], other])
    second.ids[0, 9:] = 33  # nor what the filling is
    torch.testing.assert_close(states(model, first)[0], states(model, second)[0], atol=1e-6, rtol=1e-5)
    assert not torch.allclose(states(model, first)[1], states(model, second)[1], atol=1e-3)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_one_batch_and_many_small_ones_have_the_same_gradient(model: Model) -> None:
    some = rows(5, 19, 2, 12, 7, 7)
    whole, once = gradients(model, some, 10_000)
    parts, several = gradients(model, some, 20)
    alone, one_by_one = gradients(model, some, 1)
    assert parts == pytest.approx(whole, rel=1e-4)
    assert alone == pytest.approx(whole, rel=1e-4)
    same(once, several)
    same(once, one_by_one)
    assert any(float(gradient.abs().max()) > 0 for gradient in once.values())


@pytest.mark.parametrize("model", CAUSAL, indirect=True)
def test_the_output_layer_on_learned_tokens_alone_is_the_whole_one(model: Model) -> None:
    some = rows(9, 14, 4)
    batch = batch_of(some)
    targets = batch.ids[:, 1:].masked_fill(~batch.learned[:, 1:], -100)
    plain = F.cross_entropy(logits(model.net, batch)[:, :-1].flatten(0, 1), targets.flatten())
    plain.backward()
    wanted = {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}
    model.net.zero_grad(set_to_none=True)
    ours, found = gradients(model, some, 10_000)
    assert ours == pytest.approx(plain.item(), rel=1e-5)
    same(wanted, found)


@pytest.mark.parametrize("model", CAUSAL, indirect=True)
def test_rows_without_an_answer_weigh_nothing(model: Model) -> None:
    some, empty = rows(9, 14), rows(11, 1, learned=False)
    loss = loss_for(model, some)
    assert [loss.weight(row) for row in empty] == [0, 0]
    one, wanted = gradients(model, some, 10_000)
    other, found = gradients(model, [*some, *empty], 10_000)
    assert other == pytest.approx(one, rel=1e-5)
    same(wanted, found)
    nothing = loss.summed(batch_of(empty))
    assert nothing.item() == 0
    nothing.backward()
    assert all(p.grad is None or not p.grad.any() for p in model.net.parameters())
    model.net.zero_grad(set_to_none=True)
    assert loss.of_rows(batch_of(empty)).tolist() == [0, 0]


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_sixteen_bit_numbers_stay_numbers(model: Model) -> None:
    some = rows(5, 19, 1, 12)
    plain = loss_for(model, some).summed(batch_of(some)).item()
    with torch.autocast("cpu", torch.bfloat16):
        total = loss_for(model, some).summed(batch_of(some))
    total.backward()
    assert total.item() == pytest.approx(plain, rel=0.1)
    assert all(p.grad.isfinite().all() for p in model.net.parameters() if p.grad is not None)
    model.net.zero_grad(set_to_none=True)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_the_longest_row_that_the_gate_allows_can_be_read(model: Model) -> None:
    longest = gate.check_folder(model.base).context
    assert longest > 40
    found = states(model, batch_of(rows(longest, 3)))
    assert [len(row) for row in found] == [longest, 3]
    assert found[0].isfinite().all()


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_an_adapter_sits_on_every_layer_of_the_body_and_nowhere_else(model: Model) -> None:
    if model.method != "lora":
        assert model.trainable == model.parameters
        return
    body = next(part for part in model.net.modules() if isinstance(part, PeftModel))
    plain: Any = load_base(model.base, kind=model.kind, device=CPU).net
    head = plain.get_output_embeddings() if model.kind == "causal" else None
    kinds = (nn.Linear, transformers.pytorch_utils.Conv1D)
    wanted = {
        name.replace("pooler.dense", "")
        for name, part in plain.named_modules()
        if isinstance(part, kinds) and part is not head and "pooler" not in name
    }
    found = {
        name.removeprefix("base_model.model.")
        for name, part in body.named_modules()
        if hasattr(part, "lora_A") and "pooler" not in name
    }
    assert found == wanted
    learned = {name for name, p in body.named_parameters() if p.requires_grad}
    assert learned
    assert all("lora_" in name for name in learned)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_without_its_adapter_it_is_the_untouched_model(model: Model) -> None:
    if model.method != "lora":
        return
    batch = batch_of(rows(9, 14))
    base = load_base(model.base, kind=model.kind, device=CPU)
    tuned = states(model, batch)
    with untouched(model):
        bare = states(model, batch)
    for one, other, learned in zip(states(base, batch), bare, tuned, strict=True):
        torch.testing.assert_close(other, one, atol=1e-6, rtol=1e-5)
        assert not torch.allclose(learned, one, atol=1e-3)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_what_was_learned_goes_out_and_is_opened_by_plain_transformers(model: Model, tmp_path: Path) -> None:
    batch = batch_of(rows(9, 14))
    with torch.no_grad():
        wanted = told(model, logits(model.net, batch), batch)
    merged(model).save_pretrained(tmp_path / "whole")
    shutil.copy(model.base / "tokenizer.json", tmp_path / "whole")
    assert gate.check_folder(tmp_path / "whole").kind == model.kind
    auto = transformers.AutoModelForSequenceClassification
    if model.kind == "causal":
        auto = transformers.AutoModelForCausalLM
    opened = auto.from_pretrained(tmp_path / "whole").eval()
    near = 1e-3 if model.kind == "encoder" else 1e-4  # the mean of a BERT is written as a layer
    with torch.no_grad():
        torch.testing.assert_close(told(model, logits(opened, batch), batch), wanted, atol=near, rtol=near)
    if model.kind == "encoder":
        assert opened.config.id2label == dict(enumerate(LABELS))
    elif model.method == "lora":
        write_adapter(model, tmp_path / "adapter", base_name="org/name")
        base = transformers.AutoModelForCausalLM.from_pretrained(model.base)
        again = PeftModel.from_pretrained(base, tmp_path / "adapter").eval()
        with torch.no_grad():
            torch.testing.assert_close(told(model, logits(again, batch), batch), wanted, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("model", EVERY, indirect=True)
def test_computing_twice_to_save_memory_gives_the_same_gradient(model: Model) -> None:
    some, kind = rows(9, 14, 3), model.kind
    if gate.check_folder(model.base).model_type in {"albert", "mpnet"}:
        with pytest.raises(Problem, match="cannot save memory"):
            _loaded(model.base, kind, model.method, training__gradient_checkpointing=True)
        return
    found, calls = [], []
    for saves in (False, True):
        other = _loaded(model.base, kind, model.method, training__gradient_checkpointing=saves)
        other.net.train()  # with dropout: both throw the same dice
        layer = next(part for name, part in other.net.named_modules() if re.search(r"[.](0|1)$", name))
        times: list[int] = []
        next(layer.children()).register_forward_pre_hook(lambda *_, times=times: times.append(1))
        found.append(gradients(other, some, 10_000))
        calls.append(len(times))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-5)
    same(found[0][1], found[1][1])
    assert calls[1] == 2 * calls[0] == 2
