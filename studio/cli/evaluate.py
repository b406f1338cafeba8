"""`evaluate`: a run is judged.

In: a run's folder, and another table where there is one. Out: its report, in a few lines or as JSON.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio import flow
from studio.cli.reading import add_reading, imported, nothing, reading
from studio.cli.terminal import harmless, line
from studio.events import Judged

if TYPE_CHECKING:
    from studio.evaluation.report import Report

HELP = "Judge a run on rows that it never saw"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("--data", type=Path, help="another table with the same columns")
    made.add_argument("--json", action="store_true", help="the whole report as one JSON document, for programs")
    add_reading(made)


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Judge and print the sentence and the comparison."""
    from studio.evaluation.report import Report

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
    print(harmless("\n".join(_told(Report.read(Path(file))))))


def _told(report: Report) -> Iterator[str]:
    """The sentence, the comparison, the further figures and what to keep in mind, line by line."""
    from studio.evaluation.report import scored

    width = max(len(name) for name in (*(way.name for way in report.ways), *(one.told for one in report.figures)))
    yield from ("", report.headline, report.sentence, "")
    for way in report.ways:
        score, low, high = (scored(value, report.score_unit) for value in (way.score, way.low, way.high))
        yield f"  {way.name:<{width}} {score:>8}  ({low} to {high})"
    if report.figures:
        yield ""
    for figure in report.figures:
        told = f"({figure.shown(figure.low)} to {figure.shown(figure.high)})" if figure.has_range else ""
        beside = "" if figure.untouched is None else f"untouched {figure.shown(figure.untouched)}"
        yield f"  {figure.told:<{width}} {figure.shown(figure.value):>8}  {told:<20}  {beside}".rstrip()
    yield ""
    yield from (f"- {limit}" for limit in report.limits)
