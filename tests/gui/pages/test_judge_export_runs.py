"""Judge, Export and Runs: what is known is shown, and what is not has one action."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.config.edit import change
from studio.config.goals import TaskKind
from studio.evaluation.report import Figure, readable
from studio.evaluation.verdict import Way
from studio.events import Event, Exported, Progressed, Saved, Stopped, Validated, Verified
from studio.export.formats import formats_for
from studio.gui.ask import Ask
from studio.gui.job import Control
from studio.gui.pages.export import ExportPage
from studio.gui.pages.judge import JudgePage
from studio.gui.pages.judge_figures import Figures
from studio.gui.pages.judge_report import JudgeReport
from studio.gui.pages.report_card import ReportCard
from studio.gui.pages.runs import RunsPage
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.text import Text
from studio.gui.work import running, trying
from studio.runs.exports import Proof, note_exports
from studio.runs.history import History
from tests.gui import scripted


class Asked(Ask):
    """Answers with what it was given, and remembers the question."""

    def __init__(self, *, out: Path | None = None, yes: bool = False) -> None:
        self.out, self.yes, self.explanation = out, yes, ""

    def save_as(self, *_: object, **__: object) -> Path | None:
        return self.out

    def confirm(self, *_: object, explanation: str = "", **__: object) -> bool:
        self.explanation = explanation
        return self.yes


def test_a_report_is_shown_and_saved(qtbot: QtBot, session: Session, sorted_project: Path, tmp_path: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked(out=tmp_path / "report.md"))
    qtbot.addWidget(page)
    page.show()
    assert page.head.title.text() == "Is it better? Yes, clearly."
    assert "<b>93 of 100</b> &lt;right&gt;" in page._report.statement.text()
    assert [bar.name for bar in page._report.ways.bars] == ["Keywords", "Your model"]
    assert page._report.rows_title.text() == "Surest mistakes"
    page.save.click()
    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("# Is it better?")
    page.next.click()
    assert session.station == "export"


def test_a_cell_shows_its_rows(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    shown = page._report
    shown.table.chosen.emit("billing", "refill")
    assert shown.rows_title.text() == "“billing” taken for “refill”"
    assert shown.rows.count() == 1
    shown.table.chosen.emit("refill", "refill")
    assert shown.rows_title.text() == "“refill”: 10 rows right"
    shown.all_rows.click()
    assert shown.rows_title.text() == "Surest mistakes"


def test_many_labels_become_the_pairs_mixed_up_most(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    page._report.show_report(scripted.report("classify", [*scripted.LABELS, *(f"label {n}" for n in range(20))]))
    assert page._report.table.isHidden()
    assert page._report._pairs.count() == 1


def test_mistakes_beyond_the_listed_pairs_are_counted(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    report = scripted.report("classify", [*scripted.LABELS, *(f"label {n}" for n in range(20))])
    page._report.show_report(replace(report, wrong=report.confused[0].count + 2))
    last = page._report._pairs.itemAt(page._report._pairs.count() - 1)
    assert last is not None
    said = last.widget()
    assert isinstance(said, Text)
    assert said.text() == "and 2 more mistakes"


def test_the_text_of_a_mistake_has_room_beside_or_above_its_labels(
    qtbot: QtBot, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    for width in (960, 1500):
        page.resize(width, 700)
        QGuiApplication.processEvents()
        item = page._report.rows.itemAt(0)
        assert item is not None
        row = item.widget()
        assert row is not None
        assert max(text.width() for text in row.findChildren(Text)) >= 250
    assert page._report.rows_key.isVisible()


def test_answers_are_shown_beside_the_untouched_ones(qtbot: QtBot, session: Session, answered_project: Path) -> None:
    scripted.open_project(session, answered_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    assert page._report.confusion_card.isHidden()
    assert page._report.rows_title.text() == "Least close answers"


def test_long_lists_show_their_first_rows_and_then_the_rest(
    qtbot: QtBot, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    few = scripted.report("classify")
    page._report.show_report(replace(few, mistakes=few.mistakes * 9))
    assert page._report.rows.count() == 6
    assert page._report.more.text() == "Show 3 more"
    page._report.more.click()
    assert page._report.rows.count() == 9
    assert page._report.more.isHidden()


def test_figures_stand_with_their_ranges(qtbot: QtBot, session: Session, answered_project: Path) -> None:
    scripted.open_project(session, answered_project)
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    figure = Figure("perplexity", "Surprise a token (perplexity)", 2.91, 2.75, 3.1, untouched=14.2, digits=2)
    page._report.show_report(replace(scripted.report("answer"), figures=(figure,)))
    shown = [text.text() for text in page._report.figures.findChildren(Text)]
    assert "2.91 (2.75 – 3.10)" in shown
    assert "14.20" in shown


def test_a_name_stands_above_its_values_where_there_is_little_room(qtbot: QtBot) -> None:
    figures = Figures()
    qtbot.addWidget(figures)
    figures.show()
    name = "Off by, on average (mean absolute error)"
    figures.resize(800, 300)
    figures.show_figures([Figure("mae", name, 1.7, 1.2, 2.2, untouched=1.6)])

    def tops() -> list[int]:
        QApplication.processEvents()
        texts = {text.text(): text for text in figures.findChildren(Text) if text.isVisibleTo(figures)}
        return [texts[said].geometry().top() for said in (name, "1.7 (1.2 – 2.2)")]

    assert tops()[0] == tops()[1]
    figures.resize(300, 300)
    assert tops()[0] < tops()[1]


def test_not_judged_yet_has_one_action(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(_: Control, folder: Path, **__: Any) -> Iterator[object]:
        yield Progressed("Asking", 1, 2)
        scripted.report("classify").write(folder)

    monkeypatch.setattr(trying, "judge", judge)
    scripted.open_project(session, scripted.project(tmp_path / "fresh", kind="classify", judged=False))
    page = JudgePage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    assert page.state == "ready"
    with qtbot.waitSignal(session.ended, timeout=30_000):
        page._empty.button.click()
    assert page.state == "judged"
    assert page.next.isVisible()


@pytest.mark.parametrize(
    ("right", "words", "kind"),
    [(50, "✓ Verified 50 of 50 answers", "good"), (49, "49 of 50 answers agree", "bad")],
)
def test_an_export_shows_its_proof_and_remembers_it(
    qtbot: QtBot, session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch,
    right: int, words: str, kind: str,
) -> None:  # fmt: skip
    def export(_: Control, folder: Path, to: str, out: Path) -> Iterator[object]:
        def events() -> Iterator[Event]:
            out.mkdir(parents=True)
            yield Progressed("Writing the weights")
            yield Exported(str(out), to, 91_000_000)
            yield Verified(str(out), right, 50, "" if right == 50 else "“x” became “y”.")

        yield from note_exports(folder, events())

    monkeypatch.setattr(trying, "export", export)
    scripted.open_project(session, sorted_project)
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    card = page.cards["classifier"]
    assert card.badge.text == "Not exported yet"
    with qtbot.waitSignal(session.ended, timeout=30_000):
        card.export.click()
    assert (card.badge.text, card.badge.kind) == (words, kind)
    assert card.difference.isVisible() == (right < 50)
    assert card.show_folder.isVisible()
    assert session.exports["classifier"].total == 50
    place = json.dumps(session.exports["classifier"].path, ensure_ascii=False)
    assert f"model={place}" in page.use.code.code()
    assert len(page.use.code.code().splitlines()) == 3
    page.use.code.copy.click()
    assert QGuiApplication.clipboard().text() == page.use.code.code()


@pytest.mark.parametrize("kind", ["find", "search", "rate", "prefer"])
def test_every_goal_has_its_formats(qtbot: QtBot, session: Session, tmp_path: Path, kind: TaskKind) -> None:
    scripted.open_project(session, scripted.project(tmp_path / "own", kind="classify", judged=False))
    assert session.run is not None
    session.run = replace(session.run, config=change(session.run.config, "task.kind", kind))
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    assert list(page.cards) == list(formats_for(kind, session.run.resolved.model.method or "full"))
    assert all(card.text.text() for card in page.cards.values())
    if kind == "rate":
        assert "rates texts" in page.cards["classifier"].text.text()


def test_a_double_click_on_export_does_not_stop_it_and_a_stop_is_told(
    qtbot: QtBot, session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copying(control: Control, **_: object) -> Iterator[object]:
        yield Progressed("Another program answers the same questions", 0, 50)
        while not control.should_stop():
            time.sleep(0.01)

    monkeypatch.setattr(trying, "export", copying)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))  # seconds to import, and not needed here
    scripted.open_project(session, sorted_project)
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    card = page.cards["classifier"]
    narrow = card.minimumSizeHint().width()
    QTest.mouseClick(card.export, Qt.MouseButton.LeftButton)
    told = "Another program answers the same questions 0 of 50"
    qtbot.waitUntil(lambda: card.doing.text() == told)
    assert card.badge.text == "At work"
    assert card.minimumSizeHint().width() <= narrow + 20  # what it says wraps, and makes no column wider
    QTest.mouseDClick(card.stop, Qt.MouseButton.LeftButton)  # the second half of a double click
    job = session.jobs["exporting"]
    assert job is not None
    assert not job.is_stopping
    qtbot.wait(QGuiApplication.styleHints().mouseDoubleClickInterval() + 20)
    QTest.mouseClick(card.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "exporting" not in session.jobs)
    assert card.stopped.isVisible()
    assert card.stopped.text() == "Stopped. Nothing was written."
    assert card.export.isVisible()


def test_no_format_is_cut_off_in_a_small_window(
    qtbot: QtBot, session: Session, sorted_project: Path, tmp_path: Path
) -> None:
    scripted.open_project(session, sorted_project)
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    page.resize(970, 720)  # what a window of 1180 leaves to a page
    page.show()
    page.cards["classifier"].show_state(Proof(str(tmp_path), 91_000_000, 50, 50), running="", blocked="")
    inside, room = page._list.widget(), page._list.viewport()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= room.width()


def test_models_that_answer_need_more_than_three_lines(qtbot: QtBot, session: Session, answered_project: Path) -> None:
    scripted.open_project(session, answered_project)
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    assert page.use.isHidden()


def test_the_report_card_says_only_what_was_measured(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    scripted.open_project(session, scripted.project(tmp_path / "fresh", kind="classify", judged=False))
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    shown = {name.text(): value.text() for name, value in page.card.pairs._rows}
    assert shown["Learned from"] == "48 rows, 2 labels"
    assert shown["Judged"].startswith("not yet")


def test_a_quick_try_is_said_to_have_trained_the_last_layer(
    qtbot: QtBot, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    assert session.run.trained == "the upper half of the layers"  # few rows
    quick = replace(session.run, resolved=change(session.run.resolved, "training.approach", "frozen"))
    card = ReportCard()
    qtbot.addWidget(card)
    card.show_run(quick, session.history, None)
    assert "the last layer only" in [text.text() for text in card.findChildren(Text)]


def test_the_report_card_says_which_step_was_kept_without_a_look(
    qtbot: QtBot, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    assert session.run is not None
    begun, *_ = scripted.events(steps=22)
    card = ReportCard()
    qtbot.addWidget(card)
    history = History.of([begun, Validated(0, 3.0, 0.2, True), Saved(2, "step-2", False), Stopped(2, 2)])
    card.show_run(session.run, history, None)
    assert "step 2 of 22, stopped before it was measured" in [text.text() for text in card.findChildren(Text)]


def test_an_agreement_has_one_form_everywhere(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    ways = (Way("always", "Always the average", 0.0, 0.0, 0.0), Way("tuned", "Your model", 0.791, 0.4, 0.95, True))
    report = replace(scripted.report("classify"), ways=ways, score_unit="", score_name="Order that agrees (Spearman)")
    scripted.open_project(session, sorted_project)
    page = JudgeReport()
    qtbot.addWidget(page)
    page.show_report(report)
    assert [bar.shown for bar in page.ways.bars] == ["0.00", "0.79"]
    assert page.measured.text() == "Order that agrees (Spearman)"
    assert "| **Your model** | 0.79 | 0.40 to 0.95 |" in readable(report)
    assert session.run is not None
    card = ReportCard()
    qtbot.addWidget(card)
    card.show_run(session.run, session.history, report)
    assert "0.79 (0.40 to 0.95)" in [text.text() for text in card.findChildren(Text)]


def test_the_report_card_ends_where_its_words_end(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = ExportPage(session, Asked())
    qtbot.addWidget(page)
    page.resize(1200, 900)
    page.show()
    shown = {name.text(): value.text() for name, value in page.card.pairs._rows}
    assert shown["Right"] == "93.0 % (85.0 to 97.0 %)"
    assert shown["Weakest at"] == "billing (80 % of its 10 test rows found)"
    assert page.card.height() < 500


def test_runs_are_listed_and_deleted_after_a_question(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    ask = Asked(yes=False)
    page = RunsPage(session, ask)
    qtbot.addWidget(page)
    page.show()
    session.go_to("runs")
    page.shown()
    scripted.settle(session)
    assert page.head.title.text() == "1 run"
    assert page.rows()[0].score == pytest.approx(0.9)
    delete = next(b for b in page.findChildren(Button) if b.accessibleName() == "Delete run-1")
    delete.click()
    assert session.run is not None
    assert "cannot be undone" in ask.explanation
    ask.yes = True
    delete.click()
    scripted.settle(session)
    assert session.run is None
    assert page.rows() == ()
    assert page._stack.currentIndex() == 0


def test_a_stopped_run_is_continued_from_the_list(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on: list[Path] = []

    def go_on(_: Control, folder: Path) -> Iterator[object]:
        went_on.append(folder)
        yield Progressed("Warming up")

    monkeypatch.setattr(running, "go_on", go_on)
    scripted.open_project(session, scripted.project(tmp_path / "halved", kind="classify", stopped=True))
    page = shown_runs(qtbot, session)
    with qtbot.waitSignal(session.ended, timeout=60_000):
        button(page, "Continue run-1").click()
    assert [folder.name for folder in went_on] == ["run-1"]


def test_a_finished_run_has_nothing_to_continue(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = shown_runs(qtbot, session)
    assert "Continue run-1" not in {found.accessibleName() for found in page.findChildren(Button)}


def test_a_run_that_is_judged_cannot_be_deleted_from_the_list(
    qtbot: QtBot, session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(control: Control, **_: Any) -> Iterator[object]:
        while not control.should_stop():
            yield Progressed("Asking", 1, 2)

    monkeypatch.setattr(trying, "judge", judge)
    scripted.open_project(session, sorted_project)
    page = shown_runs(qtbot, session)
    session.judge()
    delete = button(page, "Delete run-1")
    assert not delete.isEnabled()
    assert delete.toolTip() == "“Judging” is still running."
    session.stop("judging")
    scripted.settle(session)
    assert button(page, "Delete run-1").isEnabled()


def shown_runs(qtbot: QtBot, session: Session) -> RunsPage:
    page = RunsPage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    page.shown()
    scripted.settle(session)
    return page


def button(page: RunsPage, name: str) -> Button:
    """The newest one of this name: rows that were replaced go at the next turn of the event loop."""
    return [found for found in page.findChildren(Button) if found.accessibleName() == name][-1]


def test_a_run_is_opened_from_the_list(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    session.choose_run(None)
    page = RunsPage(session, Asked())
    qtbot.addWidget(page)
    page.show()
    page.shown()
    scripted.settle(session)
    next(b for b in page.findChildren(Button) if b.accessibleName() == "Open run-1").click()
    assert session.run is not None
    assert session.station == "train"
