"""`convert`: the table as the importer sees it.

In: files. Out: one table, and the rows set aside where they are wanted.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio.cli.reading import add_files, add_reading, imported, reading
from studio.counting import counted
from studio.data.roles.roles import guess_roles
from studio.data.table.data_set import check_new, write_data_set
from studio.data.table.write import check_ending, write_rejected, write_table

HELP = "Write the table as the importer sees it"
OUT = ".csv, .tsv, .jsonl or .parquet; without an ending a new folder that datasets.load_from_disk opens"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    add_files(made)
    made.add_argument("--out", type=Path, required=True, help=OUT)
    made.add_argument(
        "--rejected",
        type=Path,
        metavar="FILE",
        help="what was set aside, with the reasons: .csv, .tsv, .jsonl or .parquet",
    )
    add_reading(made)


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Write the table as the importer sees it, and the rows set aside where they are wanted."""
    (check_ending if options.out.suffix else check_new)(options.out)
    if options.rejected:
        check_ending(options.rejected)
    shows = options.rejected is not None
    with imported(options.files, should_stop, reading(options), shows_aside=shows) as table:
        if options.out.suffix:
            write_table(table, options.out)
        else:
            write_data_set(table, options.out, part=guess_roles(table).columns.part)
        if options.rejected:
            write_rejected(table, options.rejected)
        aside = f" to {options.rejected}" if options.rejected else ""
        written = counted(table.rows, "1 row", "{} rows")
        print(f"{written} written to {options.out}; {table.reading.rejected:,} set aside{aside}")
