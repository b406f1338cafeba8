"""The flow for a terminal: the same names as in the window.

In: arguments. Out: lines on stdout (progress on a terminal, plain lines into a pipe, JSON on request) and an exit
code: 0 done, 1 a Problem (told on stderr), 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from types import FrameType

from studio import demo, flow, inspecting, talk
from studio.config import edit, paths
from studio.config.config import Config
from studio.data.reading.options import ReadOptions
from studio.data.roles.roles import guess_roles
from studio.data.table.table import TABLE_FILE, Table, open_table
from studio.data.table.write import write_rejected, write_table
from studio.events import Finished, Judged
from studio.models import catalog, download
from studio.models.hub_cache import base_name
from studio.problems import Problem, explain
from studio.runs import run
from studio.terminal import counted, line, show, tell

KNOWN_FAILURES = (Problem, OSError, MemoryError, RuntimeError, UnicodeError)
STOPPED = 130
READING = tuple(field.name for field in fields(ReadOptions))  # flags, and settings below "data."


class _StoppedError(Exception):
    """Leaves a command that was stopped before it had anything to keep."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. A fault that nobody foresaw goes on up, to `studio.__main__`."""
    options = parser().parse_args(arguments)
    stop = threading.Event()
    try:
        with interrupted_by_ctrl_c(stop):
            options.run(options, stop.is_set)
    except BrokenPipeError:  # the reader has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _StoppedError:
        print("Stopped while reading the file; nothing was written.", file=sys.stderr)
        return STOPPED
    except KeyboardInterrupt:
        print("Ended at once.", file=sys.stderr)
        return STOPPED
    except KNOWN_FAILURES as error:
        tell(explain(error))
        return 1
    return STOPPED if stop.is_set() else 0


def parser() -> argparse.ArgumentParser:
    """Every command and its flags."""
    top = argparse.ArgumentParser(prog="python -m studio", description=__doc__.splitlines()[0])
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., None], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    made = command("inspect", inspect, "How a file is read: encoding, delimiter, header, columns, roles, findings")
    made.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file or a folder; several are one table")
    made.add_argument("--json", action="store_true")
    add_reading(made)
    made = command("convert", convert, "Write the table as the importer sees it")
    made.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file or a folder; several are one table")
    made.add_argument("--out", type=Path, required=True, help=".csv, .tsv, .jsonl or .parquet")
    made.add_argument("--rejected", type=Path, metavar="FILE", help="write the rows set aside here, as .csv")
    add_reading(made)
    made = command("train", train, "Fine-tune a model on a table, or from a run file")
    made.add_argument("run_file", type=Path, nargs="?", help="a run.json with settings; flags win over it")
    made.add_argument(
        "--data", type=Path, nargs="+", metavar="FILE", help="the table to learn from: a file or a folder, or several"
    )
    made.add_argument("--test", type=Path, help="a table kept for judging only; how it is read is found by looking")
    made.add_argument("--task", choices=("classify", "answer"), help="guessed from the columns if left out")
    made.add_argument("--input", help="the column that the model reads")
    made.add_argument("--target", help="the column with the label or the answer")
    made.add_argument("--base", help="a starter's name or a model folder")
    made.add_argument(
        "--set", action="append", default=[], metavar="SETTING=VALUE", help="for example training.epochs=3"
    )
    made.add_argument("--prompt", action="append", default=[], help="an example of your own, answered while it learns")
    made.add_argument("--out", type=Path, required=True, help="the run's folder")
    made.add_argument("--events", action="store_true", help="one JSON object a line")
    add_reading(made, "Found by looking where left out. Said of the table to learn from, not of the one in --test.")
    made = command("resume", resume, "Continue a run that was stopped or interrupted")
    made.add_argument("folder", type=Path, metavar="RUN")
    made.add_argument("--events", action="store_true")
    made = command("evaluate", evaluate, "Judge a run on rows that it never saw")
    made.add_argument("folder", type=Path, metavar="RUN")
    made.add_argument("--data", type=Path, help="another table with the same columns")
    made.add_argument("--json", action="store_true")
    add_reading(made)
    made = command("predict", predict, "Answer every row of a file into a new table")
    made.add_argument("folder", type=Path, metavar="RUN")
    made.add_argument("file", type=Path)
    made.add_argument("--out", type=Path, required=True)
    add_reading(made, "Found by looking where left out; the table that RUN learned from is read as it was then.")
    made = command("chat", chat, "Talk to a run's model (or sort typed texts), or to an untouched one")
    made.add_argument("place", metavar="RUN|MODEL", help="a run's folder, a model folder or a starter's name")
    made.add_argument("--compare", action="store_true", help="show the untouched model beside it")
    made.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE")
    made = command("export", export, "Write the model for other programs, and prove it")
    made.add_argument("folder", type=Path, metavar="RUN")
    made.add_argument("--to", required=True, choices=("merged", "adapter", "classifier"))
    made.add_argument("--out", type=Path, required=True)
    made = command("models", models, "Which models are on this computer, and which can be downloaded")
    made.add_argument("--json", action="store_true")
    sent = "nothing of yours is sent but your hub log-in, where you have one"
    made.add_argument("--get", metavar="NAME", help=f"download this one from the model hub; {sent}")
    made = command("runs", list_runs, "Which runs are here")
    made.add_argument("folder", type=Path, nargs="?", help="a project or a folder of runs; all projects if left out")
    command("settings", settings, "Every setting, its meaning and its default")
    made = command(
        "demo", go_the_whole_way, "The whole way on a bundled sample: read, train, judge, try, export, prove"
    )
    made.add_argument("--out", type=Path, help="keep the result here")
    return top


def inspect(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Read files into a scratch snapshot and tell what was found."""
    with imported(options.files, should_stop, reading(options), quiet=options.json) as table:
        print(inspecting.told(table, as_json=options.json))


def convert(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Write the table as the importer sees it, and the rows set aside where they are wanted."""
    with imported(options.files, should_stop, reading(options)) as table:
        write_table(table, options.out)
        if options.rejected:
            write_rejected(table, options.rejected)
        aside = f" to {options.rejected}" if options.rejected else ""
        print(f"{counted(table.rows)} written to {options.out}; {table.reading.rejected:,} set aside{aside}")


def train(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Import, choose and train."""
    config = chosen_config(options)
    with tables(options, config, should_stop) as (table, test_table):
        config = with_guess(config, table, quiet=options.events)
        events = flow.fine_tune(
            config,
            options.out,
            table=table,
            test_table=test_table,
            prompts=tuple(options.prompt),
            should_stop=should_stop,
        )
        show(events, as_json=options.events)
    if not options.events:
        print(f"The run lies in {options.out}")


@contextmanager
def tables(
    options: argparse.Namespace, config: Config, should_stop: Callable[[], bool]
) -> Iterator[tuple[Table, Table | None]]:
    """The table to learn from and, where there is one, the one to judge on. A run's file without another table or
    another reading means the very rows that lie beside it, with what was changed in them."""
    own = options.run_file.parent / "data" if options.run_file else None
    is_told = options.data or options.test or any(getattr(options, name) is not None for name in READING)
    if own is not None and not is_told and (own / TABLE_FILE).exists():
        yield open_table(own), open_table(own / "test") if (own / "test").is_dir() else None
        return
    files = [Path(name) for name in (config.data.file, *config.data.more_files) if name]
    if not files:
        raise Problem("There is no table to learn from.", "", "Give one with --data FILE.")
    test_file = options.test or (Path(config.data.test_file) if config.data.test_file else None)
    read = partial(imported, should_stop=should_stop, quiet=options.events)
    # The test file is read by looking, as the window does: the settings tell of the table to learn from.
    with (
        read(files, how=flow.told_reading(config)) as table,
        read([test_file], how=ReadOptions()) if test_file else nothing() as test_table,
    ):
        yield table, test_table


def resume(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Continue from the last whole checkpoint."""
    last = run.last_event(options.folder)
    if isinstance(last, Finished):
        raise Problem("This run is finished.", last.reason, f"Judge it: python -m studio evaluate {options.folder}")
    show(flow.resume(options.folder, should_stop=should_stop), as_json=options.events)


def evaluate(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
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
        print(Path(file).read_text(encoding="utf-8"))
        return
    report = Report.read(Path(file))
    print(f"\n{report.headline}\n{report.sentence}\n")
    for way in report.ways:
        print(f"  {way.name:<42} {way.score:8.1%}  ({way.low:.1%} to {way.high:.1%})")


def predict(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Answer a file."""
    how = reading(options)
    show(flow.predict(options.folder, options.file, options.out, options=how, should_stop=should_stop))


def chat(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Talk until an empty line or the end of input."""
    talk.talk(options.place, options.set, compare=options.compare, should_stop=should_stop)


def export(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Export and prove."""
    show(flow.export(options.folder, to=options.to, out=options.out, should_stop=should_stop))


def models(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """List the catalog, what is on this computer first; or download one of it."""
    if options.get:
        get(options.get, should_stop)
        return
    entries = sorted(catalog.catalog(), key=lambda entry: entry.folder is None)
    if options.json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1, default=str))
        return
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        place = entry.folder or f"not on this computer ({entry.bytes / 1e6:,.0f} MB to download)"
        print(f"{entry.name:<{width}} {entry.kind:<8} {entry.parameters / 1e6:7.0f} M  {entry.license:<12} {place}")


def get(name: str, should_stop: Callable[[], bool]) -> None:
    """Download a model by its name, unless it is here."""
    entry = catalog.entry_called(name)
    if entry.folder is None:
        show(download.download(entry, should_stop=should_stop))
        entry = catalog.entry_called(name)
    if entry.folder is not None:
        print(f"{entry.title} lies in {entry.folder}")


def list_runs(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """List runs, newest first."""
    root = options.folder or paths.projects()
    if options.folder and not root.is_dir():
        raise Problem(
            f"There is no folder “{root}”.", "Runs are looked for below it.", "Check the name, or leave it out."
        )
    folders = [path.parent for path in root.rglob(run.RUN_FILE)] if root.exists() else []
    if not folders:
        print(f"No runs in {root}")
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            found = run.open_run(folder)
        except Problem as problem:  # one damaged run hides no other
            print(f"{'':16}  {'':<9} {'damaged':<12} {'':<24} {folder}: {problem.why}")
            continue
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.created))
        print(f"{made}  {found.config.task.kind:<9} {found.status():<12} {base_name(found.base):<24} {folder}")


def settings(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Print the settings reference."""
    for path, info, words in edit.entries():
        default = "automatic" if info.default is None else repr(info.default)
        unit = f" {words.unit}" if words.unit and info.default is not None else ""
        print(f"{path:<34} {default}{unit}\n    {words.title}: {words.help}")


def go_the_whole_way(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """The demo."""
    demo.demo(options.out, should_stop)


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
    group.add_argument("--part", help="the sheet, the file in an archive, or the list in a JSON document")


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
    files: Sequence[Path], should_stop: Callable[[], bool], how: ReadOptions, *, quiet: bool = False
) -> Iterator[Table]:
    """Files as one Table, in a scratch folder that is gone afterwards; leaves the command when stopped."""
    with tempfile.TemporaryDirectory(prefix="finetune-studio-") as scratch:
        folder = Path(scratch) / "data"
        events = flow.import_table(files, folder, how, should_stop=should_stop)
        if quiet:
            deque(events, maxlen=0)
        else:
            show(events)
        if should_stop():
            raise _StoppedError
        yield open_table(folder)


@contextmanager
def nothing() -> Iterator[None]:
    """No second table."""
    yield None


def chosen_config(options: argparse.Namespace) -> Config:
    """The run file's settings, then the flags. Without a flag it is the same run again: what was decided for it then
    is not decided anew. How the run's table was to be read says nothing about another table."""
    flags = {
        "task.kind": options.task,
        "data.input": options.input,
        "data.target": options.target,
        "model.base": options.base,
        "data.file": options.data and str(options.data[0].resolve()),
        "data.more_files": options.data and tuple(str(file.resolve()) for file in options.data[1:]),
        "data.test_file": options.test and str(options.test.resolve()),
        **{f"data.{name}": getattr(options, name) for name in READING},
    }
    config, is_same = Config(), not options.set and all(value is None for value in flags.values())
    if options.run_file:
        config = edit.read(options.run_file.read_bytes(), decided=is_same)
    if options.data:
        for name in READING:
            config = edit.change(config, f"data.{name}", None)
    for path, value in flags.items():
        if value is not None:
            config = edit.change(config, path, value)
    for assignment in options.set:
        config = edit.parse(config, assignment)
    return config


def with_guess(config: Config, table: Table, *, quiet: bool) -> Config:
    """Fill in the goal and the columns that were not named, and say so."""
    if config.data.input and config.data.target:
        return config
    guess = guess_roles(table)
    if not quiet:
        print(guess.reason)
    told = edit.differences(config)
    for path, value in flow.settings_of(guess).items():
        if path in told or (path == "task.kind" and (config.data.input or config.data.target)):
            continue
        if path == "data.template" and config.data.input:  # the column that was named is read alone
            continue
        config = edit.change(config, path, value)
    return config


@contextmanager
def interrupted_by_ctrl_c(stop: threading.Event) -> Iterator[None]:
    """The first Ctrl+C asks the work to stop and keep the best; the second one ends the program."""

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("\nStopping; the best so far is kept. Press again to end at once.", file=sys.stderr)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
