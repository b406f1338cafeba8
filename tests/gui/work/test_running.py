"""Runs as the window lists them, and which of them may go on."""

from __future__ import annotations

from studio.events import Stopped
from studio.gui.work import running
from studio.runs.history import History
from tests.gui import scripted


def test_a_stopped_run_may_go_on_while_steps_remain() -> None:
    whole = History.of(scripted.events())
    halved = History.of([*scripted.events(ended=False), Stopped(40, 40)])
    assert running.may_go_on("stopped", halved)
    assert running.may_go_on("stopped", History())
    assert not running.may_go_on("stopped", History.of([*scripted.events()[:-1], Stopped(40, 40)]))
    assert not running.may_go_on("finished", whole)
    assert running.may_go_on("interrupted", halved)
