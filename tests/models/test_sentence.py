"""How sentence encoders want to be asked, by their files and names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import torch

from studio.models.pooling import pooled
from studio.models.sentence import SentenceStyle, refuse_unlike, style_of
from studio.problems import Problem


@pytest.mark.parametrize(
    ("name", "query", "passage", "pooling"),
    [
        ("multilingual-e5-small", "query: ", "passage: ", "mean"),
        ("bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", "", "first"),
        ("bge-m3", "", "", "first"),
        ("all-MiniLM-L6-v2", "", "", "mean"),
        ("granite-embedding-107m-multilingual", "", "", "first"),
        ("ruri-v3-30m", "検索クエリ: ", "検索文書: ", "mean"),
        ("table5-notes", "", "", "mean"),
    ],
)
def test_known_names_have_their_prefixes(tmp_path: Path, name: str, query: str, passage: str, pooling: str) -> None:
    style = style_of(tmp_path / name)
    assert (style.query, style.passage, style.pooling) == (query, passage, pooling)
    assert bool(style.source) == (bool(query) or pooling == "first")


def test_the_folders_own_files_are_believed_before_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "my-e5-small"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    told = {"prompts": {"query": "ask: ", "document": "text: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(told))
    style = style_of(folder)
    assert (style.query, style.passage, style.pooling) == ("ask: ", "text: ", "first")


def made_of(folder: Path, parts: tuple[str, ...], **pooling: object) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    modules = [{"idx": n, "type": f"sentence_transformers.models.{part}"} for n, part in enumerate(parts)]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 4, **pooling}))
    return folder


@pytest.mark.parametrize(
    ("parts", "pooling", "words"),
    [
        (("Transformer", "Pooling", "Dense", "Normalize"), {"pooling_mode_cls_token": True}, r"\(Dense\)"),
        (("Transformer", "Pooling"), {"pooling_mode_max_tokens": True}, "max_tokens"),
        (("Transformer", "Pooling"), {"pooling_mode_lasttoken": True, "include_prompt": True}, "lasttoken"),
        (("Transformer", "Pooling"), {"pooling_mode": "weightedmean"}, "weightedmean"),
        (("Transformer",), {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, "cls_token, mean"),
    ],
)
def test_a_model_that_would_become_another_one_is_refused(
    tmp_path: Path, parts: tuple[str, ...], pooling: dict[str, object], words: str
) -> None:
    with pytest.raises(Problem, match="cannot be trained to search") as caught:
        refuse_unlike(made_of(tmp_path / "mine", parts, **pooling))
    assert re.search(words, caught.value.why)


def test_what_is_done_here_is_let_through_and_a_known_name_is_enough_to_refuse(tmp_path: Path) -> None:
    whole = ("Transformer", "Pooling", "Normalize")
    for way in ("mean_tokens", "cls_token", "mean_sqrt_len_tokens"):
        refuse_unlike(made_of(tmp_path / way, whole, **{f"pooling_mode_{way}": True, "pooling_mode_max_tokens": False}))
    refuse_unlike(tmp_path / "without-files")
    with pytest.raises(Problem, match="LaBSE"):
        refuse_unlike(tmp_path / "models--sentence-transformers--LaBSE" / "snapshots" / "abc")


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"prompts": {"query": ""}}', '{"prompts": ["query"]}'])
def test_files_that_tell_nothing_are_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text(text)
    assert style_of(tmp_path) == SentenceStyle()


def test_a_vector_is_the_mean_of_its_tokens_or_the_first_one_and_has_length_one() -> None:
    hidden = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [9.0, 9.0]]])
    attention = torch.tensor([[1, 1, 0]])
    assert pooled(hidden, attention, "mean").tolist()[0] == pytest.approx([0.6, 0.8])
    assert pooled(hidden, attention, "first").tolist()[0] == pytest.approx([1.0, 0.0])
