"""`train`: a run made of a table, or of a run file.

In: settings from a run file and from flags. Out: a run's folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from studio import flow
from studio.cli.reading import READING, add_reading, imported, nothing
from studio.cli.terminal import harmless, show
from studio.config import edit
from studio.config.config import Config
from studio.config.goals import GOALS, MORE_ROLES
from studio.data.reading.options import ReadOptions
from studio.data.roles.roles import guess_roles
from studio.data.table.table import TABLE_FILE, Table, open_table
from studio.problems import Problem

HELP = "Fine-tune a model on a table, or from a run file"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("run_file", type=Path, nargs="?", help="a run.json with settings; flags win over it")
    made.add_argument(
        "--data", type=Path, nargs="+", metavar="FILE", help="the table to learn from: a file or a folder, or several"
    )
    made.add_argument("--test", type=Path, help="a table kept for judging only; how it is read is found by looking")
    made.add_argument("--task", choices=tuple(GOALS), help="guessed from the columns if left out")
    made.add_argument("--input", help="the column that the model reads")
    made.add_argument("--target", help="the column with the label or the answer")
    made.add_argument(
        "--labels", nargs="+", metavar="COLUMN", help="columns of 0 and 1, one a label, in place of --target"
    )
    for role in MORE_ROLES:
        words = edit.entry(f"data.{role}").words
        made.add_argument(f"--{role}", metavar="COLUMN", help=f"{words.title}: {words.help}")
    made.add_argument("--base", help="a starter's name or a model folder")
    made.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SETTING=VALUE",
        help="for example training.epochs=3; `settings` lists them all",
    )
    made.add_argument("--prompt", action="append", default=[], help="an example of "
                      "your own, answered while it learns; where a question has a text, the question, a line break and "
                      "the text, as in $'When?\\nThe shop opens at nine.' in most shells")  # fmt: skip
    made.add_argument("--out", type=Path, required=True, help="the run's folder")
    made.add_argument("--events", action="store_true", help="one JSON object a line")
    add_reading(made, "Found by looking where left out. Said of the table to learn from, not of the one in --test.")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
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


def chosen_config(options: argparse.Namespace) -> Config:
    """The run file's settings, then the flags. Without a flag it is the same run again: what was decided for it then
    is not decided anew. How the run's table was to be read says nothing about another table."""
    flags = {
        "task.kind": options.task,
        "data.input": options.input,
        "data.target": options.target,
        "data.label_columns": options.labels and tuple(options.labels),
        **{f"data.{role}": getattr(options, role) for role in MORE_ROLES},
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
    goal = GOALS[config.task.kind]
    lacks_text = "context" in goal.roles and not config.data.context
    learned = config.data.target or config.data.label_columns
    if config.data.input and (learned or not goal.target) and not lacks_text:
        return config
    guess = guess_roles(table)
    told = edit.differences(config)
    is_text = "task.kind" in told and GOALS[config.task.kind].whole_text  # which has one column
    if not quiet and not (is_text and guess.kind != config.task.kind):
        print(harmless(guess.reason))
    named = config.data.input
    fitting = guess.fitting(config.task.kind) if "task.kind" in told else None
    found = guess if fitting is None else replace(guess, columns=fitting)
    for path, value in flow.settings_of(found).items():
        if path in told or (path == "task.kind" and (config.data.input or learned)):
            continue
        if is_text and path not in ("data.input", "data.part_column"):
            continue
        if path in ("data.target", "data.label_columns") and learned:
            continue
        if path == "data.template" and named:  # the column that was named is read alone
            continue
        config = edit.change(config, path, value)
    return config
