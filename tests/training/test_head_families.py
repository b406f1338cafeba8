"""Every family that sorts texts can learn from pairs, and have its last layer fitted at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from studio.checkpoints.read import best, load_for_use
from studio.config.config import Config
from studio.config.edit import change
from studio.events import Finished, Stepped
from studio.models import gate
from studio.models.head import MeanPooledClassifier, last_features, last_layer
from studio.models.load import Model, encoder_body, load_model, trained_weights
from studio.tokens.collate import Batch, collate
from studio.training.head_start import fit_head
from studio.training.loss import mean_loss, number_format
from studio.training.objectives.pairs import PairLoss
from tests.models.families import made
from tests.training.parts import CPU, config_for, label_rows, learn, no

ROWS = label_rows(8)
FAMILIES = [*sorted(gate.ENCODER_TYPES), "gpt2", "qwen2"]


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind = "causal" if request.param in gate.CAUSAL_TYPES else "encoder"
    return made(kind, request.param, tmp_path_factory.mktemp("families") / request.param)


def loaded(folder: Path, config: Config) -> Model:
    return load_model(folder, labels=("no", "yes"), config=config, device=CPU)


def logits(net: nn.Module, batch: Batch) -> Tensor:
    with torch.no_grad():
        found = net.eval()(**batch.inputs).logits
    assert isinstance(found, Tensor)
    return found


def test_an_adapter_in_sixteen_bit_answers_in_every_place(folder: Path) -> None:
    """Learning reads in a mixed format; looks, answers and proofs read the network as it is kept."""
    model = loaded(folder, change(config_for("classify", "lora"), "training.precision", "bf16"))
    batch = collate(ROWS, pad_id=0, device=CPU)
    whole = loaded(folder, config_for("classify", "lora"))
    torch.testing.assert_close(logits(model.net, batch).float(), logits(whole.net, batch), rtol=0.1, atol=0.1)
    with number_format(model):
        model.net.train()(**batch.inputs).logits.float().sum().backward()
    assert all(p.grad is not None for p in model.net.parameters() if p.requires_grad)


def test_the_last_layer_alone_is_fitted_to_what_reaches_it(folder: Path) -> None:
    model = loaded(folder, config_for("classify", "full"))
    batch = collate(ROWS, pad_id=0, device=CPU)
    layer = last_layer(model.net)
    given = nn.functional.linear(last_features(model.net.eval(), batch.inputs), layer.weight, layer.bias)
    assert torch.equal(given.detach(), logits(model.net, batch))
    before = {name: value.clone() for name, value in model.net.state_dict().items()}

    def error() -> float:
        model.net.eval()
        found = mean_loss(model, ROWS, pad_id=0, token_budget=64, should_stop=no)
        assert found is not None
        return found

    worse = error()
    list(fit_head(model, ROWS, pad_id=0, token_budget=64, should_stop=no))
    moved = {name for name, value in model.net.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.rsplit(".", 2)[-2] for name in moved} <= {"classifier", "out_proj", "score"}
    assert error() < worse


def test_where_it_stays_as_it_came_all_that_is_new_is_kept(folder: Path, tmp_path: Path) -> None:
    config = config_for("classify", "full", approach="frozen")
    model = loaded(folder, config)
    body = {id(p) for n, p in encoder_body(model).named_parameters() if not n.startswith("pooler.")}
    assert not any(p.requires_grad for p in model.net.parameters() if id(p) in body)
    assert isinstance(learn(model, ROWS, config, tmp_path / "run")[-1], Finished)
    batch = collate(ROWS, pad_id=0, device=CPU)
    wanted = logits(model.net, batch)
    moved = change(config, "training.seed", 5)  # what began at random comes from the checkpoint
    other = loaded(folder, moved)
    assert trained_weights(other).keys() == trained_weights(model).keys()
    torch.testing.assert_close(logits(load_for_use(best(tmp_path / "run")).net, batch), wanted)


def test_pairs_move_the_body_and_the_look_names_the_labels(folder: Path, tmp_path: Path) -> None:
    config = config_for(
        "classify", "full", approach="contrastive", rows_per_step=8, epochs=12.0, learning_rate=1e-3, token_budget=512
    )
    model = loaded(folder, config)
    before = next(p.detach().clone() for p in encoder_body(model).parameters() if p.ndim == 2)
    events = learn(model, ROWS, config, tmp_path / "run")
    errors = [event.loss for event in events if isinstance(event, Stepped)]
    assert len(errors) == 12
    assert sum(errors[-3:]) < sum(errors[:3])
    assert not torch.equal(next(p for p in encoder_body(model).parameters() if p.ndim == 2), before)


def test_a_step_in_pieces_has_the_error_and_the_gradients_of_the_step(folder: Path) -> None:
    model = loaded(folder, config_for("classify", "full", approach="contrastive"))
    model.net.eval()

    def step(*sizes: int) -> tuple[float, dict[str, Tensor]]:
        """The error of a step in pieces of these sizes, and its gradients."""
        loss, batches, at = PairLoss(model), list[Batch](), 0
        for size in sizes:
            batches.append(collate(ROWS[at : at + size], pad_id=0, device=CPU))
            at += size
        model.net.zero_grad(set_to_none=True)
        loss.begin(lambda: iter(batches))
        total = 0.0
        for batch in batches:
            error = loss.summed(batch)
            torch.autograd.backward(error)
            total += error.detach().item()
        return total, {name: p.grad.clone() for name, p in model.net.named_parameters() if p.grad is not None}

    whole, wanted = step(8)
    assert whole > 0
    for sizes in ((3, 5), (3, 1, 4)):
        pieces, found = step(*sizes)
        assert pieces == pytest.approx(whole, rel=1e-5)
        assert found.keys() == wanted.keys()
        moved = {id(model.net.get_parameter(name)) for name in found}
        assert not moved & {id(parameter) for parameter in last_layer(model.net).parameters()}  # fitted afterwards
        if isinstance(model.net, MeanPooledClassifier):
            assert not any(name.startswith(("classifier", "dense")) for name in found)
        for name, gradient in wanted.items():
            torch.testing.assert_close(found[name], gradient, rtol=1e-3, atol=1e-5, msg=name)
            scale = max(1e-3, float(gradient.abs().max()))  # small gradients are to be near by their own measure, too
            torch.testing.assert_close(found[name] / scale, gradient / scale, rtol=0, atol=2e-3, msg=name)


def test_the_upper_half_learns_alone_unless_all_layers_are_one(folder: Path) -> None:
    config = change(config_for("classify", "full", approach="contrastive"), "model.learning_layers", "upper")
    model = loaded(folder, config)
    learns = [p.requires_grad for p in encoder_body(model).parameters()]
    assert any(learns)
    assert all(learns) == (folder.name == "albert")
