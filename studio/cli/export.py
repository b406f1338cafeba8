"""`export`: the model for other programs.

In: a run's folder. Out: a folder, and the proof that it answers as the run does.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from studio import flow
from studio.cli.terminal import show
from studio.config.goals import GOALS
from studio.export.formats import Format, formats_for

HELP = "Write the model for other programs, and prove it"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("--to", required=True, choices=get_args(Format), help=f"the format: {_formats()}")
    made.add_argument("--out", type=Path, required=True, help="the new folder")


def _formats() -> str:
    """Each format with the goals that it is for."""
    can = {goal.short: formats_for(goal.kind, "full" if goal.from_nothing else "lora") for goal in GOALS.values()}
    fitting = {to: [goal for goal, formats in can.items() if to in formats] for to in get_args(Format)}
    told = "; ".join(f"{to} for {', '.join(f'“{goal}”' for goal in goals)}" for to, goals in fitting.items())
    return f"{told} (an adapter only of a run that trained one)"


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Export and prove."""
    show(flow.export(options.folder, to=options.to, out=options.out, should_stop=should_stop))
