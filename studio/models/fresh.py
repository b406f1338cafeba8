"""A model from nothing: a model folder with random weights. (torch)

In: a folder that holds a tokenizer, a size and a family. Out: config.json, model.safetensors and generation_config.json
beside it, so that everything else takes it for any other model. The same seed gives the same weights.

The weights are drawn as for GPT-2 (Radford et al. 2019, 2.3): normal with 0.02, and those of the layers that add to
the residual stream divided by the square root of how many of them there are.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import tokenizers
import torch
import transformers

from studio.config.sizes import Family, Size
from studio.models.quiet import hush
from studio.models.vocabulary import END

_SPREAD = 0.02
_ONTO_THE_STREAM = ("c_proj.weight", "o_proj.weight", "down_proj.weight")


def make_model(folder: Path, size: Size, family: Family, *, seed: int) -> None:
    """Write the model's files beside its tokenizer's."""
    hush()
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    end = backend.token_to_id(END)
    if end is None:
        raise ValueError("the tokenizer has no end-of-text token")
    config = _config(size, family, backend.get_vocab_size(), end)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        make: Any = transformers.AutoModelForCausalLM
        net = make.from_config(config)
        _draw(net, size.layers)
    ends: Any = transformers.GenerationConfig
    net.generation_config = ends(bos_token_id=end, eos_token_id=end, pad_token_id=end)
    net.save_pretrained(folder, safe_serialization=True)


def _config(size: Size, family: Family, vocabulary: int, end: int) -> Any:
    ends: dict[str, Any] = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end}
    if family == "gpt2":
        return transformers.GPT2Config(
            vocab_size=vocabulary,
            n_positions=size.context,
            n_embd=size.width,
            n_layer=size.layers,
            n_head=size.heads,
            activation_function="gelu_pytorch_tanh",  # GPT-2's own, in one operation instead of eight
            # Left out at random helps where the same text is read very often; here the best look ends the run.
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            **ends,
        )
    return transformers.LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=size.width,
        intermediate_size=size.inner(family),
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=size.context,
        tie_word_embeddings=True,
        initializer_range=_SPREAD,
        **ends,
    )


def _draw(net: torch.nn.Module, layers: int) -> None:
    """Every matrix anew, in the order of their names' first appearance; biases are zero and norms one already."""
    onto = _SPREAD / math.sqrt(2 * layers)  # two layers of each block add to the stream
    for name, parameter in net.named_parameters():
        if parameter.ndim >= 2:
            torch.nn.init.normal_(parameter, std=onto if name.endswith(_ONTO_THE_STREAM) else _SPREAD)
