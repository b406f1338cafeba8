"""Each weight is in one group, with the rate and the decay that it should have."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.config.model import Method
from studio.training.optimizer import make_optimizer, set_rates
from tests.training.parts import answer_model, config_for, label_model


@pytest.mark.parametrize("method", ["full", "lora"])
def test_the_new_head_has_a_rate_of_its_own(tmp_path: Path, method: Method) -> None:
    config = config_for("classify", method, learning_rate=1e-4, head_learning_rate=1e-2, weight_decay=0.1)
    model = label_model(tmp_path, config)
    optimizer = make_optimizer(model, config)
    names = {id(p): name for name, p in model.net.named_parameters()}
    grouped = [names[id(p)] for group in optimizer.param_groups for p in group["params"]]
    assert sorted(grouped) == sorted(name for name, p in model.net.named_parameters() if p.requires_grad)
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            name = names[id(parameter)]
            assert group["lr"] == (1e-4 if name.startswith("encoder.") else 1e-2), name
            bare = name.endswith("bias") or "LayerNorm" in name
            assert group["weight_decay"] == (0.0 if bare else 0.1), name


def test_an_adapter_alone_is_trained_on_a_causal_model(tmp_path: Path) -> None:
    config = config_for("answer", "lora", learning_rate=1e-3)
    model = answer_model(tmp_path, config)
    groups = make_optimizer(model, config).param_groups
    assert [group["lr"] for group in groups] == [1e-3]
    assert sum(p.numel() for group in groups for p in group["params"]) == model.trainable


def test_rates_keep_their_proportion(tmp_path: Path) -> None:
    config = config_for("classify", "full", learning_rate=1e-4, head_learning_rate=1e-2)
    optimizer = make_optimizer(label_model(tmp_path, config), config)
    peaks = [group["lr"] for group in optimizer.param_groups]
    for share in (0.5, 0.25, 1.0):
        set_rates(optimizer, peaks, share)
        assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([p * share for p in peaks])
