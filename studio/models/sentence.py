"""How a sentence encoder wants to be asked: which of its token vectors count, and what is written before a text.

In: a model folder. Out: a SentenceStyle: from the folder's own files where they tell it, by the model's name where that
is known, else the plain way; a Problem for a model that makes its vectors otherwise than can be done here. No torch.
Left out, a prefix that a model was trained with costs it part of what it knows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from studio.models.hub_cache import base_name
from studio.problems import Problem, Where

Pooling = Literal["mean", "first"]

MODULES_FILE = "modules.json"  # as sentence-transformers writes them
POOLING_FILE = "1_Pooling/config.json"
PROMPTS_FILE = "config_sentence_transformers.json"
_LARGEST = 1 << 20  # bytes
_MODE = "pooling_mode_"


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
    (r"\bruri-v3\b", SentenceStyle("mean", query="検索クエリ: ", passage="検索文書: ")),
    (r"\bgte-modernbert\b|\bgranite-embedding\b|\brubert-tiny", SentenceStyle("first")),
    (r"\bgte-(small|base|large)\b", SentenceStyle("mean")),
)
_MORE_THAN_POOLED = r"\blabse\b"  # a layer of its own stands behind the pooling
_PARTS = frozenset({"Transformer", "Pooling", "Normalize"})
_POOLED = frozenset({"cls_token", "cls", "mean_tokens", "mean", "mean_sqrt_len_tokens"})  # the last differs in length


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


def refuse_unlike(folder: Path) -> None:
    """Raises a Problem for a model whose vectors are more than the mean of its token vectors or the first of them: it
    would become another one without a word."""
    parts = [str(part.get("type", "")).rpartition(".")[2] for part in _objects(folder / MODULES_FILE)]
    pooling = _object(folder / POOLING_FILE)
    told = {key.removeprefix(_MODE): value for key, value in pooling.items() if key.startswith(_MODE)}
    ways = {way for way, is_used in told.items() if is_used is True}
    if isinstance(mode := pooling.get("pooling_mode"), str):
        ways.add(mode)
    more = [part for part in parts if part not in _PARTS]
    if not parts and re.search(_MORE_THAN_POOLED, base_name(folder).casefold()):
        more = ["Dense"]
    if more:
        why = f"Behind its layers stands a part of its own ({', '.join(more)}), which is not kept here."
    elif len(ways) > 1 or ways - _POOLED:
        why = f"It joins the vectors of its tokens in a way that is not done here ({', '.join(sorted(ways))})."
    else:
        return
    raise Problem(
        f"{base_name(folder)} cannot be trained to search yet.",
        f"{why} Without it the model would be another one, and a worse one.",
        "Choose another model; those that are offered for this goal fit. To sort or rate texts this one can be used.",
        Where(file=str(folder)),
    )


def _first(prompts: dict[str, Any], *names: str) -> str:
    return next((prompts[name] for name in names if isinstance(prompts.get(name), str)), "")


def _object(file: Path) -> dict[str, Any]:
    """The JSON object in a small file; nothing where there is none, since many models come without these files."""
    found = _json(file)
    return found if isinstance(found, dict) else {}


def _objects(file: Path) -> list[dict[str, Any]]:
    """The JSON objects of a list in a small file."""
    found = _json(file)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _json(file: Path) -> Any:
    if not file.is_file() or file.stat().st_size > _LARGEST:
        return None
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None
