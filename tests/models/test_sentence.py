"""How sentence encoders want to be asked, by their files and names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from studio.models.pooling import pooled
from studio.models.sentence import SentenceStyle, style_of


@pytest.mark.parametrize(
    ("name", "query", "passage", "pooling"),
    [
        ("multilingual-e5-small", "query: ", "passage: ", "mean"),
        ("bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", "", "first"),
        ("bge-m3", "", "", "first"),
        ("all-MiniLM-L6-v2", "", "", "mean"),
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


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"prompts": {"query": ""}}', '{"prompts": ["query"]}'])
def test_files_that_tell_nothing_are_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "config_sentence_transformers.json").write_text(text)
    assert style_of(tmp_path) == SentenceStyle()


def test_a_vector_is_the_mean_of_its_tokens_or_the_first_one_and_has_length_one() -> None:
    hidden = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [9.0, 9.0]]])
    attention = torch.tensor([[1, 1, 0]])
    assert pooled(hidden, attention, "mean").tolist()[0] == pytest.approx([0.6, 0.8])
    assert pooled(hidden, attention, "first").tolist()[0] == pytest.approx([1.0, 0.0])
