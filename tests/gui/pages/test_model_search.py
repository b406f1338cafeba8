"""The Model page looks on the hub when it is asked to, and names a model made for the language of the rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.events import Event, Found
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.model import ModelPage
from studio.gui.pages.model_downloads import MOST_SHOWN
from studio.gui.session import Session
from studio.models import find, starters
from studio.problems import Problem
from tests.models.test_catalog import model_at

GOOD = Found("team/bert-de", "encoder", "bert", 110_000_000, 440_000_000, "mit", ("de",), False, "")
CODE = Found("team/bert-code", "", "bert", 0, 0, "mit", (), False, "The model comes with program code of its own.")
WRITER = Found("team/gpt", "causal", "gpt2", 1, 2, "mit", ("de",), False, "")


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hub is asked for; it has three models, and none under “offline”."""
    words_asked: list[str] = []

    def answer(words: str, *, should_stop: Callable[[], bool]) -> Iterator[Event]:
        words_asked.append(words)
        if words == "offline":
            raise Problem("The model hub cannot be reached.", "There is no connection.", "Check it.")
        yield from (GOOD, CODE, WRITER) if words == "bert" else ()

    monkeypatch.setattr(find, "find", answer)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = model_at(paths.models() / "all-MiniLM-L6-v2", model_type="bert")
    (folder / starters.MARK_FILE).write_text(json.dumps(asdict(starters.starter(folder.name))))
    return words_asked


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> ModelPage:
    made = ModelPage(session, Ask())
    qtbot.addWidget(made)
    made.resize(1180, 720)
    made.show()
    return made


def search(qtbot: QtBot, page: ModelPage, words: str) -> None:
    page.search.field.setText(words)
    page.search.go.click()
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)


def test_nothing_is_asked_before_the_button_is_pressed(page: ModelPage, asked: list[str]) -> None:
    page.search.field.setText("bert")
    assert asked == []
    page.search.field.clear()
    page.search.go.click()
    assert asked == []


def test_what_fits_can_be_downloaded_and_what_does_not_says_why(
    qtbot: QtBot, session: Session, page: ModelPage
) -> None:
    session.change("task.kind", "find")
    search(qtbot, page, "bert")
    card = next(iter(page.downloads.cards.values()))
    assert card.entry.name == "team/bert-de"
    assert card.get.isVisible()
    assert "440 MB" in card.get.text()
    assert any("program code" in line for line in page.search.refused.lines)
    assert any("another kind" in line for line in page.search.refused.lines)
    assert "1 of 3" in page.search.state.text()


def test_nothing_found_and_no_connection_are_told(qtbot: QtBot, page: ModelPage) -> None:
    search(qtbot, page, "nothing")
    assert "nothing of that name" in page.search.state.text()
    search(qtbot, page, "offline")
    assert page.search.problem.isVisible()
    assert page.search.go.isEnabled()


def test_what_was_found_goes_with_the_goal(qtbot: QtBot, session: Session, page: ModelPage) -> None:
    search(qtbot, page, "bert")
    session.change("task.kind", "answer")
    assert "team/bert-de" not in page.downloads.cards
    assert page.search.goal == "answer"


def test_only_a_few_downloads_are_shown_until_more_are_asked_for(page: ModelPage) -> None:
    def shown() -> int:
        return sum(card.isVisible() for card in page.downloads.cards.values())

    assert shown() == MOST_SHOWN
    page.downloads.more.click()
    assert shown() == len(page.downloads.cards)
    assert not page.downloads.more.isVisible()


def test_german_rows_and_an_english_starter_are_told_with_a_better_model(
    qtbot: QtBot, session: Session, page: ModelPage, tmp_path: Path
) -> None:
    topics = ("Rechnung", "Lieferung", "Reklamation")
    rows = "".join(
        f"Guten Tag, mit meiner {topics[n % 3]} Nummer {n} stimmt leider etwas nicht.,{topics[n % 3]}\n".replace(
            "Tag,", "Tag"
        )
        for n in range(60)
    )
    file = tmp_path / "nachrichten.csv"
    file.write_text(f"text,topic\n{rows}", encoding="utf-8")
    session.import_file(file)
    qtbot.waitUntil(lambda: page.language.isVisible(), timeout=30_000)
    assert page.language._what.text() == "The texts are in German, and MiniLM was made for English."
    better = page.language._better
    assert better is not None
    assert "de" in better.languages
    page.language.see.click()
    assert page.downloads.cards[better.name].isVisible()
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=30_000)
