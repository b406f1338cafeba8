"""Looking on the hub by name: only the words are sent, what is found can be fetched, and stays in the list."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.cli.main import main
from studio.events import Found, from_json, to_json
from studio.models import catalog, find
from studio.models.download import download
from studio.problems import Problem
from tests.models.fake_hub import FakeHub, folder_files, serving
from tests.models.test_catalog import model_at
from tests.models.test_hub_search import REFUSED, USUAL, listed

OURS = "team/bert-nordic"


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    files = folder_files(model_at(tmp_path / "source", model_type="bert"))
    with serving(FakeHub(OURS, files)) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.url)
        yield made


def look(words: str) -> list[Found]:
    return [event for event in find.find(words, should_stop=lambda: False) if isinstance(event, Found)]


def test_an_entry_is_made_of_what_was_found() -> None:
    found = Found("team/bert", "encoder", "bert", 250_000, 1_000_000, "mit", ("no", "mul"), True, "")
    entry = find.entry_of(found)
    assert entry.name == entry.title == entry.hub == "team/bert"
    assert (entry.kind, entry.languages, entry.gated, entry.folder) == ("encoder", ("no", "mul"), True, None)
    with pytest.raises(Problem, match="cannot be used here") as caught:
        find.entry_of(replace(found, refused="It is an adapter."))
    assert caught.value.why == "It is an adapter."


def test_only_the_words_are_sent(hub: FakeHub) -> None:
    hub.lists["a/bert"] = listed("a/bert", *USUAL)
    look("  bert  ")
    assert [path for path, _ in hub.asked] == ["/api/models", "/api/models/a/bert"]
    assert not [headers for _, headers in hub.asked if "authorization" in {name.lower() for name in headers}]


def test_nothing_found_is_nothing_and_no_fault(hub: FakeHub) -> None:
    assert look("no such name") == []


@pytest.mark.parametrize("words", ["", " ", "x", "--help"])
def test_words_that_are_none_are_not_sent(hub: FakeHub, words: str) -> None:
    with pytest.raises(Problem, match="nothing to look for"):
        look(words)
    assert hub.asked == []


def test_an_id_that_the_hub_does_not_have_is_a_problem(hub: FakeHub) -> None:
    with pytest.raises(Problem, match="does not have") as caught:
        look("nobody/nothing")
    assert "nobody/nothing" in str(caught.value)


def test_a_hub_that_cannot_be_reached_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    with pytest.raises(Problem, match="cannot be reached"):
        look("bert")


def test_a_found_model_comes_and_stays_in_the_list(hub: FakeHub, home: Path) -> None:
    card = {"license": "mit", "language": "no"}
    hub.listing = lambda: {**FakeHub.listing(hub), "config": {"model_type": "bert"}, "cardData": card}  # type: ignore[method-assign]
    entry = find.entry_on_hub(OURS, should_stop=lambda: False)
    list(download(entry, should_stop=lambda: False))
    kept = catalog.named(OURS, catalog.catalog())
    assert kept is not None
    assert kept.folder is not None
    assert (kept.languages, kept.license) == (("no",), "mit")
    assert catalog.find_model(OURS, ("encoder",)) == kept.folder
    assert catalog.languages_of(kept.folder) == ("no",)
    catalog.remember(entry)
    assert sum(one.hub == OURS for one in catalog.catalog()) == 1


def test_what_is_remembered_may_be_damaged(home: Path) -> None:
    count = len(catalog.catalog())
    (home / "models").mkdir(parents=True, exist_ok=True)
    for content in ("{", "[1]", '[{"name": "x"}]', "\udcff"):
        (home / "models" / "from-hub.json").write_text(content, errors="surrogateescape")
        assert len(catalog.catalog()) == count


def test_a_found_model_is_a_line_of_json() -> None:
    found = Found("a/b", "encoder", "bert", 1, 2, "mit", ("de",), False, "")
    again = from_json(to_json(found))
    assert isinstance(again, Found)
    assert tuple(again.languages) == ("de",)


def test_the_command_line_finds_and_gets_by_id(hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.listing = lambda: {**FakeHub.listing(hub), "config": {"model_type": "bert"}}  # type: ignore[method-assign]
    hub.lists = {OURS: hub.listing(), "a/bert-pickled": REFUSED["a/bert-pickled"][0]}
    assert main(["models", "--find", "bert"]) == 0
    told = capsys.readouterr().out
    assert OURS in told
    assert "not usable: a/bert-pickled has no weights in a safe format." in told
    assert main(["models", "--get", OURS]) == 0
    assert f"{OURS} lies in" in capsys.readouterr().out
