"""On an NVIDIA card every sample goes the whole way in both number formats, and what is computed is what it is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.cli.main import main
from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import GOALS
from studio.config.model import Method
from studio.config.samples import Sample, samples
from studio.config.training import Precision
from studio.events import Warned
from studio.generation.answer import complete
from studio.models.device import pick_device
from studio.models.load import CausalParts, Model, load_model
from studio.tasks.example import Turn
from studio.tokens.tokenizer import Tokenizer
from studio.training.loss import loss_for, number_format
from studio.training.objectives.words import cross_entropy
from studio.training.step import Gradients
from tests.tiny import tiny_causal_folder, tiny_encoder_folder
from tests.training.parts import answer_rows, config_for, no

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA card")]
SMALL = (
    "training.max_steps=4",
    "training.validations=2",
    "task.max_tokens=128",
    "generation.max_new_tokens=4",
)
CPU = torch.device("cpu")


@pytest.fixture
def card() -> torch.device:
    device = pick_device()
    assert device.type == "cuda"
    return device


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("method", ["full", "lora"])
@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_sample_goes_the_whole_way(
    sample: Sample, method: Method, precision: Precision, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Learned, judged, tried, exported, and the exported model found to say the same by another program."""
    goal = GOALS[sample.kind]
    if (method == "full" and goal.compares) or (method == "lora" and sample.kind == "pretrain"):
        pytest.skip("this goal has one method")
    settings = [*SMALL, f"model.method={method}", f"training.precision={precision}"]
    if sample.kind == "pretrain":
        settings.append("model.size=tiny")
    else:
        tiny = tiny_causal_folder if goal.head == "words" else tiny_encoder_folder
        settings.append(f"model.base={tiny(tmp_path)}")
    flags = [part for setting in settings for part in ("--set", setting)]
    assert main(["demo", sample.name, "--out", str(tmp_path / "out"), *flags]) == 0, capsys.readouterr()


def words(folder: Path, device: torch.device, precision: Precision = "fp32") -> Model:
    config = change(config_for("answer", "full"), "training.precision", precision)
    model = load_model(folder, config=config, device=device)
    model.net.eval()
    return model


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_error_of_words_and_its_gradient_are_those_of_the_processor(
    card: torch.device, precision: Precision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.training.objectives.words._CARD_LOGITS", 1)
    monkeypatch.setattr("studio.training.objectives.words._FEWEST_POSITIONS", 7)  # many chunks, the last one smaller
    torch.manual_seed(0)
    weight, hidden, targets = torch.randn(50, 16), torch.randn(40, 16), torch.randint(0, 50, (40,))
    here, there = hidden.clone().requires_grad_(), hidden.to(card).requires_grad_()
    wanted = torch.nn.functional.cross_entropy(here @ weight.T, targets, reduction="sum")
    torch.autograd.backward(wanted)
    parts = CausalParts(lambda ids, _: ids, weight.to(card).requires_grad_(), None, None)
    with torch.autocast("cuda", torch.bfloat16, enabled=precision == "bf16"):
        total = cross_entropy(parts, there, targets.to(card))
    torch.autograd.backward(total)
    assert total.dtype == torch.float32
    assert here.grad is not None
    assert there.grad is not None
    rtol, atol = (1e-5, 1e-5) if precision == "fp32" else (0.02, 0.03)
    torch.testing.assert_close(
        (total.detach().cpu(), there.grad.cpu()), (wanted.detach(), here.grad), rtol=rtol, atol=atol
    )


def test_what_is_measured_in_sixteen_bit_is_summed_in_thirty_two(card: torch.device) -> None:
    torch.manual_seed(0)
    weight, hidden, targets = (8 * torch.randn(50, 64)).bfloat16(), torch.randn(40, 64).bfloat16(), torch.arange(40)
    wanted = torch.nn.functional.cross_entropy(hidden.float() @ weight.float().T, targets, reduction="none")
    parts = CausalParts(lambda ids, _: ids, weight.to(card), None, None)
    with torch.no_grad(), torch.autocast("cuda", torch.bfloat16):
        found = cross_entropy(parts, hidden.to(card), targets.to(card), "none")
    torch.testing.assert_close(found.cpu(), wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_answers_in_company_are_those_of_the_processor(
    card: torch.device, precision: Precision, tmp_path: Path
) -> None:
    folder = tiny_causal_folder(tmp_path, tied=False)
    tokenizer = Tokenizer.load(folder, "causal")
    prompts = [(Turn("user", text),) for text in ("Hi", "the other one " * 5, "x", "a b c", "ou" * 30)]
    said = []
    for device in (CPU, card):
        model = words(folder, device, precision)
        answers = complete(model, tokenizer, prompts, max_new_tokens=12, should_stop=no)
        said.append(dict(answers))
    if precision == "fp32":
        assert said[1] == said[0]
    assert sorted(said[1]) == list(range(len(prompts)))
    assert any(said[1].values())


def test_memory_of_the_card_that_runs_short_changes_nothing_but_the_speed(card: torch.device, tmp_path: Path) -> None:
    model = words(tiny_causal_folder(tmp_path), card)
    rows = [replace(row, row=n) for n, row in enumerate(answer_rows(8) * 400)]
    places = range(len(rows))
    gradients = Gradients(model, rows, [row.size for row in rows], loss_for(model, rows), 0, 2_000, 0, no, no)
    wanted = _gradients_of(gradients, places)[1]
    torch.cuda.empty_cache()
    gradients.token_budget = 10**6
    limit = torch.cuda.memory_reserved(card) + (24 << 20)
    torch.cuda.set_per_process_memory_fraction(limit / torch.cuda.get_device_properties(card).total_memory, card)
    try:
        told, found = _gradients_of(gradients, places)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, card)
    assert told
    assert all(isinstance(event, Warned) and "Memory ran short" in event.what for event in told)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-5)


def _gradients_of(gradients: Gradients, places: range) -> tuple[list[object], dict[str, torch.Tensor]]:
    work, told = gradients.of(0, places), list[object]()
    with number_format(gradients.model):
        try:
            while True:
                told.append(next(work))
        except StopIteration:
            pass
    net = gradients.model.net
    return told, {name: p.grad.clone() for name, p in net.named_parameters() if p.grad is not None}


def test_a_card_that_is_hidden_is_not_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.models import fit

    fit._graphics_card.cache_clear()
    assert fit.machine().gpu
    fit._graphics_card.cache_clear()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert not fit.machine().gpu
    fit._graphics_card.cache_clear()


def test_the_recipe_is_the_same_on_a_card(card: torch.device, tmp_path: Path) -> None:
    folder = tiny_encoder_folder(tmp_path)
    config = change(Config(), "model.method", "full")
    nets = [load_model(folder, labels=("no", "yes"), config=config, device=device).net for device in (CPU, card)]
    dropped = [[part.p for part in net.modules() if isinstance(part, torch.nn.Dropout)] for net in nets]
    assert dropped[0] == dropped[1]
