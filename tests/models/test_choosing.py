"""The models for a goal come in an order that helps: made for the language, made for the goal, small."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.config.goals import GOALS, TaskKind
from studio.models import catalog, choosing
from studio.models.catalog import CatalogEntry


def entry(name: str, **values: object) -> CatalogEntry:
    made = CatalogEntry(name, name, f"us/{name}", "encoder", "bert", 1, 100, "MIT", ("en",), 512, "A model.")
    return replace(made, **values)  # type: ignore[arg-type]


def names(entries: list[CatalogEntry]) -> list[str]:
    return [entry.name for entry in entries]


def test_what_suits_the_goal_comes_first_and_the_small_before_the_large() -> None:
    entries = [
        entry("plain", bytes=10),
        entry("large", bytes=300, suits=("search",)),
        entry("small", bytes=200, suits=("search",)),
        entry("writer", kind="causal", suits=("search",)),
    ]
    assert names(choosing.fitting("search", entries)) == ["small", "large", "plain"]
    assert names(choosing.fitting("answer", entries)) == ["writer"]


def test_sentence_encoders_come_before_plain_ones_but_for_pointing_at_an_answer() -> None:
    sentence = entry("sentence", bytes=200, suits=("search", "classify"))
    plain = entry("plain", suits=("classify", "find"))
    assert names(choosing.fitting("classify", [plain, sentence])) == ["sentence", "plain"]
    assert names(choosing.fitting("find", [sentence, plain])) == ["plain", "sentence"]


def test_what_was_made_for_the_language_comes_first_and_what_was_not_last() -> None:
    entries = [
        entry("english", suits=("classify",)),
        entry("unknown", languages=(), suits=("classify",)),
        entry("german", languages=("de",), bytes=900),
    ]
    assert names(choosing.fitting("classify", entries, "de")) == ["german", "unknown", "english"]


def test_the_proposal_surely_knows_the_language_and_is_here_if_one_is(tmp_path: Path) -> None:
    far = entry("far", languages=("de",), suits=("classify",))
    here = entry("here", languages=("de", "en"), bytes=900, folder=tmp_path)
    asks = entry("asks", languages=("de",), bytes=1, suits=("classify",), gated=True)
    assert choosing.proposed("classify", [far, asks], "de") is far
    assert choosing.proposed("classify", [far, here, asks], "de") is here
    assert choosing.proposed("classify", [entry("many", languages=("mul",))], "de") is None


@pytest.mark.parametrize("goal", [kind for kind in GOALS if kind != "pretrain"])
@pytest.mark.parametrize("code", ["de", "fr", "es", "zh", "ja", "ru", "ar", "pl", "tr"])
def test_there_is_something_to_propose_for_the_larger_languages(goal: TaskKind, code: str) -> None:
    found = choosing.proposed(goal, catalog.catalog(), code)
    assert found is not None
    assert goal in found.suits
    assert found.bytes < 2e9


def test_what_was_made_for_the_goal_comes_before_what_also_suits_it() -> None:
    entries = [entry("also", bytes=10, suits=("classify", "rate", "find")), entry("made", bytes=500, suits=("find",))]
    assert names(choosing.fitting("find", entries)) == ["made", "also"]
    known = [one for one in choosing.fitting("find", catalog.catalog()) if one.folder is None]
    assert known[0].suits == ("find",)


def test_a_model_for_another_language_alone_comes_last() -> None:
    entries = [
        entry("japanese", languages=("ja", "en"), bytes=1, suits=("find",)),
        entry("many", languages=("ar", "de", "en", "fr", "ja"), suits=("find",)),
        entry("plain"),
    ]
    assert names(choosing.fitting("find", entries)) == ["many", "plain", "japanese"]
    assert names(choosing.fitting("find", entries, "ja")) == ["japanese", "many", "plain"]
    assert [one.name for one in entries if choosing.is_for_another(one, "")] == ["japanese"]
    assert not any(choosing.is_for_another(one, "ja") for one in entries)
    assert not choosing.is_for_another(entry("unknown", languages=()), "de")
    assert not choosing.is_for_another(entry("english"), "de")


def test_a_model_that_reads_more_knows_the_same_language() -> None:
    entries = [
        entry("german", languages=("de",), context=8192, suits=("search",)),
        entry("short", suits=("search",)),
        entry("long", context=8192, bytes=900, suits=("search",)),
    ]
    found = choosing.reads_more("search", entries, 512, ("en",))
    assert found is not None
    assert found.name == "long"
    assert choosing.reads_more("search", entries, 512, ("fr",)) is None
    assert choosing.reads_more("search", entries, 8192, ("en",)) is None
