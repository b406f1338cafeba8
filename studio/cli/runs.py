"""`runs`: which runs are here.

In: a folder, or the place of all projects. Out: a line a run, newest first.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from studio.cli.terminal import harmless
from studio.config import paths
from studio.models.hub_cache import base_name
from studio.problems import Problem
from studio.runs.run import RUN_FILE, open_run

HELP = "Which runs are here"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, nargs="?", help="a project or a folder of runs; all projects if left out")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """List runs, newest first."""
    root = options.folder or paths.projects()
    if options.folder and not root.is_dir():
        raise Problem(
            f"There is no folder “{root}”.", "Runs are looked for below it.", "Check the name, or leave it out."
        )
    folders = [path.parent for path in root.rglob(RUN_FILE)] if root.exists() else []
    if not folders:
        print(f"No runs in {root}")
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            found = open_run(folder)
        except Problem as problem:  # one damaged run hides no other
            print(f"{'':16}  {'':<9} {'damaged':<12} {'':<24} {harmless(str(folder))}: {problem.why}")
            continue
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.created))
        base, place = base_name(found.base), harmless(str(folder))
        print(f"{made}  {found.config.task.kind:<9} {found.status():<12} {base:<24} {place}")
