"""The search box: two models side by side, in the run's passages or in those of a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio import flow
from studio.events import Event, Progressed, Warned
from studio.generation.hits import Hit
from studio.gui.ask import Ask
from studio.gui.pages.try_out import TryPage
from studio.gui.pages.try_search import TrySearch
from studio.gui.session import Session
from studio.gui.widgets.text import Text
from studio.gui.work import trying
from tests.gui import scripted

PASSAGES = ("Bikes stand under the roof.", "Dogs stay at home.", "Flowers are not allowed.")


class Asked(Ask):
    """Chooses the file it was given."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def open_file(self, *_: object, **__: object) -> Path | None:
        return self.file


@pytest.fixture
def slow() -> list[bool]:
    """Not empty: the untouched model reads until it is stopped."""
    return []


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, slow: list[bool]) -> list[tuple[str, ...] | None]:
    """A model that is not loaded: what it was given to read, and it finds what has the query's first letter first."""
    given: list[tuple[str, ...] | None] = []
    opened = SimpleNamespace(
        run=SimpleNamespace(
            resolved=SimpleNamespace(generation=SimpleNamespace(passages=2)),
            config=SimpleNamespace(data=SimpleNamespace(target="passage")),
        )
    )

    def open_warm(_self: trying.Warm, _folder: Path) -> Generator[Progressed, None, Any]:
        yield Progressed("Loading the model")
        return opened

    def read_passages(
        _opened: object, passages: tuple[str, ...] | None = None, **_: object
    ) -> Generator[Event, None, Any]:
        given.append(passages)
        yield Progressed("Reading the passages", 3, 3)
        yield Warned("1 of 3 passages is longer than 8 tokens.", "Part it.")
        return SimpleNamespace(tuned=SimpleNamespace(passages=passages or PASSAGES), untouched=None)

    def read_untouched(_opened: object, shelf: Any, *, should_stop: Callable[[], bool]) -> Generator[Event, None, Any]:
        yield Progressed("The untouched model reads them", 1, 3)
        while len(slow) and not should_stop():
            time.sleep(0.005)
        return None if should_stop() else SimpleNamespace(tuned=shelf.tuned, untouched=shelf.tuned)

    def search(_opened: object, shelf: Any, query: str, *, count: int) -> tuple[list[Hit], list[Hit]]:
        texts = list(shelf.tuned.passages)
        ours = sorted(range(len(texts)), key=lambda place: texts[place][0].lower() != query[0].lower())
        hits = [Hit(texts[place], place, 0.9 - place / 10) for place in ours]
        return hits[:count], hits[::-1][:count] if shelf.untouched is not None else []

    monkeypatch.setattr(trying.Warm, "open", open_warm)
    monkeypatch.setattr(flow, "read_passages", read_passages)
    monkeypatch.setattr(flow, "read_untouched", read_untouched)
    monkeypatch.setattr(flow, "search", search)
    monkeypatch.setattr(flow, "notices", lambda _, query: [Warned(f"{query} is cut.")] if "long" in query else [])
    return given


def face_of(session: Session, folder: Path, ask: Ask | None = None) -> TrySearch:
    scripted.open_project(session, scripted.project(folder, kind="search", judged=False))
    page = TryPage(session, ask or Ask())
    face = page._stack.currentWidget()
    assert isinstance(face, TrySearch)
    face.page = page  # type: ignore[attr-defined]  # keeps it
    return face


def ask(session: Session, face: TrySearch, query: str) -> None:
    face.query.setPlainText(query)
    face.search_button.click()
    scripted.settle(session)


def shown(face: TrySearch, side: str) -> list[str]:
    rows = getattr(face, side)._rows
    return [rows.itemAt(place).widget().accessibleName() for place in range(0, rows.count(), 2)]


def test_both_models_find_their_passages_and_read_them_once(
    qtbot: QtBot, session: Session, tmp_path: Path, read: list[tuple[str, ...] | None]
) -> None:
    face = face_of(session, tmp_path / "search")
    qtbot.addWidget(face.page)  # type: ignore[attr-defined]
    assert "“topic”" in face.where.text()
    ask(session, face, "dogs?")
    assert face.state.text() == "dogs?"
    assert shown(face, "tuned") == [
        "Your model 1: Dogs stay at home., 0.80, found by this model alone",
        f"Your model 2: {PASSAGES[0]}, 0.90",
    ]
    assert shown(face, "untouched")[0] == f"Untouched model 1: {PASSAGES[2]}, 0.70, found by this model alone"
    assert face.note.text().endswith("A blue bar: found by this model alone.")
    assert "Among 3 passages" in face.note.text()
    ask(session, face, "flowers?")
    assert shown(face, "tuned")[0].startswith("Your model 1: Flowers")
    assert face.notices.lines == ("1 of 3 passages is longer than 8 tokens. Part it.",)  # told of every search
    ask(session, face, "long flowers?")
    assert face.notices.lines[0] == "long flowers? is cut."
    assert read == [None]
    assert any(text.text() == "Your model" for text in face.tuned.findChildren(Text))


def test_a_file_is_searched_instead_and_the_table_again(
    qtbot: QtBot, session: Session, tmp_path: Path, read: list[tuple[str, ...] | None]
) -> None:
    other = tmp_path / "pages.csv"
    other.write_text("id,passage\n1,Cats sleep.\n2,Cats sleep.\n3,Birds sing.\n4,\n", encoding="utf-8")
    face = face_of(session, tmp_path / "search", Asked(other))
    qtbot.addWidget(face.page)  # type: ignore[attr-defined]
    ask(session, face, "birds?")
    face.other.click()
    scripted.settle(session)
    assert "pages.csv" in face.where.text()
    assert shown(face, "tuned")[0].startswith("Your model 1: Birds sing.")
    assert not face.own.isHidden()
    assert [line.split(":")[0] for line in face.notices.lines[:2]] == [
        "1 of 4 rows has no passage and is left out. Fill in the empty cells.",
        "1 of 4 rows repeats a passage further up",
    ]
    face.own.click()
    scripted.settle(session)
    assert shown(face, "tuned")[0].startswith("Your model 1: Bikes")
    assert read == [None, ("Cats sleep.", "Birds sing."), None]


def test_an_example_is_searched_with_a_click_and_nothing_is_asked_without_words(
    qtbot: QtBot, session: Session, tmp_path: Path, read: list[tuple[str, ...] | None]
) -> None:
    face = face_of(session, tmp_path / "search")
    qtbot.addWidget(face.page)  # type: ignore[attr-defined]
    face.search()
    assert face.state.text() == "Nothing searched yet"
    face.examples.buttons[0].click()
    scripted.settle(session)
    assert face.state.text() == "is this bold?"


def test_the_models_own_passages_are_there_while_the_untouched_one_reads_and_stay_when_it_is_stopped(
    qtbot: QtBot, session: Session, tmp_path: Path, read: list[tuple[str, ...] | None], slow: list[bool]
) -> None:
    face = face_of(session, tmp_path / "search")
    qtbot.addWidget(face.page)  # type: ignore[attr-defined]
    slow.append(True)
    face.query.setPlainText("dogs?")
    face.search_button.click()
    qtbot.waitUntil(lambda: "1 / 3" in face.waiting.text(), timeout=20_000)
    assert shown(face, "tuned")[0] == "Your model 1: Dogs stay at home., 0.80"
    assert face.untouched.isHidden()
    assert not face.stop_button.isHidden()
    face.stop_button.click()
    scripted.settle(session)
    assert shown(face, "tuned")
    assert face.waiting.isHidden()
    assert face.stop_button.isHidden()
    slow.clear()
    ask(session, face, "flowers?")
    assert not face.untouched.isHidden()
    assert read == [None]
