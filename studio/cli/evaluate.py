"""`evaluate`: a run is judged.

In: a run's folder, and another table where there is one. Out: its report, in a few lines or as JSON.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio import flow
from studio.cli.reading import add_reading, imported, nothing, reading
from studio.cli.terminal import harmless, line
from studio.events import Judged

HELP = "Judge a run on rows that it never saw"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("--data", type=Path, help="another table with the same columns")
    made.add_argument("--json", action="store_true", help="the whole report as one JSON document, for programs")
    add_reading(made)


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Judge and print the sentence and the comparison."""
    from studio.evaluation.report import Report, scored

    how = reading(options)
    with imported([options.data], should_stop, how, quiet=options.json) if options.data else nothing() as table:
        file = ""
        for event in flow.judge(options.folder, test_table=table, should_stop=should_stop):
            if isinstance(event, Judged):
                file = event.file
            elif not options.json:
                line(event)
    if not file:
        return
    if options.json:
        print(harmless(Path(file).read_text(encoding="utf-8")))
        return
    report = Report.read(Path(file))
    print(f"\n{report.headline}\n{report.sentence}\n")
    for way in report.ways:
        score, low, high = (scored(value, report.score_unit) for value in (way.score, way.low, way.high))
        print(f"  {way.name:<42} {score:>8}  ({low} to {high})")
