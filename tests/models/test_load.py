"""Loading: safe, the same for the same seed, and only the right weights are trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from studio.config.config import Config
from studio.config.edit import change
from studio.models.head import MeanPooledClassifier
from studio.models.load import (
    Model,
    causal_parts,
    encoder_body,
    load_base,
    load_model,
    load_weights,
    trained_weights,
    untouched_of,
    use_precision,
)
from studio.problems import Problem
from tests.tiny import tiny_causal_folder, tiny_encoder_folder

CPU = torch.device("cpu")
LABELS = ("bill", "card", "other")


def settled(method: str, **changes: object) -> Config:
    config = change(Config(), "model.method", method)
    for path, value in {"training__precision": "fp32", **changes}.items():
        config = change(config, path.replace("__", "."), value)
    return config


def causal(parent: Path, method: str = "lora", **changes: object) -> Model:
    folder = parent / "tiny-causal"
    if not folder.exists():
        tiny_causal_folder(parent)
    return load_model(folder, config=settled(method, task__kind="answer", **changes), device=CPU)


def encoder(parent: Path, method: str = "full", **changes: object) -> Model:
    folder = parent / "tiny-encoder"
    if not folder.exists():
        tiny_encoder_folder(parent)
    return load_model(folder, labels=LABELS, config=settled(method, **changes), device=CPU)


IDS, ATTENTION = torch.tensor([[5, 6, 7, 8], [9, 10, 0, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])


@pytest.mark.parametrize("make", [causal, encoder])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_same_seed_gives_the_same_weights(tmp_path: Path, make: type, method: str) -> None:
    tiny_causal_folder(tmp_path)
    tiny_encoder_folder(tmp_path)
    torch.manual_seed(1)
    first: Model = make(tmp_path, method)
    drawn = torch.rand(1)
    second: Model = make(tmp_path, method)
    other: Model = make(tmp_path, method, training__seed=7)
    weights = trained_weights(first)
    assert all(torch.equal(value, trained_weights(second)[name]) for name, value in weights.items())
    if (make, method) != (causal, "full"):  # there, everything comes from the folder
        assert any(not torch.equal(value, trained_weights(other)[name]) for name, value in weights.items())
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), drawn)  # loading leaves everybody's dice alone


def test_an_adapter_alone_is_trained(tmp_path: Path) -> None:
    model = causal(tmp_path)
    names = list(trained_weights(model))
    assert names
    assert all("lora_" in name for name in names)
    assert not any("lm_head" in name for name in names)
    assert model.net.training
    assert model.trainable == sum(value.numel() for value in trained_weights(model).values()) < model.parameters


def test_an_encoder_s_adapter_comes_with_a_whole_head(tmp_path: Path) -> None:
    model = encoder(tmp_path, "lora")
    names = list(trained_weights(model))
    assert {name for name in names if "lora_" not in name} == {
        "dense.weight",
        "dense.bias",
        "classifier.weight",
        "classifier.bias",
    }
    assert model.net(input_ids=IDS, attention_mask=ATTENTION).logits.shape == (2, 3)
    assert encoder_body(model)(input_ids=IDS, attention_mask=ATTENTION).last_hidden_state.shape == (2, 4, 32)


def test_all_weights_are_trained_when_asked(tmp_path: Path) -> None:
    for model in (causal(tmp_path, "full"), encoder(tmp_path, "full")):
        assert model.trainable == model.parameters
        assert all(p.dtype == torch.float32 for p in model.net.parameters())


def test_labels_are_kept_in_the_config(tmp_path: Path) -> None:
    net = encoder(tmp_path).net
    assert isinstance(net, MeanPooledClassifier)
    assert net.config.id2label == dict(enumerate(LABELS))
    assert net.config.label2id == {label: n for n, label in enumerate(LABELS)}
    assert net.config.attention_probs_dropout_prob == 0  # the fused attention knows no dropout on a processor
    assert net.config.hidden_dropout_prob == 0.1


@pytest.mark.parametrize("method", ["full", "lora"])
@torch.no_grad()
def test_the_parts_of_a_causal_model_make_its_logits(tmp_path: Path, method: str) -> None:
    model = causal(tmp_path, method)
    for value in trained_weights(model).values():
        value.normal_(0, 0.1)
    parts = causal_parts(model)
    found = F.linear(parts.hidden(IDS, ATTENTION), parts.weight, parts.bias)
    torch.testing.assert_close(found, model.net(input_ids=IDS, attention_mask=ATTENTION).logits)
    assert parts.softcap is None


def test_half_precision_keeps_the_adapter_exact(tmp_path: Path) -> None:
    loaded = causal(tmp_path, training__precision="bf16")
    turned = causal(tmp_path)
    use_precision(turned, "bf16")
    assert turned.config.training.precision == "bf16"
    for one, other in zip(loaded.net.parameters(), turned.net.parameters(), strict=True):
        assert one.dtype == other.dtype == (torch.float32 if one.requires_grad else torch.bfloat16)
        assert torch.equal(one, other)
    loss = loaded.net(input_ids=IDS, attention_mask=ATTENTION).logits.float().square().mean()
    loss.backward()
    assert all(p.grad is not None for p in loaded.net.parameters() if p.requires_grad)


def test_trained_weights_stay_32_bit_when_all_are_trained(tmp_path: Path) -> None:
    model = encoder(tmp_path, training__precision="bf16")
    use_precision(model, "bf16")
    assert all(p.dtype == torch.float32 for p in model.net.parameters())


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_untouched_model_is_measured_in_the_same_format(tmp_path: Path, precision: str) -> None:
    untouched, leaves_out = untouched_of(causal(tmp_path, "full", training__precision=precision))
    assert not leaves_out
    assert untouched.config.training.precision == precision


@pytest.mark.parametrize("make", [causal, encoder])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_computing_twice_gives_the_same_gradients(tmp_path: Path, make: type, method: str) -> None:
    def gradients(save_memory: bool) -> list[torch.Tensor]:
        model: Model = make(tmp_path, method, training__gradient_checkpointing=save_memory)
        torch.manual_seed(0)
        model.net(input_ids=IDS, attention_mask=ATTENTION).logits.square().sum().backward()
        found = [p.grad for p in model.net.parameters() if p.requires_grad]
        assert all(g is not None for g in found)
        return [g for g in found if g is not None]

    for plain, saved in zip(gradients(False), gradients(True), strict=True):
        torch.testing.assert_close(plain, saved)


def test_weights_go_back_bit_for_bit(tmp_path: Path) -> None:
    model = encoder(tmp_path)
    weights = {name: torch.randn_like(value) for name, value in trained_weights(model).items()}
    load_weights(model, weights)
    assert all(torch.equal(value, weights[name]) for name, value in trained_weights(model).items())
    weights.popitem()
    with pytest.raises(Problem, match="do not fit"):
        load_weights(model, weights)


@torch.no_grad()
def test_the_base_as_it_came(tmp_path: Path) -> None:
    tuned = causal(tmp_path, "full")
    base = load_base(tmp_path / "tiny-causal", kind="causal", device=CPU)
    assert not base.net.training
    assert base.trainable == 0
    logits = base.net(input_ids=IDS, attention_mask=ATTENTION).logits
    torch.testing.assert_close(logits, tuned.net.eval()(input_ids=IDS, attention_mask=ATTENTION).logits)
    tiny_encoder_folder(tmp_path)
    reader = load_base(tmp_path / "tiny-encoder", kind="encoder", device=CPU)
    assert encoder_body(reader)(input_ids=IDS, attention_mask=ATTENTION).last_hidden_state.shape == (2, 4, 32)


def test_an_open_method_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    folder = tiny_causal_folder(tmp_path)
    with pytest.raises(ValueError, match="still open"):
        load_model(folder, config=Config(), device=CPU)


def test_an_unsafe_folder_is_not_loaded(tmp_path: Path) -> None:
    folder = tiny_causal_folder(tmp_path)
    (folder / "modeling.py").write_text("raise SystemExit('ran')")
    with pytest.raises(Problem, match="program code"):
        load_model(folder, config=settled("lora", task__kind="answer"), device=CPU)


def changed(folder: Path, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> Path:
    """The model folder with other weights in its file."""
    file = folder / "model.safetensors"
    save_file(change(load_file(file)), file, metadata={"format": "pt"})
    return folder


DAMAGES: dict[str, Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]] = {
    "a layer is gone": lambda weights: {
        name: w for name, w in weights.items() if "layer.1." not in name and "layers.1." not in name
    },
    "all are called otherwise": lambda weights: {f"foo.{name}": w for name, w in weights.items()},
    "not numbers": lambda weights: {name: w * float("nan") for name, w in weights.items()},
    "another shape": lambda weights: {name: w[:-1].clone() for name, w in weights.items()},
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["causal", "encoder"])
def test_a_damaged_folder_is_a_problem_and_never_filled_up_with_random_weights(
    tmp_path: Path, kind: str, damage: str
) -> None:
    make = tiny_causal_folder if kind == "causal" else tiny_encoder_folder
    folder = changed(make(tmp_path), DAMAGES[damage])
    with pytest.raises(Problem, match="damaged"):
        load_model(
            folder,
            labels=LABELS if kind == "encoder" else (),
            config=settled("full", task__kind="classify" if kind == "encoder" else "answer"),
            device=CPU,
        )


@pytest.mark.parametrize(("kind", "layers"), [("encoder", "layer"), ("causal", "layers")])
def test_the_upper_half_learns_alone(tmp_path: Path, kind: str, layers: str) -> None:
    folder = (tiny_encoder_folder if kind == "encoder" else tiny_causal_folder)(tmp_path)
    config = settled("full", task__kind="classify", model__learning_layers="upper")
    body: Any = encoder_body(load_model(folder, labels=LABELS, config=config, device=CPU))
    half = range(body.config.num_hidden_layers // 2)
    kept = {name for name, p in body.named_parameters() if not p.requires_grad}
    below = {name for name, _ in body.named_parameters() if any(f"{layers}.{number}." in name for number in half)}
    assert below
    assert below < kept
    assert all(f"{layers}." in name for name, p in body.named_parameters() if p.requires_grad)


def test_what_stays_as_it_came_leaves_nothing_out_by_chance(tmp_path: Path) -> None:
    body = encoder_body(encoder(tmp_path, model__learning_layers="upper"))
    shares = {name: part.p for name, part in body.named_modules() if name.endswith("dropout")}
    assert shares["embeddings.dropout"] == shares["encoder.layer.0.output.dropout"] == 0
    assert shares["encoder.layer.1.output.dropout"] > 0


def test_an_encoder_s_word_table_stays_as_it_came(tmp_path: Path) -> None:
    folder = tiny_encoder_folder(tmp_path)
    kept = change(settled("full"), "model.train_word_vectors", False)
    model = load_model(folder, labels=LABELS, config=kept, device=CPU)
    table = encoder_body(model).get_input_embeddings()
    assert not table.weight.requires_grad
    assert model.trainable == model.parameters - table.weight.numel()
    assert not any("word_embeddings" in name for name in trained_weights(model))
