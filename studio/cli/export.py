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
from studio.export.formats import Format

HELP = "Write the model for other programs, and prove it"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("--to", required=True, choices=get_args(Format), help="the format")
    made.add_argument("--out", type=Path, required=True, help="the new folder")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Export and prove."""
    show(flow.export(options.folder, to=options.to, out=options.out, should_stop=should_stop))
