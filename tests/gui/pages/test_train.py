"""Train: the page before, during and after a run, from a record or live."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.events import Finished, Progressed, Resolved, Sampled, Saved, Stepped, Validated
from studio.gui import words
from studio.gui.pages.train import TrainPage
from studio.gui.pages.training_live import LogCard, ProgressCard, ScoreCard, TrainingLive
from studio.gui.session import Session
from studio.gui.widgets.prompt_box import PromptBox
from studio.gui.widgets.text import Text
from studio.models.fit import Forecast
from studio.runs.history import History
from studio.runs.project import open_project
from tests.gui import scripted


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> TrainPage:
    made = TrainPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_without_a_table_there_is_one_way_on(page: TrainPage, session: Session) -> None:
    assert page.state == "empty"
    assert page._empty is not None
    page._empty.button.click()
    assert session.station == "data"
    assert not page.start.isVisible()


def test_before_a_run_the_form_and_the_examples_are_there(page: TrainPage, session: Session, messages: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert page.state == "before"
    assert page._setup is not None
    assert session.trouble is not None  # no starter model is prepared in a fresh home
    assert page.head.title.text() == "Not ready to learn yet"
    assert page.head.explanation.text() == session.trouble.what
    assert page._setup.prompts[0].text() == session.prompts[0]
    page._setup.preset.segment("quick").click()
    assert session.config.training.preset == "quick"


def test_an_example_can_be_read_whole(qtbot: QtBot) -> None:
    box = PromptBox()
    qtbot.addWidget(box)
    box.setFixedWidth(300)
    box.show()
    heights = []
    for count in (2, 12, 400):  # one line, a few, more than are shown
        box.set_text(" ".join(["word"] * count))
        heights.append(box.height())
    assert heights[0] < heights[1] < heights[2] < 5 * heights[0]
    assert box.toolTip() == box.text()  # longer than its box, it is shown whole where the mouse rests
    box.set_text("a few words")
    assert box.toolTip() == ""


def test_an_example_is_taken_when_somebody_goes_on(qtbot: QtBot) -> None:
    box = PromptBox()
    qtbot.addWidget(box)
    box.set_text("before")
    with qtbot.assertNotEmitted(box.finished):
        QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "only ")
    with qtbot.waitSignal(box.finished):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "only before"


def test_what_it_will_take_is_told_once(page: TrainPage, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page.again.click()
    assert page._setup is not None
    told = Forecast(90, 200, 1 << 30, 16 << 30, 5_000_000, True, "About 2 to 3 minutes for 10 rounds.")
    page._setup.show_forecast(told)
    assert page._setup.forecast_words.text() == told.sentence
    shown = [(name.text(), value.text()) for name, value in page._setup.forecast_pairs._rows]
    assert shown == [
        ("Memory", "1.0 of 16 GB"),
        ("Disk", "up to 5 MB"),
        ("To learn", "48 rows"),
        ("To watch", "6 rows"),
        ("To judge", "6 rows"),
    ]


def test_start_says_why_it_cannot(page: TrainPage, session: Session, messages: Path) -> None:
    session.import_file(messages)
    scripted.settle(session)
    assert session.trouble is not None  # no starter model is prepared in a fresh home
    assert not page.start.isEnabled()
    assert page.start.toolTip() == session.trouble.what
    assert page._setup is not None
    assert page._setup.trouble.problem is session.trouble


def test_a_finished_run_shows_its_record_and_leads_on(page: TrainPage, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    assert page.state == "after"
    assert page.head.title.text() == "Done: 90.0\u00a0% on the watching rows"
    live = page.live
    assert live is not None
    assert live.score.value.text() == "90.0 %"
    assert live.score.chart.reference == (0.6, "Keywords 60 % on the test rows")
    assert [x for x, _ in live.loss.chart.points("watching")] == [0, 10, 20, 30, 40]
    assert len(live.loss.chart.points("training")) == 40
    assert live.progress.left.text() == "Done"
    assert live.log.lines()[0].startswith("All 2 rounds done")
    assert live.strip.frames[0].moment.text() == "before"
    assert "billing" in live.strip.frames[0].answer.text()
    page.next.click()
    assert session.station == "try"


def test_an_interrupted_run_says_where_and_offers_to_go_on(page: TrainPage, session: Session, tmp_path: Path) -> None:
    folder = scripted.project(tmp_path / "torn", kind="classify", ended=False, judged=False)
    scripted.open_project(session, folder)
    assert page.state == "interrupted"
    assert page.head.title.text() == "This run was interrupted at step 40"
    assert "step 40 is saved" in page.head.explanation.text()
    assert page.go_on.isVisible()
    assert not page.next.isVisible()
    assert page.live is not None
    assert page.live.progress.left.text() == "Interrupted"  # no time left is told while nothing learns


def test_a_best_look_that_scores_no_higher_is_not_called_a_new_best(qtbot: QtBot) -> None:
    log = LogCard()
    qtbot.addWidget(log)
    looks = [Validated(0, 0.6, 0.6, True), Validated(10, 0.5, 0.94, True), Validated(20, 0.4, 0.937, True),
             Validated(30, 0.3, 0.937, True), Validated(40, 0.2, 0.95, True)]  # fmt: skip
    begun = replace(scripted.events()[0], watching=500)
    log.show_history(History.of([begun, *looks]))
    assert log.lines() == [
        "New best: 95.0 %.",
        "93.7 % again, at a lower loss.",
        "93.7 % is within chance of 94.0 % on 500 rows, and the loss is lower: this one is kept.",
        "New best: 94.0 %.",
        "Training began.",
    ]


def test_a_long_name_of_a_score_is_read_whole(qtbot: QtBot) -> None:
    card = ScoreCard()
    qtbot.addWidget(card)
    card.setFixedWidth(240)
    card.show()
    begun = replace(scripted.events()[0], score_name="right passage high up (MRR@10)", score_unit="")
    card.show_history(History.of([begun, Validated(0, 0.4, 0.83, True)]), None)
    qtbot.waitUntil(lambda: card.name.height() >= card.name.heightForWidth(card.name.width()) > 0, timeout=1000)
    assert card.name.fontMetrics().horizontalAdvance(card.name.text()) > card.name.width()
    assert card.name.height() > 1.8 * card.name.fontMetrics().height()


def test_nothing_is_pressed_together_in_the_least_window(qtbot: QtBot) -> None:
    live = TrainingLive()
    qtbot.addWidget(live)
    live.resize(728, 463)  # what the window of 1000 by 640 leaves where the title takes two lines
    live.show()
    begun = replace(scripted.events()[0], score_name="closeness to your answers (chrF)")
    steps = [Stepped(n, n / 10, 2.0, 1e-4, 1.0, 100, 0.5, 1 << 30, 5.0) for n in range(1, 11)]
    live.show_history(History.of([begun, *steps, Validated(10, 0.4, 0.53, True), Saved(10, "step-10", True)]), memory=1)

    def is_whole() -> bool:
        texts = [text for card in (live.score, live.progress) for text in card.findChildren(Text) if text.isVisible()]
        return all(text.height() >= text.heightForWidth(text.width()) for text in texts)

    qtbot.waitUntil(is_whole, timeout=1000)
    assert not live.progress.pairs.isVisible()
    assert live.log.isVisible()
    live.progress.more.click()
    qtbot.waitUntil(lambda: live.progress.pairs.isVisible() and is_whole(), timeout=1000)
    assert live.progress.geometry().bottom() <= live.height()
    live.progress.more.click()
    assert live.log.isVisible()
    live.resize(900, 700)
    assert live.progress.pairs.isVisible()
    assert live.score.chart.isVisible()


def test_where_the_loss_decides_the_words_say_so(page: TrainPage, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    begun = replace(scripted.events()[0], watching=16, best_by="loss", score_name="rank agreement", score_unit="",
                    total_steps=12)  # fmt: skip
    looks = [Validated(0, 0.62, 0.59, True), Validated(1, 0.59, 0.564, True), Validated(6, 0.6, 0.628, False)]
    steps = [Stepped(n, 0.5, 0.1, 1e-4, 1.0, 500, 0.25, 2**30, 1.0) for n in range(1, 7)]
    ended = Finished(6, 1, "No lower loss in 4 looks")
    session.history, session.run_status = History.of([begun, *steps, *looks, ended]), "finished"
    session.changed.emit(frozenset({"run"}))
    assert page.head.title.text() == "Done: rank agreement 0.56"
    live = page.live
    assert live is not None
    assert live.score.value.text() == "0.56"
    assert live.score.when.text() == "at step 1, where the loss is lowest; latest look 0.63"
    assert live.log.lines()[:2] == [
        "No lower loss in 4 looks. The model of step 1 is kept, which has the lowest loss.",
        "Lowest loss so far: 0.59 (rank agreement 0.56).",
    ]
    assert live.progress.left.text() == "Ended early, as it got no better"
    assert live.progress.steps.text() == "after 6 of 12 steps"
    begun = replace(begun, score_name="right words (F1)", score_unit="%")  # per cent of what
    session.history = History.of([begun, *steps, *looks, ended])
    session.changed.emit(frozenset({"run"}))
    assert page.head.title.text() == "Done: right words 56.4\u00a0%"


def test_where_the_score_decides_a_higher_one_that_is_not_kept_is_explained(
    page: TrainPage, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    looks = [Validated(0, 0.6, 0.5, True), Validated(10, 0.4, 0.9, True), Validated(20, 0.5, 0.93, False)]
    begun = replace(scripted.events()[0], watching=30)
    session.history, session.run_status = History.of([begun, *looks]), "finished"
    session.changed.emit(frozenset({"run"}))
    assert page.live is not None
    said = "at step 10; latest look 93.0 %, within chance of it on 30 rows and less sure"
    assert page.live.score.when.text() == said


def test_a_quick_try_has_no_empty_curve(page: TrainPage, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    fit = Progressed("A quick first fit", 1, 1)
    begun = replace(scripted.events()[0], total_steps=0)
    events = [fit, begun, Validated(0, 0.9, 0.644, True), Sampled(0, "Hi", "billing", 0.6), Saved(0, "step-0", True),
              Finished(0, 0, "The last layer is fitted")]  # fmt: skip
    session.history, session.run_status = History.of(events), "finished"
    session.changed.emit(frozenset({"run"}))
    live = page.live
    assert live is not None
    assert not live.loss.isVisibleTo(live)
    assert live.one_fit.isVisibleTo(live)
    assert "There are no steps, and so no curve" in live.one_fit.words.text()
    assert live.progress.pairs._rows[0][1].text() == words.clock(events[-2].time)
    assert live.strip.isVisibleTo(live)


def test_in_what_numbers_it_computes_folds_out(qtbot: QtBot) -> None:
    card = ProgressCard()
    qtbot.addWidget(card)
    history = History.of([*scripted.events(steps=10), Resolved("training.precision", "fp32", "as fast")])
    card.show_history(history, memory=2**34, standing="Done")
    assert not card.numbers.isVisibleTo(card)
    card.more.click()
    assert card.numbers.isVisibleTo(card)
    assert card.numbers.text().startswith("It computes with full-length numbers (32-bit)")


def test_a_stopped_run_can_be_tried_or_continued(page: TrainPage, session: Session, tmp_path: Path) -> None:
    folder = scripted.project(tmp_path / "halved", kind="classify", stopped=True, judged=False)
    scripted.open_project(session, folder)
    assert page.state == "after"
    assert page.head.title.text() == "Stopped: 90.0\u00a0% on the watching rows"
    assert page.next.isVisible()
    assert page.go_on.isVisible()
    assert page.go_on.property("kind") == "secondary"  # one loud button a page


def test_a_run_stopped_before_its_first_look_at_what_it_learned_can_be_tried(
    page: TrainPage, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    assert not page.go_on.isVisible()
    early = scripted.events(steps=5, stopped=True)
    session.history, session.run_status = History.of(early), "stopped"
    session.changed.emit(frozenset({"run"}))
    assert page.head.title.text() == "Stopped"
    assert page.next.isVisible()
    assert page.go_on.isVisible()


def test_training_anew_makes_room_and_keeps_the_run(page: TrainPage, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page.again.click()
    assert page.state == "before"
    assert len(open_project(sorted_project).runs()) == 1


def test_a_record_that_is_another_one_starts_the_log_anew(
    page: TrainPage, session: Session, sorted_project: Path
) -> None:
    scripted.open_project(session, sorted_project)
    assert page.live is not None
    page.live.log.show_history(History.of(scripted.events(steps=10)))
    assert page.live.log.lines()[-1] == "Training began."
    assert len(page.live.log.lines()) == 4  # began, the reason for the rows a step, a new best, the end
