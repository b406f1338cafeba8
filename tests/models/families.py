"""Tiny random models of every family that the gate lets through, as folders, with what makes the family special.

In: a model type, a folder. Out: that folder with config, safetensors and a stand-in for a tokenizer. Windows are
shorter than the tests' rows, caps are low enough to bend, biases are not zero: what a family does otherwise than Llama
shows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers

SMALL: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 48,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_PADDING_FIRST = {"pad_token_id": 1, "bos_token_id": 0}  # positions are counted from behind the padding's number
OWN: dict[str, dict[str, Any]] = {
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 48},
    "gemma": {"head_dim": 8, "num_key_value_heads": 1},
    "gemma2": {
        "head_dim": 8,
        "sliding_window": 4,
        "final_logit_softcapping": 2.0,
        "attn_logit_softcapping": 1.0,
        "query_pre_attn_scalar": 8,
    },
    "gemma3_text": {
        "head_dim": 8,
        "num_key_value_heads": 1,
        "sliding_window": 4,
        "layer_types": ["sliding_attention", "full_attention"],
    },
    "mistral": {"sliding_window": 4, "head_dim": 8},
    "qwen2": {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1},
    "qwen3": {"head_dim": 8},
    "phi": {"partial_rotary_factor": 0.5},
    "phi3": {"sliding_window": 4},
    "opt": {"ffn_dim": 48, "word_embed_proj_dim": 16},
    "deberta-v2": {
        "relative_attention": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 4,
        "share_att_key": True,
        "norm_rel_ebd": "layer_norm",
        "position_biased_input": False,
        "type_vocab_size": 0,
    },
    "distilbert": {"dim": 32, "hidden_dim": 48, "n_layers": 2, "n_heads": 4},
    "electra": {"embedding_size": 16},
    "albert": {"embedding_size": 16},
    "roberta": _PADDING_FIRST,
    "xlm-roberta": _PADDING_FIRST,
    "camembert": _PADDING_FIRST,
    "mpnet": _PADDING_FIRST,
    "modernbert": {
        "global_attn_every_n_layers": 2,
        "local_attention": 4,
        "cls_token_id": 1,
        "sep_token_id": 2,
    },
}


def made(kind: str, model_type: str, folder: Path) -> Path:
    """A tiny random model of that type, as a folder."""
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(model_type, **{**SMALL, **OWN.get(model_type, {})})
    auto = transformers.AutoModelForCausalLM if kind == "causal" else transformers.AutoModel
    net = auto.from_config(config)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
    net.save_pretrained(folder)
    (folder / "tokenizer.json").write_text(json.dumps({}))
    return folder
