"""The Model page: what is here, what can be downloaded, and a download that runs, stops, fails or ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from threading import Event as Flag

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.config.goals import GOALS
from studio.events import Event, Progressed
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.model import ModelPage
from studio.gui.session import Session
from studio.models import download, starters
from studio.models.catalog import CatalogEntry
from studio.problems import Problem
from studio.runs.project import create_project
from tests.models.fake_hub import FakeHub, folder_files, serving
from tests.models.test_catalog import in_hub_cache, model_at

REAL = download.download
NAME = "distilbert-base-uncased"
BERT = {"model_type": "bert"}


class Folder(Ask):
    """Answers with a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def choose_folder(self, *_: object, **__: object) -> Path | None:
        return self._folder


class Hub:
    """A download that goes on as the test says; a `problem` ends it."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.go_on = Flag()
        self.problem: Problem | None = None
        self.asked: list[str] = []

    def download(self, entry: CatalogEntry, *, should_stop: Callable[[], bool]) -> Iterator[Event]:
        self.asked.append(entry.name)
        yield Progressed("Downloading", 0, entry.bytes, "bytes")
        yield Progressed("Downloading", 120_000_000, 268_000_000, "bytes")
        while not self.go_on.wait(0.01):
            if should_stop():
                return
        if self.problem is not None:
            raise self.problem
        in_hub_cache(self.cache, entry.hub, **BERT)


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    made = Hub(tmp_path / "hub")
    monkeypatch.setattr(download, "download", made.download)
    yield made
    made.go_on.set()


@pytest.fixture
def starter() -> Path:
    folder = model_at(paths.models() / "all-MiniLM-L6-v2", **BERT)
    (folder / starters.MARK_FILE).write_text(json.dumps(asdict(starters.starter(folder.name))))
    return folder


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> ModelPage:
    return shown(qtbot, session)


def shown(qtbot: QtBot, session: Session, ask: Ask | None = None) -> ModelPage:
    made = ModelPage(session, ask or Ask())
    qtbot.addWidget(made)
    made.resize(1180, 720)
    made.show()
    return made


def begin(qtbot: QtBot, page: ModelPage, name: str = NAME) -> None:
    page.downloads.cards[name].get.click()
    qtbot.waitUntil(lambda: "120 MB of 268 MB" in page.downloads.cards[name].state.text(), timeout=10_000)


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)


def here(page: ModelPage) -> list[str]:
    return [card.entry.name for card in page._cards]


def test_what_is_not_here_names_its_size_on_its_button(starter: Path, page: ModelPage) -> None:
    assert here(page) == ["all-MiniLM-L6-v2"]
    assert page._none.isHidden()
    card = page.downloads.cards[NAME]
    assert card.get.text() == "Download, about 268 MB"
    assert card.get.accessibleName() == "Download DistilBERT, about 268 MB"
    assert "huggingface.co" in page.downloads._words.text()
    assert "Nothing of yours is sent but your hub log-in, where you have one." in page.downloads._words.text()
    assert {card.entry.kind for card in page.downloads.cards.values()} <= {*GOALS["classify"].models}


def test_no_card_is_pressed_together_when_the_list_is_made_anew(qtbot: QtBot, starter: Path, page: ModelPage) -> None:
    qtbot.wait(20)
    page._rebuild()
    page.grab()  # the cards get their places while the new one has only just come
    qtbot.wait(50)
    shown_ones = [card for card in (*page._cards, *page.downloads.cards.values()) if card.isVisible()]
    assert len(shown_ones) > 2
    assert all(card.height() >= card.heightForWidth(card.width()) for card in shown_ones)


def test_every_goal_says_what_it_starts_from_and_a_card_how_much_it_reads(
    session: Session, starter: Path, page: ModelPage
) -> None:
    session.change("task.kind", "find")
    assert "marks the answer" in page.head.explanation.text()
    session.change("task.kind", "search")
    assert "turns texts into numbers" in page.head.explanation.text()
    assert "reads 512 tokens" in page.downloads.cards["multi-qa-MiniLM-L6-cos-v1"]._facts.text()


def test_without_any_model_the_page_says_what_to_do(page: ModelPage) -> None:
    assert here(page) == []
    assert page._none.isVisible()
    assert page.head.title.text() == "Start from MiniLM"
    assert "not on this computer yet" in page.head.explanation.text()
    starter = page.downloads.cards["all-MiniLM-L6-v2"]
    assert starter.get.isHidden()
    assert "set-up" in starter.state.text()


def test_a_download_shows_how_far_it_is_and_ends_as_a_card_to_choose(
    qtbot: QtBot, starter: Path, session: Session, page: ModelPage, hub: Hub
) -> None:
    card = page.downloads.cards[NAME]
    card.get.click()
    assert "Nothing of yours is sent but your hub log-in, where you have one." in card.state.text()
    qtbot.waitUntil(lambda: "120 MB of 268 MB" in card.state.text(), timeout=10_000)
    assert "from huggingface.co" in card.state.text()
    assert card.bar.value() == round(1000 * 120 / 268)
    assert card.stop.isVisible()
    others = [other for other in page.downloads.cards.values() if other is not card]
    assert all("DistilBERT is coming in" in other.get.toolTip() and not other.get.isEnabled() for other in others)
    page.shown()
    assert page.downloads.cards[NAME] is card
    hub.go_on.set()
    qtbot.waitUntil(lambda: NAME in here(page), timeout=10_000)
    assert NAME not in page.downloads.cards
    assert all(other.get.isEnabled() for other in page.downloads.cards.values())
    arrived = next(card for card in page._cards if card.entry.name == NAME)
    assert not arrived.isChecked()
    arrived.click()
    assert session.config.model.base == NAME
    assert arrived.isChecked()
    settle(qtbot)


def test_a_model_really_comes_in_from_a_hub(
    qtbot: QtBot, page: ModelPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = folder_files(model_at(tmp_path / "source", **BERT))
    with serving(FakeHub("distilbert/distilbert-base-uncased", files)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setattr(download, "download", REAL)
        page.downloads.cards[NAME].get.click()
        qtbot.waitUntil(lambda: NAME in here(page), timeout=30_000)
    arrived = page._cards[0].entry.folder
    assert arrived is not None
    assert folder_files(arrived) == files


def test_a_download_is_stopped_and_begun_again(qtbot: QtBot, page: ModelPage, hub: Hub) -> None:
    begin(qtbot, page)
    card = page.downloads.cards[NAME]
    card.stop.click()
    settle(qtbot)
    assert "Stopped. What came is kept" in card.state.text()
    assert card.get.isVisible()
    assert not card.bar.isVisible()
    assert NAME not in here(page)
    begin(qtbot, page)
    assert hub.asked == [NAME, NAME]
    card.stop.click()
    settle(qtbot)


def test_a_download_that_fails_says_why_in_its_place(qtbot: QtBot, page: ModelPage, hub: Hub) -> None:
    hub.problem = Problem("The model hub cannot be reached.", "There is no connection.", "Check it.")
    begin(qtbot, page)
    hub.go_on.set()
    settle(qtbot)
    card = page.downloads.cards[NAME]
    assert card.problem.problem is hub.problem
    assert card.problem.isVisible()
    page.shown()
    assert page.downloads.cards[NAME].problem.isVisible()
    hub.go_on.clear()
    begin(qtbot, page)
    assert not card.problem.isVisible()
    card.stop.click()
    settle(qtbot)


def test_a_download_stays_on_show_when_the_goal_changes(
    qtbot: QtBot, session: Session, page: ModelPage, hub: Hub
) -> None:
    begin(qtbot, page)
    session.change("task.kind", "answer")
    assert next(iter(page.downloads.cards)) == NAME
    assert "SmolLM2-135M-Instruct-original" in page.downloads.cards
    page.downloads.cards[NAME].stop.click()
    settle(qtbot)
    page.shown()
    assert NAME not in page.downloads.cards


def test_the_keyboard_goes_from_the_button_to_stop_and_back(qtbot: QtBot, page: ModelPage) -> None:
    with qtbot.waitActive(page):
        page.activateWindow()
    card = page.downloads.reveal(NAME)
    assert card is not None
    card.get.setFocus()
    QTest.keyClick(card.get, Qt.Key.Key_Space)
    assert card.stop.hasFocus()
    QTest.keyClick(card.stop, Qt.Key.Key_Space)
    settle(qtbot)
    assert card.get.hasFocus()


def test_the_window_may_close_while_something_comes_in(qtbot: QtBot, page: ModelPage) -> None:
    begin(qtbot, page)
    for job in Job.running():
        job.finish_now()
    assert not Job.running()


def test_a_chosen_model_that_was_missing_is_looked_at_when_it_has_come(
    qtbot: QtBot, session: Session, page: ModelPage, messages: Path, hub: Hub
) -> None:
    session.import_file(messages)
    qtbot.waitUntil(lambda: not session.jobs.running, timeout=20_000)
    session.change("model.base", NAME)
    qtbot.waitUntil(lambda: session.trouble is not None and not session.jobs.running, timeout=20_000)
    assert session.trouble is not None
    assert "not on this computer" in session.trouble.what
    begin(qtbot, page)
    hub.go_on.set()
    qtbot.waitUntil(lambda: NAME in here(page), timeout=10_000)
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)
    assert session.trouble is None or "not on this computer" not in session.trouble.what


def test_a_folder_of_your_own_has_a_card_and_survives_reopening(
    qtbot: QtBot, session: Session, starter: Path, tmp_path: Path
) -> None:
    own = model_at(tmp_path / "elsewhere" / "ours", **BERT)
    session.project = create_project(tmp_path / "project", "project")
    page = shown(qtbot, session, Folder(own))
    page.choose_folder()
    assert here(page) == ["all-MiniLM-L6-v2", "ours"]
    card = page._cards[1]
    assert card.isChecked()
    assert str(own) in card.words.text()
    page._cards[0].click()
    assert here(page) == ["all-MiniLM-L6-v2", "ours"]
    assert not card.isChecked()
    page._cards[1].click()
    session.save()
    session.new_project()
    again = shown(qtbot, session)
    assert here(again) == ["all-MiniLM-L6-v2"]
    session.open(tmp_path / "project")
    assert here(again) == ["all-MiniLM-L6-v2", "ours"]
    assert again._cards[1].isChecked()
    settle(qtbot)


def test_a_chosen_folder_that_is_gone_makes_no_card(qtbot: QtBot, session: Session, starter: Path) -> None:
    session.change("model.base", str(starter.parent / "gone"))
    page = shown(qtbot, session)
    assert here(page) == ["all-MiniLM-L6-v2"]
    assert page.head.title.text() == "Start from a model of your own"


def test_the_converted_starter_says_so_and_its_original_is_offered(
    qtbot: QtBot, session: Session, page: ModelPage
) -> None:
    folder = model_at(paths.models() / "SmolLM2-135M-Instruct")
    (folder / starters.MARK_FILE).write_text(json.dumps(asdict(starters.starter(folder.name))))
    session.change("task.kind", "answer")
    page.shown()
    assert "4-bit copy" in page._cards[0].words.text()
    assert page._cards[0].isChecked()
    assert next(iter(page.downloads.cards.values())).get.text() == "Download, about 269 MB"
    assert page.downloads.cards["SmolLM2-135M-Instruct-original"].entry.title == "SmolLM2 135M, the original"
