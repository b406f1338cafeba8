"""How a command reads a table: the flags for what the user knows better about it, and the Table itself.

In: arguments and files. Out: ReadOptions, and a Table in a scratch folder.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from studio import flow
from studio.cli.terminal import show
from studio.data.reading.options import ReadOptions
from studio.data.table.table import Table, open_table

READING = tuple(field.name for field in fields(ReadOptions))  # flags, and settings below "data."

SEE_ASIDE = "      `convert FILE --out OUT.csv --rejected ASIDE.csv` writes what was set aside, with the reasons."


class StoppedError(Exception):
    """Leaves a command that was stopped before it had anything to keep."""


def add_files(made: argparse.ArgumentParser) -> None:
    """The files to read, as an argument."""
    words = "a file or a folder, or “-” for what comes through a pipe; several are one table"
    made.add_argument("files", type=_file, nargs="+", metavar="FILE", help=words)


def _file(text: str) -> Path:
    return Path("/dev/stdin" if text == "-" and Path("/dev/stdin").exists() else text)


def add_reading(made: argparse.ArgumentParser, words: str = "Found by looking where left out.") -> None:
    """The flags for what the user knows better about a table, with `words` over them; `reading` takes them up."""
    group = made.add_argument_group("how the table is read", words)
    group.add_argument("--encoding", help="for example utf-8 or windows-1252")
    group.add_argument("--delimiter", type=sign, help="one character, “tab”, or “none” for a single column")
    group.add_argument("--quote", type=sign, help="one character, or “none”")
    group.add_argument(
        "--header",
        dest="has_header",
        action=argparse.BooleanOptionalAction,
        help="whether the first line names the columns",
    )
    group.add_argument("--skip", type=int, metavar="LINES", help="how many lines come before the table")
    group.add_argument(
        "--member", "--sheet", metavar="NAME", help="the sheet, the file in an archive, or the list in a JSON document"
    )


def sign(text: str) -> str:
    """A delimiter or a quote as it is typed: one character, "tab", or "none" for none."""
    found = {"tab": "\t", "\\t": "\t", "none": ""}.get(text.lower(), text)
    if len(found) > 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not one character, “tab” or “none”")
    return found


def reading(options: argparse.Namespace) -> ReadOptions:
    """What `add_reading` asked for."""
    return ReadOptions(*(getattr(options, name) for name in READING))


@contextmanager
def imported(
    files: Sequence[Path],
    should_stop: Callable[[], bool],
    how: ReadOptions,
    *,
    quiet: bool = False,
    shows_aside: bool = False,
) -> Iterator[Table]:
    """Files as one Table, in a scratch folder that is gone afterwards; leaves the command when stopped. How to see what
    was set aside is said, unless the command `shows_aside` itself."""
    with tempfile.TemporaryDirectory(prefix="finetune-studio-") as scratch:
        folder = Path(scratch) / "data"
        events = flow.import_table(files, folder, how, should_stop=should_stop)
        if quiet:
            deque(events, maxlen=0)
        else:
            show(events)
        if should_stop():
            raise StoppedError
        table = open_table(folder)
        if table.reading.rejected and not (quiet or shows_aside):
            print(SEE_ASIDE)
        yield table


@contextmanager
def nothing() -> Iterator[None]:
    """No second table."""
    yield None
