"""The record keeps every event before it is passed on, and shows each step once."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.events import (
    Continued,
    Event,
    Failed,
    Noted,
    Paused,
    Progressed,
    Saved,
    Started,
    Stepped,
    Stopped,
    Warned,
    from_json,
)
from studio.problems import Problem
from studio.runs.record import record, untold


def started(step: int) -> Started:
    return Started("run", step, 9, 8, 1.0, "cpu", "fp32", "tiny", "lora", 100, 10, "accuracy", 2)


def stepped(step: int) -> Stepped:
    return Stepped(step, 0.1 * step, 2.0 / step, 1e-3, 1.0, 64, 0.5, 1000, 3.0)


def lines(folder: Path) -> list[Event]:
    return [from_json(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]


def test_each_event_is_on_disk_before_it_is_passed_on(tmp_path: Path) -> None:
    events: list[Event] = [Progressed("Löwe 🦁"), started(0), stepped(1), Saved(1, "step-1", True)]
    seen: list[Event] = []
    for event in record(tmp_path, iter(events)):
        seen.append(event)
        assert lines(tmp_path) == seen
    assert seen == events


def test_a_continued_run_shows_each_step_once(tmp_path: Path) -> None:
    first: list[Event] = [Noted("a"), started(0), Saved(0, "step-0", True), stepped(1), stepped(2)]
    first += [Saved(2, "step-2", True), stepped(3), Warned("skipped"), stepped(4)]
    again: list[Event] = [Progressed("Loading"), started(2), stepped(3), stepped(4), stepped(5)]
    list(record(tmp_path, iter(first)))
    list(record(tmp_path, iter(again)))
    assert lines(tmp_path) == first[:6] + again


def test_a_pause_at_the_checkpoint_stays_in_the_record_when_the_run_goes_on(tmp_path: Path) -> None:
    kept: list[Event] = [started(0), stepped(1), Saved(1, "step-1", True), Paused(1), Continued(1)]
    list(record(tmp_path, iter([*kept, stepped(2), Paused(2), Stopped(1, 1)])))
    again: list[Event] = [started(1), stepped(2)]
    list(record(tmp_path, iter(again)))
    assert lines(tmp_path) == kept + again  # what came after step 2 is made again


def test_a_run_killed_between_the_checkpoint_and_its_line(tmp_path: Path) -> None:
    first: list[Event] = [started(0), stepped(1), stepped(2)]  # step-2 lies on the disk, but no Saved line
    again: list[Event] = [started(2), stepped(3)]
    list(record(tmp_path, iter(first)))
    list(record(tmp_path, iter(again)))
    assert lines(tmp_path) == first + again


def test_a_run_without_a_checkpoint_starts_its_record_again(tmp_path: Path) -> None:
    first: list[Event] = [Noted("left out"), started(0), stepped(1)]
    again: list[Event] = [started(0), stepped(1), stepped(2)]
    list(record(tmp_path, iter(first)))
    list(record(tmp_path, iter(again)))
    assert lines(tmp_path) == first[:1] + again


def test_a_torn_line_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    list(record(tmp_path, iter([stepped(1)])))
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write('{"event": "Noted", "text": "Löw'.encode()[:-1])
    list(record(tmp_path, iter([stepped(2)])))
    assert [type(event) for event in lines(tmp_path)] == [Stepped, Stepped]


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (Problem("No rows.", "None.", "Add some."), "No rows."),
        (OSError(errno.ENOSPC, "full"), "The disk is full."),
        (KeyError("learning_rate"), "Something unexpected went wrong."),
        (IndexError("list index out of range"), "Something unexpected went wrong."),
        (AssertionError(), "Something unexpected went wrong."),
        (TypeError("not a number"), "Something unexpected went wrong."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_ends_the_work_is_the_last_line_and_goes_on_up(tmp_path: Path, error: Exception, what: str) -> None:
    def work() -> Iterator[Event]:
        yield stepped(1)
        raise error

    with pytest.raises(type(error)) as caught:
        list(record(tmp_path, work()))
    assert caught.value is error
    last = lines(tmp_path)[-1]
    assert isinstance(last, Failed)
    assert last.what == what


def test_who_stops_looking_records_no_failure(tmp_path: Path) -> None:
    try:
        raise KeyError("of the consumer")
    except KeyError:
        watched = record(tmp_path, iter([stepped(1), stepped(2)]))
        next(watched)
        watched.close()  # type: ignore[attr-defined]
        list(record(tmp_path, iter([stepped(2)])))
    assert [type(event) for event in lines(tmp_path)] == [Stepped, Stepped]


def test_stopped_lines_after_the_checkpoint_give_way_when_the_run_goes_on(tmp_path: Path) -> None:
    list(record(tmp_path, iter([started(0), stepped(1), Saved(1, "step-1", False), Stopped(1, 0)])))
    list(record(tmp_path, iter([started(1), stepped(2)])))
    assert [type(event) for event in lines(tmp_path)] == [Started, Stepped, Saved, Started, Stepped]


def test_what_the_record_warns_of_already_is_not_told_again(tmp_path: Path) -> None:
    notices = [Warned("3 rows are left out: no label."), Noted("a"), Warned("1 text is cut.")]
    assert list(untold(tmp_path, iter(notices))) == notices
    list(record(tmp_path, iter(notices[:2])))
    assert list(untold(tmp_path, iter(notices))) == notices[1:]
