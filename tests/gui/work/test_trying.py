"""The window's long work: a model that was handed out stays with whoever got it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studio import flow
from studio.checkpoints import read
from studio.config.generation import GenerationConfig
from studio.events import Progressed
from studio.gui.job import Control
from studio.gui.work import trying
from studio.tasks.example import Turn


def test_a_model_that_is_dropped_meanwhile_answers_to_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaded: list[object] = []

    def open_tuned(_: Path) -> Any:
        loaded.append(object())
        return loaded[-1]

    def chat(opened: object, *_: object, **__: object) -> Iterator[Any]:
        yield SimpleNamespace(text=str(loaded.index(opened)), token=1, end="end")

    monkeypatch.setattr(flow, "open_tuned", open_tuned)
    monkeypatch.setattr(flow, "chat", chat)
    monkeypatch.setattr(read, "best", lambda folder: folder)
    warm, said = trying.Warm(), list[str]()
    turns = (Turn("user", "Hello"),)
    answering = trying.answer(Control(), warm, tmp_path, {"tuned": turns, "base": turns}, GenerationConfig())
    for event in answering:
        if isinstance(event, trying.SidePiece):
            said.append(event.piece.text)
            warm.drop()
    assert said == ["0", "0"]
    assert [type(event) for event in warm.open(tmp_path)] == [Progressed]
    assert list(warm.open(tmp_path)) == []
    assert len(loaded) == 2
