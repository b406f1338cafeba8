"""Signs that a model does not know are found, and a model that reads any text by its bytes knows all."""

from __future__ import annotations

import json
from pathlib import Path

from studio.tasks.example import Example, Turn
from studio.tokens.tokenizer import Tokenizer
from studio.tokens.unread import unknown_id, unread_findings
from tests.tiny import causal_backend, tiny_encoder_folder


def text(row: int, words: str) -> Example:
    return Example(row, (Turn("text", words),))


def test_what_the_vocabulary_lacks_is_counted(tmp_path: Path) -> None:
    tokenizer = Tokenizer.load(tiny_encoder_folder(tmp_path), "encoder")
    assert unknown_id(tokenizer) == tokenizer.backend.token_to_id("[UNK]")
    (found,) = unread_findings([text(0, "plain words"), text(3, "退款 please")], tokenizer)
    assert (found.rows, found.severity) == ((3,), "wrong")
    assert found.title == "This model cannot read 11 % of your characters, in 1 training row"
    assert found.notes == ((3, "cannot read: 退 款"),)
    (few,) = unread_findings([text(0, "plain words " * 40), text(1, "退")], tokenizer)
    assert (few.severity, "less than 1 %" in few.title) == ("look", True)
    assert unread_findings([text(0, "plain words")], tokenizer) == ()
    assert unread_findings([text(0, "退款")], tokenizer, should_stop=lambda: True) == ()


def test_bytes_read_everything(tmp_path: Path) -> None:
    causal_backend().save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"eos_token": "<|endoftext|>"}), encoding="utf-8")
    tokenizer = Tokenizer.load(tmp_path, "causal")
    assert unknown_id(tokenizer) is None
    assert unread_findings([text(0, "退款")], tokenizer) == ()
