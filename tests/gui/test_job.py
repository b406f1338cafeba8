"""A Job: everything arrives once, in order, and the end comes exactly once."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Iterator
from threading import Event as Flag

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from studio.gui.job import SWITCH_SECONDS, Control, Job, Outcome
from studio.gui.jobs import Jobs
from studio.problems import Problem


class Heard:
    """What a job said."""

    def __init__(self, job: Job) -> None:
        self.events: list[object] = []
        self.portions = 0
        self.ends: list[Outcome] = []
        job.happened.connect(self.take)
        job.ended.connect(self.ends.append)

    def take(self, events: list[object]) -> None:
        assert not self.ends, "something came after the end"
        self.portions += 1
        self.events += events


def light(work: object, title: str = "work") -> Job:
    return Job(work, title=title, heavy=False)  # type: ignore[arg-type]


def test_all_events_arrive_in_order_and_in_few_portions(qtbot: QtBot) -> None:
    def work(_: Control) -> Iterator[object]:
        yield from range(50_000)

    job = light(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.ended):
        job.start()
    assert heard.events == list(range(50_000))
    assert heard.portions < 200
    assert heard.ends == [Outcome("finished")]
    assert not job.is_running


def test_stop_ends_the_work_and_says_so(qtbot: QtBot) -> None:
    def work(control: Control) -> Iterator[object]:
        yield "begun"
        while not control.should_stop():
            yield "more"
        yield "saved"

    job = light(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.happened):
        job.start()
    with qtbot.waitSignal(job.ended):
        job.stop()
        assert job.is_stopping
    assert heard.ends == [Outcome("stopped")]
    assert heard.events[-1] == "saved"


def test_an_exception_becomes_a_problem_after_what_came_before(qtbot: QtBot) -> None:
    def work(_: Control) -> Iterator[object]:
        yield 1
        raise MemoryError

    job = light(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.ended):
        job.start()
    assert heard.events == [1]
    assert heard.ends[0].state == "problem"
    assert heard.ends[0].problem is not None
    assert heard.ends[0].problem.what == "There was not enough memory."


def test_a_paused_job_waits_and_goes_on(qtbot: QtBot) -> None:
    waiting, seen = Flag(), Flag()

    def work(control: Control) -> Iterator[object]:
        while not control.should_pause():
            yield "step"
        waiting.set()
        while control.should_pause():
            seen.wait(0.001)
        yield "on"

    job = light(work)
    heard = Heard(job)
    job.start()
    job.pause()
    assert job.is_paused
    assert waiting.wait(5)
    with qtbot.waitSignal(job.ended):
        job.resume()
    assert heard.events[-1] == "on"


def test_a_second_heavy_job_is_refused_in_words(qtbot: QtBot) -> None:
    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield "step"

    first, second = Job(work, title="Training"), Job(work, title="Judging")
    first.start()
    with pytest.raises(Problem) as refused:
        second.start()
    assert "“Training”" in refused.value.why
    with qtbot.waitSignal(first.ended, timeout=60_000):  # the first heavy job loads a large library
        first.stop()


def test_finishing_now_waits_and_delivers_the_end() -> None:
    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield "step"

    job = light(work)
    heard = Heard(job)
    job.start()
    job.finish_now()
    assert heard.ends == [Outcome("stopped")]
    job.finish_now()
    assert len(heard.ends) == 1


def test_a_job_that_has_ended_is_freed(qtbot: QtBot) -> None:
    def work(_: Control) -> Iterator[object]:
        yield 1

    job = light(work)
    with qtbot.waitSignal(job.destroyed):
        job.start()
    assert not isValid(job)


def test_a_job_outlives_the_page_that_began_it(qtbot: QtBot) -> None:
    class Page(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.job = light(work)
            self.job.happened.connect(self.take)
            self.job.start()

        def take(self, events: list[object]) -> None: ...

    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield "step"

    page = Page()
    job = page.job
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    with qtbot.waitSignal(job.ended):
        job.stop()
    assert Job.running() == ()
    assert gc.isenabled()


def test_what_the_end_of_a_job_begins_is_waited_for_as_well() -> None:
    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield "step"

    begun: list[Job] = []

    def again(_: Outcome) -> None:
        if len(begun) < 3:
            begun.append(light(work))
            begun[-1].ended.connect(again)
            begun[-1].start()

    again(Outcome("finished"))
    Job.finish_all()
    assert len(begun) == 3
    assert Job.running() == ()


def test_the_window_gets_its_turn_sooner_while_a_job_runs(qtbot: QtBot) -> None:
    usual = sys.getswitchinterval()

    def work(_: Control) -> Iterator[object]:
        yield sys.getswitchinterval()

    job = light(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.ended):
        job.start()
    assert heard.events == [pytest.approx(SWITCH_SECONDS)]
    assert sys.getswitchinterval() == usual


def test_a_closed_page_is_never_taken_apart_on_the_thread_of_a_job(qtbot: QtBot) -> None:
    taken_apart_on: list[threading.Thread] = []

    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield [[]]  # what only grows brings the collector in again and again

    page = QWidget()
    page.itself = page  # type: ignore[attr-defined]  # a cycle, as signals to bound methods make them
    page.show()
    weakref.finalize(page, lambda: taken_apart_on.append(threading.current_thread()))
    del page
    job = light(work)
    job.start()
    qtbot.waitUntil(lambda: bool(taken_apart_on), timeout=30_000)
    assert not gc.isenabled()
    job.finish_now()
    assert taken_apart_on == [threading.main_thread()]
    assert gc.isenabled()


def test_one_job_of_a_kind_and_idle_after_the_last(qtbot: QtBot) -> None:
    def work(control: Control) -> Iterator[object]:
        while not control.should_stop():
            yield "step"

    jobs = Jobs()
    jobs.begin("prepare", "Looking", work, heavy=False)
    with pytest.raises(Problem, match="already going on"):
        jobs.begin("prepare", "Looking", work, heavy=False)
    job = jobs["prepare"]
    assert job is not None
    with qtbot.waitSignal(jobs.idle):
        job.stop()
    assert "prepare" not in jobs
