"""Train: what the page says and offers at every moment of a run, and what is asked before the window closes on it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.events import (
    Event,
    Failed,
    Paused,
    Progressed,
    Resolved,
    Saved,
    Started,
    Stepped,
    Stopped,
    Validated,
    Warned,
)
from studio.gui import training_words, words
from studio.gui.job import Control
from studio.gui.pages.runs import RunsPage
from studio.gui.pages.train import TrainPage
from studio.gui.session import Session
from studio.runs.history import History
from studio.runs.run import Status
from tests.gui import scripted

PREPARING: list[Event] = [
    Progressed("Warming up…"),
    Progressed("Looking at the rows"),
    Progressed("Warming up"),
    Warned("6 texts stand in the table again."),
    Progressed("Loading the model"),
    Resolved("training.precision", "fp32", "16-bit is slower here"),
    Progressed("Reading every row once", 3000, 9000),
]
LEARNING = [*PREPARING, Progressed("A quick first fit"), *scripted.events(steps=40, ended=False)]
BEGUN = LEARNING[: next(n for n, event in enumerate(LEARNING) if isinstance(event, Started)) + 1]


@pytest.fixture
def page(qtbot: QtBot, session: Session, sorted_project: Path) -> TrainPage:
    scripted.open_project(session, sorted_project)
    made = TrainPage(session)
    qtbot.addWidget(made)
    made.resize(948, 720)
    made.show()
    return made


def run(qtbot: QtBot, session: Session, told: Sequence[Event]) -> None:
    """Let a training job tell all this and then wait until it is asked to stop."""

    def work(control: Control) -> Iterator[object]:
        yield from told
        while not control.should_stop():
            time.sleep(0.005)

    assert session.run is not None
    session._learning, session.history = session.run.folder, History()
    session._begin("training", "Training", work, heavy=False)
    session.changed.emit(frozenset({"run", "job"}))
    with qtbot.waitSignal(session.happened, check_params_cb=lambda _, events: told[-1] in events):
        pass


def drawn(page: TrainPage) -> TrainPage:
    page._draw()
    return page


def test_getting_ready_is_told_stage_by_stage(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, PREPARING)
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Getting ready to learn"
    assert page.head.explanation.text().startswith("Nothing is learned yet.")
    told = [row.words.text() for row in live.ready.stages if not row.isHidden()]
    assert told == ["Looking at the rows", "Warming up", "Loading the model", "Reading every row once…"]
    assert live.ready.share.text() == "3,000 of 9,000 rows"
    assert (live.ready.bar.value(), live.ready.bar.maximum()) == (3000, 9000)
    assert not live.loss.isVisible()  # no invented axis
    assert not live.score.isVisible()
    assert not live.progress.isVisible()  # no zero figures
    assert page.stop.text() == "Stop"  # there is no best to keep
    assert page.pause.toolTip() == "It can be paused once it learns."


def test_a_stage_without_a_share_has_no_bar(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, PREPARING[:-1])
    live = drawn(page).live
    assert live is not None
    assert not live.ready.bar.isVisible()
    assert not live.ready.share.isVisible()


def test_the_first_look_is_told_as_what_it_is(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, BEGUN)
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Getting ready to learn"
    assert live.ready.stages[-1].words.text() == "Measuring the model after a quick first fit…"
    assert live.ready.bar.maximum() == 0  # it moves: how far the look is, is not known
    assert not live.ready.share.isVisible()


def test_stopping_before_the_first_step_promises_nothing(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, PREPARING)
    asked = training_words.closing(session)
    assert asked.question == "The model is still getting ready."
    assert "Nothing was learned yet, so nothing is lost" in asked.explanation
    assert asked.yes == "Close"
    session.stop()
    assert page.head.title.text() == "Stopping"
    assert page.head.explanation.text() == "Nothing was learned yet, and nothing is lost."
    assert page.live is not None
    assert page.live.ready.rest.text() == "It ends as soon as what it does now is done. Nothing was learned yet."
    assert not page.stop.isEnabled()


def test_a_run_that_was_stopped_before_it_learned_promises_no_curves(page: TrainPage, session: Session) -> None:
    session.history, session.run_status = History.of([*PREPARING, Stopped(0, 0)]), "stopped"
    session.changed.emit(frozenset({"run"}))
    assert page.live is not None
    assert page.head.title.text() == "Stopped before the first step"
    assert page.live.ready.rest.text().startswith("There are no curves, as nothing was learned yet.")
    assert page.live.log.lines()[0].startswith("Stopped before the first step.")
    assert not any(line.startswith("Training began") for line in page.live.log.lines())
    assert not page.go_on.isHidden()


@pytest.mark.parametrize("fitted", [True, False])
def test_a_score_before_the_first_step_says_what_it_is_of(page: TrainPage, session: Session, fitted: bool) -> None:
    told = [event for event in BEGUN if fitted or event != Progressed("A quick first fit", time=event.time)]
    session.history, session.run_status = History.of([*told, *NO_BETTER]), "finished"
    session.changed.emit(frozenset({"run"}))
    assert page.live is not None
    when = page.live.score.when
    assert when.text().startswith("after a quick first fit;" if fitted else "before it learned;")
    assert when.toolTip().startswith("In a few seconds the model's last layer") == fitted


def test_a_run_that_went_on_keeps_its_first_start(page: TrainPage, session: Session) -> None:
    assert session.run is not None
    again = replace(scripted.events()[0], step=40, time=session.run.created + 3 * 3600)
    session.history, session.run_status = History.of([*scripted.events(stopped=True), again]), "stopped"
    session.changed.emit(frozenset({"run"}))
    assert page.head.explanation.text().startswith(f"Started {words.clock(session.run.created)} · ")


def test_what_is_said_again_stands_once(page: TrainPage) -> None:
    page._show_state()
    assert page.live is not None
    sure = [Validated(step, 1.0 - step / 100, 1.0, True, time=1.8e9 + step) for step in (0, 10, 20, 30)]
    page.live.log.show_history(History.of([*scripted.events()[:2], *sure]))
    assert page.live.log.lines()[0] == "100.0 % again, at a lower loss. (3 times)"
    assert not any("again" in line for line in page.live.log.lines()[1:])


def test_the_list_of_runs_says_that_one_is_stopping(
    qtbot: QtBot, page: TrainPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = RunsPage(session)
    qtbot.addWidget(listed)
    listed.shown()
    scripted.settle(session)
    row = replace(listed.rows()[0], status="running")
    run(qtbot, session, PREPARING)
    monkeypatch.setattr(Session, "busy_run", row.run.folder)
    assert listed._state_of(row)[0] == "Learning"
    session.stop()
    assert listed._state_of(row)[0] == "Stopping"


def test_a_peak_of_the_curve_is_held_or_named(page: TrainPage) -> None:
    page._show_state()
    assert page.live is not None
    calm = scripted.events(steps=100)
    for loss, is_held in ((2.5, True), (50.0, False)):
        told = [
            replace(event, loss=loss) if isinstance(event, Stepped) and event.step == 60 else event for event in calm
        ]
        page.live.loss.show_history(History.of(told))
        assert (page.live.loss.chart.high > loss) == is_held
        assert ("peaks up to 50 cut off" in page.live.loss.legend.accessibleName()) != is_held


def test_while_it_learns_pausing_and_stopping_are_told(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, LEARNING)
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Learning from 48 rows"
    assert live.loss.isVisible()
    assert live.loss.legend.accessibleName() == "training 0.546, watching rows 0.569"
    assert live.score.when.text() == "at step 40"
    assert live.progress.left.text() == "A few seconds left"
    assert live.strip.frames[0].moment.text() == "quick first fit"
    assert live.strip.frames[3].moment.text() == "now"
    assert page.stop.text() == "Stop and keep the best"
    session.pause()
    assert page.head.title.text() == "Pausing after this step"
    assert page.pause.text() == "Continue"
    session.pause()
    assert page.head.title.text() == "Learning from 48 rows"
    assert training_words.closing(session).explanation.startswith("It stops after this step and saves")
    session.stop()
    assert page.head.title.text() == "Stopping"
    assert page.head.explanation.text() == "What it learned up to step 40 is kept."
    assert live.progress.left.text() == "Stopping"


def test_a_fit_between_two_steps_is_told_in_the_place_of_the_time(
    page: TrainPage, session: Session, qtbot: QtBot
) -> None:
    run(qtbot, session, [*LEARNING, Progressed("Fitting the last layer again", 1000, 9000, is_midway=True)])
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Learning from 48 rows"
    assert live.progress.left.text() == "Fitting the last layer again"
    assert page.pause.isEnabled()


def test_a_pause_is_told_when_it_has_begun(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, [*LEARNING, Paused(40)])
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Paused at step 40"
    assert live.progress.left.text() == "Paused"
    asked = training_words.closing(session)
    assert asked.question == "Learning is paused."
    assert "up to step 40 is saved" in asked.explanation


def test_going_on_keeps_the_curves_while_it_gets_ready(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    run(qtbot, session, [*scripted.events(steps=40, stopped=True), *PREPARING])
    live = drawn(page).live
    assert live is not None
    assert page.head.title.text() == "Getting ready to go on"
    assert "up to step 40 is kept" in page.head.explanation.text()
    assert live.loss.isVisible()
    assert live.progress.left.text() == "Reading every row once"
    assert "up to step 40 is kept" in training_words.closing(session).explanation


def test_a_second_attempt_tells_its_own_stages_alone(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    stopped: list[Event] = [*BEGUN, Saved(0, "step-0", False), Stopped(0, 0)]
    run(qtbot, session, stopped)
    live = drawn(page).live
    assert live is not None
    assert [row.words.text() for row in live.ready.stages if not row.isHidden()] == ["Getting ready…"]
    session.history = History.of([*stopped, Progressed("Warming up")])
    drawn(page)
    assert [row.words.text() for row in live.ready.stages if not row.isHidden()] == ["Warming up…"]


FAILED = Failed("Training ran off: 3 steps in a row gave no usable numbers.")
NO_BETTER = [Validated(0, 1.0, 0.6, True), Validated(40, 2.0, 0.4, False)]


@pytest.mark.parametrize(
    ("told", "status", "title", "explained", "left"),
    [
        (LEARNING, "interrupted", "This run was interrupted at step 40", "Everything up to step 40 is", "Interrupted"),
        (PREPARING, "interrupted", "This run was interrupted before its first step", "Nothing was learned yet", ""),
        ([*LEARNING, FAILED], "failed", "This run ended early at step 40", FAILED.what, "Ended early"),
        ([*BEGUN, FAILED], "failed", "This run ended before its first step", FAILED.what, ""),
        ([*LEARNING, Stopped(40, 40)], "stopped", "Stopped: 90.0 % on the watching rows", "Started ", "Stopped"),
        (
            [*BEGUN, Saved(0, "step-0", False), Stopped(0, 0)],
            "stopped",
            "Stopped before the first step",
            "Nothing was learned, and nothing is lost.",
            "",
        ),
        (scripted.events(), "finished", "Done: 90.0 % on the watching rows", "Started ", "Done"),
        (
            [*BEGUN, *NO_BETTER],
            "finished",
            "Done: no better than after a quick first fit",
            "Started ",
            "Ended early, as it got no better",
        ),
    ],
)
def test_at_rest_it_says_how_it_came_to_that(
    page: TrainPage, session: Session, told: list[Event], status: Status, title: str, explained: str, left: str
) -> None:
    session.history, session.run_status = History.of(told), status
    session.changed.emit(frozenset({"run"}))
    live = page.live
    assert live is not None
    assert page.head.title.text() == words.unbroken(title)
    assert page.head.explanation.text().startswith(explained)
    assert live.progress.isVisible() == bool(left)
    if left:
        assert live.progress.left.text() == left
    else:
        assert not any(row.isVisible() for row in live.ready.stages)  # nothing goes on
    assert all(frame.moment.text() != "now" for frame in live.strip.frames)
