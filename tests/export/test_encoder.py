"""A sentence encoder's folder: opened by a program that knows only transformers, and laid out as others expect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.config.model import Method
from studio.events import Noted, Verified
from studio.export.encoder import plain_lines, search_lines, write_modules
from studio.export.export import export
from tests.evaluation.parts import dataset, no, run_of, tiny


def cells() -> list[tuple[str, str]]:
    return [(f"where is thing {n}", f"thing {n} lies in box {n % 7}") for n in range(60)]


@pytest.mark.parametrize("method", ["full", "lora"])
def test_another_program_gives_the_same_vectors(tmp_path: Path, method: Method) -> None:
    model, tokenizer, task, config = tiny(tmp_path / "model", "search", method)
    run = run_of(tmp_path / "run", model, config, dataset(tmp_path / "rows", cells(), test=20))
    out = tmp_path / "out"
    events = list(export(run, model, tokenizer, task, to="encoder", out=out, should_stop=no))
    verified = events[-1]
    assert isinstance(verified, Verified)
    assert (verified.right, verified.total, verified.difference) == (20, 20, "")
    assert any(isinstance(event, Noted) and "the numbers of vectors differ" in event.text for event in events)
    modules = json.loads((out / "modules.json").read_text())
    assert [module["type"].rsplit(".", 1)[-1] for module in modules] == ["Transformer", "Pooling", "Normalize"]
    assert all((out / module["path"]).is_dir() for module in modules)
    pooling = json.loads((out / "1_Pooling" / "config.json").read_text())
    assert pooling["word_embedding_dimension"] == 32
    assert [name for name, is_on in pooling.items() if is_on is True] == ["pooling_mode_mean_tokens", "include_prompt"]
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "library_name: sentence-transformers" in card
    assert "SentenceTransformer(" in card
    assert "thing 3" not in card


def test_prefixes_and_the_first_token_travel(tmp_path: Path) -> None:
    write_modules(
        tmp_path, width=8, pooling="first", query="query: ", passage="passage: ", max_tokens=64, versions={"torch": "2"}
    )
    told = json.loads((tmp_path / "config_sentence_transformers.json").read_text())
    assert told["prompts"] == {"query": "query: ", "document": "passage: "}
    assert json.loads((tmp_path / "1_Pooling" / "config.json").read_text())["pooling_mode_cls_token"]
    assert json.loads((tmp_path / "sentence_bert_config.json").read_text())["max_seq_length"] == 64
    lines = plain_lines("HERE", pooling="first", query="query: ", passage="passage: ")
    assert '"query: A question"' in lines
    assert "states[:, 0]" in lines


def test_the_lines_of_the_card_are_python() -> None:
    compile(search_lines('a "folder"', query="“ask”: ", passage=""), "card", "exec")
    compile(plain_lines("HERE", pooling="mean", query="", passage=""), "card", "exec")
    compile(plain_lines("HERE", pooling="first", query="", passage=""), "card", "exec")
