"""Which model folders may be loaded at all.

In: a folder. Out: ModelFacts, or a Problem for anything unsafe or broken. Reads names, JSON and safetensors headers
only; knows nothing of torch and runs nothing from the folder.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from studio.problems import Problem, Where

ModelKind = Literal["encoder", "causal"]

CAUSAL_TYPES = frozenset(
    "gpt2 llama qwen2 qwen3 gemma gemma2 gemma3_text phi phi3 mistral smollm3 gpt_neox opt".split()
)
ENCODER_TYPES = frozenset(
    "bert distilbert roberta xlm-roberta deberta-v2 modernbert mpnet electra albert camembert".split()
)
UNSAFE_WEIGHTS = frozenset(".bin .pt .pth .ckpt .pkl .pickle .joblib .npy .npz .h5 .msgpack .onnx".split())
CODE = frozenset(".py .pyc .pyd .so .dll .dylib .sh .bat .ps1".split())
CODE_KEYS = frozenset({"auto_map", "trust_remote_code", "custom_pipelines"})
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")


@dataclass(frozen=True)
class ModelFacts:
    """What a folder holds, read without loading it: `parameters` counted in the weights' headers, `bytes` of the
    weight files, `context` in tokens, `hidden` the width, `layers`; `license` as stated beside it, else ""."""

    folder: Path
    model_type: str
    kind: ModelKind
    parameters: int
    bytes: int
    context: int
    hidden: int
    layers: int
    license: str
    dtype: str
    embedding: int


def check_folder(folder: Path) -> ModelFacts:
    """The facts of a folder that is safe and whole; a Problem says what is wrong with any other."""
    raise NotImplementedError
