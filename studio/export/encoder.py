"""A sentence encoder as sentence-transformers keeps one: the files beside the weights, and how to open it.

In: how the model pools and what is written before its texts. Out: modules.json and what it names; lines of Python for
the card. No torch, and no sentence-transformers: its files are plain JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.models.sentence import POOLING_FILE, PROMPTS_FILE, Pooling

NORMALISE_FOLDER = "2_Normalize"
LENGTH_FILE = "sentence_bert_config.json"
_PACKAGE = "sentence_transformers.models"


def write_modules(
    folder: Path, *, width: int, pooling: Pooling, query: str, passage: str, max_tokens: int, versions: dict[str, str]
) -> None:
    """Everything by which `SentenceTransformer(folder)` knows that vectors of `width` numbers are pooled in this way
    and made one long, and which `query` and `passage` prefixes belong before the texts."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{_PACKAGE}.Transformer"},
        {"idx": 1, "name": "1", "path": Path(POOLING_FILE).parent.name, "type": f"{_PACKAGE}.Pooling"},
        {"idx": 2, "name": "2", "path": NORMALISE_FOLDER, "type": f"{_PACKAGE}.Normalize"},
    ]
    ways = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")
    chosen = "mean_tokens" if pooling == "mean" else "cls_token"
    pooled = {"word_embedding_dimension": width, **{f"pooling_mode_{way}": way == chosen for way in ways}}
    told = {
        "__version__": versions,
        "prompts": {"query": query, "document": passage},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    _write(folder / "modules.json", modules)
    _write(folder / POOLING_FILE, {**pooled, "include_prompt": True})
    _write(folder / LENGTH_FILE, {"max_seq_length": max_tokens, "do_lower_case": False})
    _write(folder / PROMPTS_FILE, told)
    (folder / NORMALISE_FOLDER).mkdir(exist_ok=True)


def search_lines(folder: str, *, query: str, passage: str) -> str:
    """Python that compares a question and a passage with the exported encoder in `folder` and sentence-transformers."""
    place, ask, text = _quoted(folder, f"{query}A question", f"{passage}A passage")
    return (
        "from sentence_transformers import SentenceTransformer\n\n"
        f"model = SentenceTransformer({place})\n"
        f"vectors = model.encode([{ask}, {text}])\n"
        "print(model.similarity(vectors[:1], vectors[1:]))"
    )


def plain_lines(folder: str, *, pooling: Pooling, query: str, passage: str) -> str:
    """The same with transformers alone."""
    place, ask, text = _quoted(folder, f"{query}A question", f"{passage}A passage")
    pooled = (
        'mask = batch["attention_mask"].unsqueeze(-1)\nvectors = (states * mask).sum(1) / mask.sum(1)'
        if pooling == "mean"
        else "vectors = states[:, 0]"
    )
    return (
        "import torch\n"
        "from transformers import AutoModel, AutoTokenizer\n\n"
        f"tokenizer, model = AutoTokenizer.from_pretrained({place}), AutoModel.from_pretrained({place})\n"
        f'batch = tokenizer([{ask}, {text}], padding=True, truncation=True, return_tensors="pt")\n'
        "with torch.no_grad():\n"
        "    states = model(**batch).last_hidden_state\n"
        f"{pooled}\n"
        "vectors = torch.nn.functional.normalize(vectors, dim=-1)\n"
        "print(vectors[0] @ vectors[1])"
    )


def _quoted(*texts: str) -> list[str]:
    return [json.dumps(text, ensure_ascii=False) for text in texts]


def _write(file: Path, value: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
