"""How a sentence encoder wants to be asked: which of its token vectors count, and what is written before a text.

In: a model folder. Out: a SentenceStyle: from the folder's own files where they tell it, by the model's name where that
is known, else the plain way. No torch. Left out, a prefix that a model was trained with costs it part of what it knows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from studio.models.hub_cache import base_name

Pooling = Literal["mean", "first"]

POOLING_FILE = "1_Pooling/config.json"  # as sentence-transformers writes them
PROMPTS_FILE = "config_sentence_transformers.json"
_LARGEST = 1 << 20  # bytes


@dataclass(frozen=True)
class SentenceStyle:
    """`pooling`: the mean of all token vectors, or the first one. `query` and `passage` are written before the texts of
    the two kinds, `alike` before both where two texts are only compared; "" for nothing. `source` says where that is
    known from, "" where nothing is."""

    pooling: Pooling = "mean"
    query: str = ""
    passage: str = ""
    alike: str = ""
    source: str = ""


_REPRESENT = "Represent this sentence for searching relevant passages: "
_KNOWN: tuple[tuple[str, SentenceStyle], ...] = (
    (r"\bbge-m3\b", SentenceStyle("first")),
    (r"\bbge-.*-zh\b", SentenceStyle("first", query="为这个句子生成表示以用于检索相关文章：")),
    (r"\bbge-.*-en\b", SentenceStyle("first", query=_REPRESENT)),
    (r"\bmxbai-embed\b", SentenceStyle("first", query=_REPRESENT)),
    (r"\barctic-embed-.*v2", SentenceStyle("first", query="query: ")),
    (r"\barctic-embed\b", SentenceStyle("first", query=_REPRESENT)),
    (r"\be5-", SentenceStyle("mean", query="query: ", passage="passage: ", alike="query: ")),
    (
        r"\bmodernbert-embed\b|\bnomic-embed\b",
        SentenceStyle("mean", query="search_query: ", passage="search_document: ", alike="search_query: "),
    ),
    (r"\bgte-(small|base|large)\b", SentenceStyle("mean")),
)


def style_of(folder: Path) -> SentenceStyle:
    """What is known of the model in `folder`."""
    name = base_name(folder)
    known = next((style for pattern, style in _KNOWN if re.search(pattern, name.casefold())), None)
    style = replace(known, source=f"{name} was made with it") if known else SentenceStyle()
    pooling, prompts = _object(folder / POOLING_FILE), _object(folder / PROMPTS_FILE).get("prompts")
    if pooling.get("pooling_mode_cls_token") is True or pooling.get("pooling_mode") == "cls":
        style = replace(style, pooling="first")
    elif pooling:
        style = replace(style, pooling="mean")
    if isinstance(prompts, dict) and any(isinstance(text, str) and text for text in prompts.values()):
        query, passage = _first(prompts, "query"), _first(prompts, "passage", "document")
        style = replace(style, query=query, passage=passage, source="the model's own files say so")
    return style


def _first(prompts: dict[str, Any], *names: str) -> str:
    return next((prompts[name] for name in names if isinstance(prompts.get(name), str)), "")


def _object(file: Path) -> dict[str, Any]:
    """The JSON object in a small file; nothing where there is none, since many models come without these files."""
    if not file.is_file() or file.stat().st_size > _LARGEST:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
