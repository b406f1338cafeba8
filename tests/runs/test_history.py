"""A History gathers events into lists, and a recorded run replays into the same lists."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from studio.events import (
    Continued,
    Event,
    Failed,
    Finished,
    Noted,
    Paused,
    Progressed,
    Resolved,
    Sampled,
    Saved,
    Started,
    Stepped,
    Stopped,
    Validated,
    Warned,
    to_json,
)
from studio.runs.history import History, replay


def started(step: int) -> Started:
    return Started("run", step, 9, 8, 1.0, "cpu", "fp32", "tiny", "lora", 100, 10, "accuracy", 2)


def stepped(step: int, loss: float = 2.0) -> Stepped:
    return Stepped(step, 0.1 * step, loss, 1e-3, 1.0, 64, 0.5, 1000, 3.0)


RUN: list[Event] = [
    Noted("Read 8 rows."),
    Resolved("training.precision", "fp32", "16-bit is no faster here"),
    started(0),
    Validated(0, 3.0, 0.2, True),
    Sampled(0, "Hello", "?"),
    Saved(0, "step-0", True),
    stepped(1, 3.0),
    stepped(2, 1.0),
    Warned("Step 3 was skipped.", "Lower the learning rate."),
    Validated(3, 2.0, 0.6, True),
    Saved(3, "step-3", True),
    stepped(4, 1.0),
    Validated(4, 2.5, 0.5, False),
    Finished(4, 3, "All 1 rounds done"),
]


def test_lists_are_of_one_length_and_in_order() -> None:
    history = History.of(RUN)
    assert history.steps == [1, 2, 4]
    assert history.losses == [3.0, 1.0, 1.0]
    assert history.seconds == [0.5] * 3
    assert history.tokens == [64] * 3
    assert history.memory == [1000] * 3
    assert history.speed() == 128.0
    assert [look.step for look in history.looks] == [0, 3, 4]
    assert history.best is not None
    assert history.best.step == 3
    assert history.step == 4
    assert history.state == "finished"
    assert isinstance(history.ended, Finished)


def test_the_running_average_starts_at_the_first_loss_and_lags_behind() -> None:
    history = History.of(RUN)
    assert history.smoothed[0] == pytest.approx(3.0)
    assert history.smoothed[1] == pytest.approx((0.9 * 3.0 + 1.0) / 1.9)
    flat = History.of([stepped(n, 1.5) for n in range(1, 40)])
    assert flat.smoothed == pytest.approx([1.5] * 39)


def test_the_log_is_in_words_with_its_severity() -> None:
    notes = History.of(RUN).notes
    assert [(note.severity, note.text) for note in notes] == [
        ("note", "Read 8 rows."),
        ("note", "Training began."),
        ("warning", "Step 3 was skipped. Lower the learning rate."),
        ("note", "All 1 rounds done. The model of step 3 is kept."),
    ]


def test_going_on_from_a_checkpoint_makes_later_steps_again() -> None:
    history = History.of([*RUN[:-1], started(3), stepped(4, 1.0)])
    assert history.steps == [1, 2, 4]
    assert history.smoothed == History.of(RUN).smoothed
    assert [look.step for look in history.looks] == [0, 3]
    assert history.state == "running"
    assert history.ended is None


def test_going_on_from_the_checkpoint_before_training_keeps_its_look() -> None:
    history = History.of([*RUN[:8], started(0), stepped(1, 3.0)])
    assert [look.step for look in history.looks] == [0]
    assert len(history.samples) == len(history.saved) == 1
    assert history.steps == [1]


def test_starting_over_forgets_the_first_look() -> None:
    begun: list[Event] = [started(0), Validated(0, 3.0, 0.2, True), Sampled(0, "Hello", "?")]
    history = History.of([*begun, *begun])
    assert [look.step for look in history.looks] == [0]
    assert len(history.samples) == 1
    assert history.steps == []
    assert history.step == 0


@pytest.mark.parametrize(
    ("event", "state"),
    [(Paused(2), "paused"), (Continued(2), "running"), (Stopped(2, 1), "stopped"), (Failed("No."), "failed")],
)
def test_states(event: Event, state: str) -> None:
    history = History.of([started(0), stepped(1), event])
    assert history.state == state


def test_before_anything_happened() -> None:
    history = History()
    assert history.state == "waiting"
    assert history.speed() == 0.0
    assert history.best is None
    assert math.isnan(history.eta)


def test_a_recorded_run_replays_into_the_same_history(tmp_path: Path) -> None:
    text = "".join(to_json(event) + "\n" for event in RUN)
    (tmp_path / "events.jsonl").write_text(text, encoding="utf-8")
    replayed, lived = replay(tmp_path), History.of(RUN)
    assert vars(replayed) | {"eta": 0} == vars(lived) | {"eta": 0}


def test_a_torn_last_line_is_left_out_and_damage_before_it_is_told(tmp_path: Path) -> None:
    text = "".join(to_json(event) + "\n" for event in RUN[:7])
    file = tmp_path / "events.jsonl"
    file.write_bytes((text + '{"event": "Stepped", "st').encode())
    assert replay(tmp_path).steps == [1]
    assert not [note for note in replay(tmp_path).notes if note.severity == "warning"]
    file.write_bytes((text + "\x00\x00\n").encode() + to_json(RUN[7]).encode() + b"\n")
    assert replay(tmp_path).steps == [1, 2]
    assert [note.severity for note in replay(tmp_path).notes][-1] == "warning"


def test_a_run_that_recorded_nothing_is_empty(tmp_path: Path) -> None:
    assert replay(tmp_path).state == "waiting"


def test_a_model_that_was_kept_without_a_look_has_none_to_show() -> None:
    look = Validated(0, 2.0, 0.1, True)
    history = History.of([started(0), look, stepped(1), stepped(2)])
    assert history.best == look
    history.add(Stopped(2, best_step=2))
    assert history.best is None
    assert History.of([started(0), look, stepped(1), Stopped(1, best_step=0)]).best == look


def test_stages_of_a_preparation_are_kept_each_as_it_stood_last() -> None:
    reading = Progressed("Reading every row once", 2, 3)
    history = History.of([Progressed("Warming up…"), Progressed("Warming up"), replace(reading, done=1), reading])
    assert [stage.what for stage in history.stages] == ["Warming up", "Reading every row once"]
    assert history.stages[-1] is reading
    assert history.is_preparing
    history.add(started(0))
    assert not history.is_preparing
    assert len(history.stages) == 2
    history.add(Progressed("Warming up"))  # the run goes on another day
    assert len(history.stages) == 1


def test_what_goes_on_between_two_steps_begins_no_other_run() -> None:
    again = Progressed("Fitting the last layer again", is_midway=True, time=12.0)
    begun = [Progressed("Warming up", time=9.0), replace(started(0), time=10.0), replace(stepped(1), time=11.0)]
    history = History.of([*begun, again])
    assert history.midway == again
    assert not history.is_preparing
    assert [stage.what for stage in history.stages] == ["Warming up"]
    assert history.worked == 3.0
    history.add(replace(stepped(2), time=14.0))
    assert history.midway is None
    assert history.worked == 5.0


def test_a_run_stopped_before_its_first_step_has_no_best_model_to_speak_of() -> None:
    history = History.of([started(0), Saved(0, "step-0", False), Stopped(0, 0)])
    assert history.notes[-1].text == "Stopped before the first step. Nothing was learned, and nothing is lost."


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "from before it learned."),
        ([Progressed("A quick first fit")], "after the quick first fit."),
        ([Progressed("Fitting the head")], "after the quick first fit."),  # as older records have it
    ],
)
def test_the_moment_before_the_first_step_has_a_name(told: list[Event], said: str) -> None:
    history = History.of([*told, started(0), stepped(1), Stopped(1, best_step=0)])
    assert history.notes[-1].text.endswith(f"The best model up to here is that {said}")


def test_what_is_decided_at_each_look_stands_once_with_its_rounded_reason() -> None:
    first = Resolved("task.no_answer_bar", -1.1745286136865616, "“no answer” is given from −1.17 on")
    last = Resolved("task.no_answer_bar", -1.1646043211221695, "“no answer” is given from −1.16 on")
    notes = History.of([*RUN[:5], first, *RUN[5:8], last]).notes
    told = [note.text for note in notes if "answer" in note.text]
    assert told == ["Bar for “no answer”: “no answer” is given from −1.16 on."]


def test_the_time_that_it_worked_is_on_the_clock_with_its_looks_and_without_pauses_and_interruptions() -> None:
    def at(time: float, event: Event) -> Event:
        return replace(event, time=time)

    events = [
        at(100, Progressed("Warming up")),
        at(110, started(0)),
        at(130, Validated(0, 3.0, 0.2, True)),
        at(140, stepped(1)),
        at(150, Paused(1)),
        at(950, Continued(1)),
        at(960, stepped(2)),
        at(9000, Progressed("Warming up")),
        at(9005, started(2)),
        at(9010, stepped(3)),
    ]
    assert History.of(events).worked == 50 + 10 + 10


def test_what_is_kept_without_a_look_at_it_is_not_called_the_best() -> None:
    history = History.of([started(0), Validated(0, 3.0, 0.2, True), stepped(1), stepped(2), Stopped(2, best_step=2)])
    assert history.best is None
    assert history.kept_unmeasured == 2
    said = "Stopped after step 2. The model is kept as this step left it; how good it is was not measured yet."
    assert history.notes[-1].text == said
    assert History.of(RUN).kept_unmeasured == 0


def test_where_the_loss_decides_the_log_says_so() -> None:
    history = History.of([replace(started(0), best_by="loss"), stepped(1), Finished(4, 1, "No lower loss in 3 looks")])
    said = "No lower loss in 3 looks. The model of step 1 is kept, which has the lowest loss."
    assert history.notes[-1].text == said


def test_the_number_format_is_no_line_of_the_log() -> None:
    history = History.of([Resolved("training.precision", "bf16", "faster")])
    assert history.number_format == "It computes with shorter numbers (16-bit), which is faster here."
    assert not history.notes
