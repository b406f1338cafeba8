"""Every kind of model that the gate lets through can be loaded, trained a step and merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from torch.nn import functional as F

from studio.models import gate
from studio.models.adapters import merged
from studio.models.load import causal_parts, encoder_body, load_model
from tests.models.test_load import ATTENTION, CPU, IDS, LABELS, settled

SMALL: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
OWN: dict[str, dict[str, Any]] = {
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64},
    "gemma": {"head_dim": 8, "num_key_value_heads": 1},
    "gemma2": {"head_dim": 8},
    "gemma3_text": {"head_dim": 8, "num_key_value_heads": 1},
    "qwen3": {"head_dim": 8},
    "opt": {"ffn_dim": 48, "word_embed_proj_dim": 32},
    "distilbert": {"dim": 32, "hidden_dim": 48, "n_layers": 2, "n_heads": 4},
    "electra": {"embedding_size": 16},
    "albert": {"embedding_size": 16},
    "modernbert": {"global_attn_every_n_layers": 1, "cls_token_id": 1, "sep_token_id": 2},
}


def made(kind: str, model_type: str, folder: Path) -> Path:
    """A tiny random model of that type, as a folder."""
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(model_type, **{**SMALL, **OWN.get(model_type, {})})
    auto = transformers.AutoModelForCausalLM if kind == "causal" else transformers.AutoModel
    auto.from_config(config).save_pretrained(folder)
    (folder / "tokenizer.json").write_text(json.dumps({}))
    return folder


@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("model_type", sorted(gate.CAUSAL_TYPES))
def test_every_causal_kind(tmp_path: Path, model_type: str, method: str) -> None:
    folder = made("causal", model_type, tmp_path / model_type)
    assert gate.check_folder(folder).kind == "causal"
    model = load_model(folder, config=settled(method, task__kind="answer"), device=CPU)
    _nudge(model.net)
    model.net.eval()
    parts = causal_parts(model)
    logits = F.linear(parts.hidden(IDS, ATTENTION), parts.weight, parts.bias)
    if parts.softcap is not None:
        logits = parts.softcap * torch.tanh(logits / parts.softcap)
    expected = model.net(input_ids=IDS, attention_mask=ATTENTION).logits
    torch.testing.assert_close(logits, expected)
    logits.square().mean().backward()
    assert all(p.grad is not None for p in model.net.parameters() if p.requires_grad)
    alone = merged(model)
    torch.testing.assert_close(alone(input_ids=IDS, attention_mask=ATTENTION).logits, expected, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("model_type", sorted(gate.ENCODER_TYPES))
def test_every_encoder_kind(tmp_path: Path, model_type: str, method: str) -> None:
    folder = made("encoder", model_type, tmp_path / model_type)
    assert gate.check_folder(folder).kind == "encoder"
    model = load_model(folder, labels=LABELS, config=settled(method), device=CPU)
    _nudge(model.net)
    model.net.eval()
    logits = model.net(input_ids=IDS, attention_mask=ATTENTION).logits
    assert logits.shape == (2, 3)
    assert encoder_body(model)(input_ids=IDS, attention_mask=ATTENTION).last_hidden_state.shape == (2, 4, 32)
    logits.square().mean().backward()
    assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in model.net.parameters() if p.requires_grad)
    alone = merged(model)
    assert alone.config.id2label == dict(enumerate(LABELS))
    torch.testing.assert_close(alone(input_ids=IDS, attention_mask=ATTENTION).logits, logits, atol=1e-3, rtol=1e-3)


@torch.no_grad()
def _nudge(net: torch.nn.Module) -> None:
    """As after some training: adapters start at zero."""
    torch.manual_seed(3)
    for name, parameter in net.named_parameters():
        if "lora_B" in name:
            parameter.normal_(0, 0.05)
