"""What `inspect` tells of a table: how it was read, what its columns are for, what was found in it.

In: a Table. Out: lines for people, or one JSON document for programs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import reduce

from studio import flow
from studio.cli.reading import add_files, add_reading, imported, reading
from studio.cli.terminal import harmless
from studio.config import edit
from studio.config.config import Config
from studio.counting import counted
from studio.data.checkup.check_up import findings
from studio.data.checkup.finding import Finding
from studio.data.roles.columns import columns_of
from studio.data.roles.roles import Guess, guess_roles
from studio.data.table.table import Table

HELP = "How a file is read: encoding, delimiter, header, columns, roles, findings"
SHOWN_REJECTS = 10
MARKS = {"wrong": "!", "look": "?", "good": "✓"}  # before a finding


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    add_files(made)
    made.add_argument("--json", action="store_true", help="everything as one JSON document, for programs")
    add_reading(made)


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Read files into a scratch snapshot and tell what was found."""
    with imported(options.files, should_stop, reading(options), quiet=options.json, shows_aside=True) as table:
        print(told(table, as_json=options.json))


def told(table: Table, *, as_json: bool) -> str:
    """Everything about a table that was read by looking, or as it was told to be."""
    guess = guess_roles(table)
    chosen = reduce(lambda made, one: edit.change(made, *one), flow.settings_of(guess).items(), Config())
    found = findings(table, columns_of(chosen.data), kind=guess.kind)
    if as_json:
        return harmless(_json(table, guess, found))
    return "\n".join(harmless(line, is_line=True) for line in _lines(table, guess, found))


def _json(table: Table, guess: Guess, found: Sequence[Finding]) -> str:
    values = {
        **asdict(table.reading),
        "columns": table.columns,
        "rows": table.rows,
        "rejects": table.rejected(),
        "guess": asdict(guess),
        "findings": [asdict(finding) for finding in found],
    }
    return json.dumps(values, ensure_ascii=False, indent=1, default=str)


def _lines(table: Table, guess: Guess, found: Sequence[Finding]) -> list[str]:
    rows = counted(table.rows, "1 row", "{} rows")
    columns = "1 column" if len(table.columns) == 1 else f"{len(table.columns):,} columns"
    lines = [f"{rows}, {columns}: {', '.join(table.columns)}", f"Read as {table.reading.sentence}."]
    lines += [f"  not certain: {doubt}" for doubt in table.reading.doubts]
    if len(table.reading.members) > 1:
        lines.append(
            f"  “{table.reading.member}” of: {', '.join(table.reading.members)} (--member NAME reads another one)"
        )
    lines.append(guess.reason)
    shown = table.rejected(SHOWN_REJECTS)
    lines += [f"  set aside: line {row['line']}: {row['reason']}" for row in shown]
    if table.aside > len(shown):
        more = table.aside - len(shown)
        lines.append(f"  set aside: {more:,} more; --json lists them all, `convert --rejected` writes them")
    lines += [f"  {MARKS[one.severity]} {one.title}" + (f". {one.meaning}" if one.meaning else "") for one in found]
    return lines
