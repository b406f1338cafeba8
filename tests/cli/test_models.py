"""`models` lists what is here, and for a goal what it can start from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.cli.main import main
from studio.config.goals import GOALS
from studio.models import catalog


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty hub cache."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["models", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(asked(capsys)) == len(catalog.catalog())
    told = json.loads("\n".join(asked(capsys, "--json")))
    assert {"name", "languages", "suits", "license", "gated", "context"} <= told[0].keys()


def test_a_goal_lists_its_models_with_what_they_need(capsys: pytest.CaptureFixture[str]) -> None:
    head, memory, _, first, *rest, _, _ = asked(capsys, "--goal", "search")
    assert "Search by meaning" in head
    assert "this computer has" in memory
    kinds = {entry.name: entry for entry in catalog.catalog()}
    assert "search" in kinds[first.split()[0]].suits
    assert all(kinds[line.split()[0]].kind == "encoder" for line in (first, *rest))
    assert all("GB" in line and ("here" in line or "to download" in line) for line in (first, *rest))


def test_the_language_of_the_rows_changes_the_order(capsys: pytest.CaptureFixture[str]) -> None:
    head, _, _, first, *_ = asked(capsys, "--goal", "classify", "--language", "de")
    assert "rows in German" in head
    entry = next(entry for entry in catalog.catalog() if entry.name == first.split()[0])
    assert "de" in entry.languages
    assert main(["models", "--goal", "classify", "--language", "klingon"]) == 1
    assert "no language that is known" in capsys.readouterr().err


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_has_a_list(capsys: pytest.CaptureFixture[str], goal: str) -> None:
    told = json.loads("\n".join(asked(capsys, "--goal", goal, "--json")))
    assert {entry["kind"] for entry in told} <= set(GOALS[goal].models)  # type: ignore[index]


def test_a_goal_that_starts_from_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    head, _, *lines = asked(capsys, "--goal", "pretrain")
    assert head == "“A model from nothing” starts from no model: one is made for your texts, in one of these sizes."
    assert [line.split()[0] for line in lines[:5]] == ["tiny", "small", "middle", "large", "gpt2"]
    assert "--set model.size=NAME" in lines[-2]


def test_models_for_another_language_alone_are_left_out_until_they_are_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, *lines = asked(capsys, "--goal", "find", "--language", "de")
    assert "those made for it first, then the smaller before the larger" in head
    assert not any("Japanese" in line or "Chinese" in line for line in lines)
    assert "--language CODE lists those for it" in lines[-1]
    assert any("Japanese" in line for line in asked(capsys, "--goal", "find", "--language", "ja"))
