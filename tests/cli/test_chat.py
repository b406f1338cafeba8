"""Conversations in a terminal, on tiny models."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from studio.cli.main import main
from tests.tiny import tiny_causal_folder, tiny_encoder_folder


def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_untouched_model_answers_each_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_causal_folder(tmp_path, tied=False)
    capsys.readouterr()
    typing(monkeypatch, "hello\nhello\n/new\nhello\n\nnever read\n")
    assert main(["chat", str(folder), "--set", "generation.max_new_tokens=5", "--set", "generation.temperature=0"]) == 0
    told = capsys.readouterr().out
    assert "/new begins a new conversation, an empty line ends." in told.splitlines()[0]
    first, second, anew = told.replace("A new conversation.\n", "").split("model> ")[1:]
    assert first == anew != "\n"  # the second was read with what was said before
    assert second != "\n"


def test_what_cannot_be_talked_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    encoder, causal = tiny_encoder_folder(tmp_path), tiny_causal_folder(tmp_path)
    for arguments, words in [
        ([str(tmp_path / "empty")], "There is no run here."),
        ([str(encoder)], "cannot be used for this goal"),
        (["no-such-model"], "There is no model"),
        ([str(causal), "--compare"], "nothing to compare"),
    ]:
        typing(monkeypatch, "hello\n")
        assert main(["chat", *arguments]) == 1
        assert words in capsys.readouterr().err
