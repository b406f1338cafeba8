"""The untouched model, the PEFT folder and the merged model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from studio.models.adapters import merged, untouched, write_adapter
from studio.models.load import Model, load_base, trained_weights
from studio.problems import Problem
from tests.models.test_load import ATTENTION, CPU, IDS, causal, encoder


def learned(model: Model) -> Model:
    """As after training: every trained weight moved a little."""
    torch.manual_seed(5)
    with torch.no_grad():
        for value in trained_weights(model).values():
            value.add_(torch.randn_like(value), alpha=0.05)
    model.net.eval()
    return model


@torch.no_grad()
def logits(net: torch.nn.Module) -> torch.Tensor:
    found = net(input_ids=IDS, attention_mask=ATTENTION).logits
    assert isinstance(found, torch.Tensor)
    return found


def test_untouched_is_the_base_and_only_inside_the_block(tmp_path: Path) -> None:
    model = learned(causal(tmp_path))
    base = load_base(model.base, kind="causal", device=CPU)
    tuned = logits(model.net)
    trained = list(trained_weights(model))
    with untouched(model):
        assert torch.equal(logits(model.net), logits(base.net))
    assert torch.equal(logits(model.net), tuned)
    assert not torch.allclose(tuned, logits(base.net))
    assert list(trained_weights(model)) == trained


def test_untouched_comes_back_after_a_failure(tmp_path: Path) -> None:
    model = learned(causal(tmp_path))
    tuned = logits(model.net)
    with pytest.raises(KeyError), untouched(model):
        raise KeyError
    assert torch.equal(logits(model.net), tuned)


def test_a_model_trained_whole_has_no_untouched_inside(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="not inside"), untouched(causal(tmp_path, "full")):
        pass


def test_plain_peft_opens_the_adapter(tmp_path: Path) -> None:
    model = learned(causal(tmp_path))
    write_adapter(model, tmp_path / "adapter", base_name="org/name")
    base = AutoModelForCausalLM.from_pretrained(model.base)
    opened = PeftModel.from_pretrained(base, tmp_path / "adapter").eval()
    torch.testing.assert_close(logits(opened), logits(model.net))
    values = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text())
    assert values["base_model_name_or_path"] == "org/name"
    assert str(tmp_path) not in json.dumps(values)
    assert {path.name for path in (tmp_path / "adapter").iterdir()} == {
        "adapter_config.json",
        "adapter_model.safetensors",
    }


def test_what_has_no_adapter_of_its_own_says_so(tmp_path: Path) -> None:
    for model in (causal(tmp_path, "full"), encoder(tmp_path, "lora")):
        with pytest.raises(Problem, match="no adapter"):
            write_adapter(model, tmp_path / "adapter", base_name="org/name")


def test_merging_leaves_the_live_model_alone(tmp_path: Path) -> None:
    model = learned(causal(tmp_path))
    before = logits(model.net)
    alone = merged(model)
    assert not any("lora" in name for name, _ in alone.named_parameters())
    torch.testing.assert_close(logits(alone), before, atol=1e-5, rtol=1e-4)
    assert torch.equal(logits(model.net), before)
    alone.save_pretrained(tmp_path / "merged")
    torch.testing.assert_close(logits(AutoModelForCausalLM.from_pretrained(tmp_path / "merged")), logits(alone))


def test_the_merged_model_has_the_base_s_number_format(tmp_path: Path) -> None:
    model = learned(causal(tmp_path))
    assert merged(model).dtype == torch.float32
    assert merged(model, torch.bfloat16).dtype == torch.bfloat16
    AutoModelForCausalLM.from_pretrained(model.base, dtype=torch.bfloat16).save_pretrained(model.base)
    assert merged(model).dtype == torch.bfloat16


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_merged_classifier_is_a_plain_one(tmp_path: Path, method: str) -> None:
    model = learned(encoder(tmp_path, method))
    merged(model).save_pretrained(tmp_path / "merged")
    opened = AutoModelForSequenceClassification.from_pretrained(tmp_path / "merged")
    torch.testing.assert_close(logits(opened), logits(model.net), atol=1e-3, rtol=0)
