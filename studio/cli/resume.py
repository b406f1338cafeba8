"""`resume`: a run goes on.

In: a run's folder. Out: its events.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio import flow
from studio.cli.terminal import show
from studio.events import Finished
from studio.problems import Problem
from studio.runs.run import last_event

HELP = "Continue a run that was stopped or interrupted"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("--events", action="store_true", help="one JSON object a line, for programs")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Continue from the last whole checkpoint."""
    last = last_event(options.folder)
    if isinstance(last, Finished):
        raise Problem("This run is finished.", last.reason, f"Judge it: python -m studio evaluate {options.folder}")
    show(flow.resume(options.folder, should_stop=should_stop), as_json=options.events)
