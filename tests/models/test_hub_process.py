"""The process that speaks to the hub is another one, and its death is told."""

from __future__ import annotations

import sys

import pytest

from studio.models import hub_process
from studio.problems import Problem


def test_a_process_that_dies_without_a_word_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Problem, match="It fell over") as caught:
        list(hub_process.ask_hub("any", [], unforeseen="It fell over.", should_stop=lambda: False))
    assert "fault of the program" in caught.value.why


def test_stopping_ends_it_at_once_and_without_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/cat")
    assert list(hub_process.ask_hub("any", [], unforeseen="It fell over.", should_stop=lambda: True)) == []
