"""A conversation is remembered, each side's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from studio.cli.conversation import NEW, converse, say
from studio.problems import Problem
from studio.tasks.answer import Answer
from studio.tasks.example import Turn


def test_each_side_is_asked_with_what_was_said_before(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[str, list[str]]] = []

    def side(name: str) -> tuple[str, Any]:
        def ask(turns: Sequence[Turn]) -> Iterator[Any]:
            if turns[-1].text == "too much":
                raise Problem("The conversation is too long.", "It is.", "Begin a new one.")
            asked.append((name, [turn.text for turn in turns]))
            yield SimpleNamespace(text=f" {name} {len(turns)}", token=1, end="end")

        return f"{name}> ", ask

    typed = ["hello", "too much", "and now?", f" {NEW} ", "again"]
    converse(typed, Answer("Be kind.").prompt, [side("a"), side("b")])
    assert asked == [
        ("a", ["Be kind.", "hello"]),
        ("b", ["Be kind.", "hello"]),
        ("a", ["Be kind.", "hello", "a 2", "and now?"]),
        ("b", ["Be kind.", "hello", "b 2", "and now?"]),
        ("a", ["Be kind.", "again"]),
        ("b", ["Be kind.", "again"]),
    ]
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("Each message is read with those before it. /new begins")
    assert "a>  a 4" in told.out
    assert told.err.count("The conversation is too long.") == 2


def test_what_is_written_is_printed_harmlessly_and_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    pieces = [SimpleNamespace(text="a\x1bb", token=5, end=""), SimpleNamespace(text="", token=0, end="end")]
    assert say("model> ", pieces) == ("a\x1bb", [5])  # type: ignore[arg-type]
    assert capsys.readouterr().out == "model> a\\u001bb\n"
