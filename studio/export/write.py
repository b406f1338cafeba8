"""The files of an export: weights, tokenizer, template, and how an answer ends. (torch)

In: a live Model and its Tokenizer. Out: a folder in a given format, safetensors only. The Model is not changed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
import transformers

from studio.config.goals import GOALS
from studio.export.encoder import write_modules
from studio.export.formats import Format
from studio.models.adapters import merged, write_adapter
from studio.models.load import Model
from studio.tokens.tokenizer import Tokenizer

_PIECE = 1 << 20


def number_format(model: Model) -> str:
    """The coarsest number format in which the live model computes ("float32", "bfloat16"): what an export of it
    holds, and what the proof's tolerance follows."""
    if model.head == "number":
        return "float32"  # 16 bits hold three digits of a number
    found = {parameter.dtype for parameter in model.net.parameters()}
    return "bfloat16" if torch.bfloat16 in found else "float32"


def weight_bytes(model: Model, to: Format) -> int:
    """How many bytes the weights of an export take."""
    kept = [p for p in model.net.parameters() if p.requires_grad or to != "adapter"]
    return sum(p.numel() * p.element_size() for p in kept)


def write_weights(model: Model, tokenizer: Tokenizer, folder: Path, *, to: Format, base_name: str) -> None:
    """The weights and their settings."""
    if to == "adapter":
        write_adapter(model, folder, base_name=base_name)
    else:
        # Not the base files' own format where that is coarser: what was tried is what is taken away.
        net: Any = merged(model, getattr(torch, number_format(model)))
        if to == "classifier" and model.kind == "causal":
            net.config.pad_token_id = tokenizer.pad_id  # by which a causal model knows the last token of a text
        net.save_pretrained(folder, safe_serialization=True)
    if model.head == "words":
        ends = sorted(tokenizer.end_ids)
        make: Any = transformers.GenerationConfig
        make(eos_token_id=ends, pad_token_id=tokenizer.pad_id).save_pretrained(folder)


def write_tokenizer(model: Model, tokenizer: Tokenizer, folder: Path, *, max_tokens: int) -> None:
    """The tokenizer's files; for a causal model with the template of training and chat, for a classifier with the
    length at which it cuts."""
    found = transformers.AutoTokenizer.from_pretrained(model.base, local_files_only=True, trust_remote_code=False)
    if tokenizer.chat is None:
        found.model_max_length = max_tokens
        if model.head in ("span", "labels", "number"):  # what the network is called with, and nothing else
            types = ["token_type_ids"] if tokenizer.has_types else []
            found.model_input_names = ["input_ids", *types, "attention_mask"]
            found.init_kwargs["model_input_names"] = found.model_input_names  # else it is not written
        found.padding_side = "right"
        if model.kind == "causal":
            found.pad_token = tokenizer.backend.id_to_token(tokenizer.pad_id)
    elif not (tokenizer.chat.is_plain and GOALS[model.config.task.kind].whole_text):  # which needs no conversation
        found.chat_template = tokenizer.chat.source
        for name, token in tokenizer.chat.names.items():
            if name in found.SPECIAL_TOKENS_ATTRIBUTES and getattr(found, name, None) is None:
                setattr(found, name, token)
    found.save_pretrained(folder)


def write_sentence_files(model: Model, folder: Path, *, query: str, passage: str, max_tokens: int) -> None:
    """What sentence-transformers reads beside the weights of a sentence encoder."""
    net: Any = model.net
    write_modules(
        folder,
        width=int(net.config.hidden_size),
        pooling=model.pooling,
        query=query,
        passage=passage,
        max_tokens=max_tokens,
        versions={"transformers": transformers.__version__, "pytorch": str(torch.__version__).split("+")[0]},
    )


def fingerprint(base: Path) -> str:
    """SHA-256 over the weight files of a model folder, in the order of their names."""
    digest = hashlib.sha256()
    for file in sorted(base.glob("*.safetensors")):
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()
