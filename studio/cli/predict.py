"""`predict`: every row of a file answered.

In: a run's folder and a file. Out: a new table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio import flow
from studio.cli.reading import add_reading, reading
from studio.cli.searching import passages_of
from studio.cli.terminal import show
from studio.data.table.write import check_ending
from studio.runs.run import open_run

HELP = "Answer every row of a file into a new table"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("folder", type=Path, metavar="RUN", help="a run's folder")
    made.add_argument("file", type=Path, metavar="FILE", help="a table with the columns that the model reads")
    made.add_argument(
        "--passages", type=Path, metavar="OTHER", help="search in this file's passages, not the run's own"
    )
    made.add_argument("--out", type=Path, required=True, help="the new table: .csv, .tsv, .jsonl or .parquet")
    add_reading(made, "Found by looking where left out; the table that RUN learned from is read as it was then.")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Answer a file."""
    check_ending(options.out)
    how = reading(options)
    passages = None
    if options.passages:
        passages = passages_of(options.passages, open_run(options.folder).config, should_stop)
    show(
        flow.predict(options.folder, options.file, options.out, options=how, passages=passages, should_stop=should_stop)
    )
