"""A step of many micro-batches is one big batch; memory that runs out changes nothing but the speed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.config.model import Method
from studio.events import Continued, Event, Paused, Warned
from studio.models.load import Model
from studio.problems import Problem
from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded
from studio.training import step
from studio.training.loss import loss_for
from studio.training.step import Gradients
from tests.training.parts import answer_model, answer_rows, config_for, label_model, label_rows, no

KINDS: list[tuple[str, Method]] = [("answer", "lora"), ("answer", "full"), ("classify", "full")]


def gradients_of(kind: str, method: Method, parent: Path, budget: int, **wants: Any) -> tuple[Gradients, Model]:
    config = config_for(kind, method)
    model = answer_model(parent, config) if kind == "answer" else label_model(parent, config)
    for module in model.net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    rows = answer_rows() if kind == "answer" else label_rows()
    asks: dict[str, Callable[[], bool]] = {"should_stop": no, "should_pause": no, **wants}
    return Gradients(
        model, rows, [len(row.ids) for row in rows], loss_for(model, rows), 0, budget, seed=0, **asks
    ), model


def run(gradients: Gradients, places: list[int]) -> tuple[list[Event], Tensor | None]:
    work, events = gradients.of(0, places), []
    while True:
        try:
            events.append(next(work))
        except StopIteration as end:
            return events, end.value


def grads(model: Model) -> dict[str, Tensor]:
    return {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}


@pytest.mark.parametrize(("kind", "method"), KINDS)
def test_many_micro_batches_equal_one_big_batch(tmp_path: Path, kind: str, method: Method) -> None:
    places = list(range(8))
    whole, model = gradients_of(kind, method, tmp_path, 10_000)
    _, loss = run(whole, places)
    wanted = grads(model)
    whole.token_budget = 30
    assert len(whole._micro_batches(places)) >= 3
    _, split_loss = run(whole, places)
    assert loss is not None
    assert split_loss is not None
    assert split_loss.item() == pytest.approx(loss.item(), rel=1e-6)
    assert grads(model).keys() == wanted.keys()
    for name, gradient in grads(model).items():
        torch.testing.assert_close(gradient, wanted[name], rtol=1e-4, atol=1e-6)


def test_a_step_made_again_throws_the_same_dice(tmp_path: Path) -> None:
    config = config_for("classify", "full")
    model, rows = label_model(tmp_path, config), label_rows()
    gradients = Gradients(model, rows, [len(row.ids) for row in rows], loss_for(model, rows), 0, 64, 0, no, no)
    _, first = run(gradients, [0, 1, 2])
    torch.rand(7)  # what a probe might draw in between
    _, again = run(gradients, [0, 1, 2])
    assert first is not None
    assert again is not None
    assert first.item() == again.item()


def failing(model: Model, failures: int, error: Exception) -> None:
    """Make the next `failures` forward passes of more than one row fail."""
    left = iter(range(failures))

    def refuse(_: Any, __: Any, inputs: dict[str, Tensor]) -> None:
        if next(left, None) is not None:
            raise error

    model.net.get_submodule("base_model.model.model").register_forward_pre_hook(refuse, with_kwargs=True)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: 9 bytes."),
        MemoryError(),
    ],
)
def test_a_step_without_memory_is_made_again_in_smaller_parts(tmp_path: Path, error: Exception) -> None:
    places = list(range(8))
    gradients, model = gradients_of("answer", "lora", tmp_path, 10_000)
    _, loss = run(gradients, places)
    wanted = grads(model)
    failing(model, 1, error)
    events, again = run(gradients, places)
    assert [type(event) for event in events] == [Warned]
    assert gradients.token_budget == gradients.tokens(places) // 2
    assert loss is not None
    assert again is not None
    assert again.item() == pytest.approx(loss.item(), rel=1e-6)
    for name, gradient in grads(model).items():
        torch.testing.assert_close(gradient, wanted[name], rtol=1e-4, atol=1e-6)


def test_a_trial_without_memory_is_made_again_with_less(tmp_path: Path) -> None:
    places = list(range(8))
    gradients, model = gradients_of("answer", "lora", tmp_path, 10_000)
    failing(model, 1, MemoryError())
    work = gradients.with_less_if_needed(places, lambda: float(gradients.try_once(places)))
    assert isinstance(next(work), Warned)
    with pytest.raises(StopIteration) as done:
        next(work)
    assert done.value.value > 0
    assert gradients.token_budget == gradients.tokens(places) // 2


def test_a_trial_on_a_processor_reads_few_tokens_of_a_long_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_for("answer", "lora")
    model = answer_model(tmp_path, config)
    ids, learned = (*range(5, 60), *range(5, 60)), (False,) * 80 + (True,) * 10 + (False,) * 20
    rows = [Encoded(row=0, ids=ids, learned=learned)]
    gradients = Gradients(model, rows, [len(ids)], loss_for(model, rows), 0, 10_000, 7, no, no)
    seen: list[tuple[int, ...]] = []
    monkeypatch.setattr(step, "collate", lambda rows, **how: seen.append(rows[0].ids) or collate(rows, **how))
    assert gradients.try_once([0]) > 0
    assert gradients.try_once([0], few=True) > 0
    assert seen == [ids[26:90], ids[74:90]]  # up to the last learned token


def test_no_memory_for_a_single_row_is_a_problem(tmp_path: Path) -> None:
    gradients, model = gradients_of("answer", "lora", tmp_path, 10_000)
    failing(model, 1000, MemoryError())
    with pytest.raises(Problem, match="not enough memory for even one text"):
        run(gradients, list(range(8)))


def test_another_error_is_not_taken_for_a_lack_of_memory(tmp_path: Path) -> None:
    gradients, model = gradients_of("answer", "lora", tmp_path, 10_000)
    failing(model, 1, RuntimeError("shapes do not fit"))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        run(gradients, [0, 1])


def test_stops_between_two_micro_batches(tmp_path: Path) -> None:
    asked = iter([False, False, True])
    gradients, _ = gradients_of("answer", "lora", tmp_path, 30, should_stop=lambda: next(asked))
    assert run(gradients, list(range(8))) == ([], None)
    assert next(asked, None) is None


def test_waits_while_paused(tmp_path: Path) -> None:
    asked = iter([True, True, True])
    gradients, _ = gradients_of("answer", "lora", tmp_path, 10_000, should_pause=lambda: next(asked, False))
    events, loss = run(gradients, [0, 1])
    assert [type(event) for event in events] == [Paused, Continued]
    assert loss is not None
    assert gradients.paused > 0


def test_a_pause_gives_way_to_a_stop(tmp_path: Path) -> None:
    gradients, _ = gradients_of("answer", "lora", tmp_path, 99, should_pause=lambda: True, should_stop=lambda: True)
    events, loss = run(gradients, [0, 1])
    assert [type(event) for event in events] == [Paused, Continued]
    assert loss is None
