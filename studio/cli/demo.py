"""The whole way on a bundled sample: read, train, judge, try, export, prove.

In: the name of a sample, and a folder, or none for one that is gone afterwards. Out: the events of every part as lines
on a terminal.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path

from studio import flow
from studio.cli.terminal import heading, show
from studio.config import edit
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.config.samples import Sample, sample_of, samples
from studio.events import Event, Imported
from studio.export.formats import formats_for
from studio.runs import hold, project
from studio.runs.run import open_run

HELP = "The whole way on a bundled sample: read, train, judge, try, export, prove"
_TRIED = 3  # prompts
_SHOWN = 2  # columns of an answer: what it says, and how sure it is


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    names = [sample.name for sample in samples()]
    listed = ", ".join(f"{sample.name} ({GOALS[sample.kind].title})" for sample in samples())
    made.add_argument(
        "sample", nargs="?", choices=names, metavar="SAMPLE", default="customer_messages", help=f"one of: {listed}"
    )
    made.add_argument("--out", type=Path, help="keep the result here")
    made.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE", help="as in `train`")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Go it, and say how long it took."""
    sample = sample_of(options.sample)
    assert sample is not None  # one of the choices
    folder = options.out or Path(tempfile.mkdtemp(prefix="finetune-studio-demo-"))
    started = time.monotonic()
    home = project.create_project(project.free_folder(folder, sample.title), sample.title)
    hold.hold(home.folder)
    try:
        _go(sample, home, options.set, should_stop)
    finally:
        hold.let_go(home.folder)
        if options.out is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\nAll of it took {time.monotonic() - started:.0f} s. Nothing left this computer.")


def _go(sample: Sample, home: project.Project, changes: list[str], should_stop: Callable[[], bool]) -> None:
    heading("1. Read the table")
    folders: list[Path] = []
    show(_noted(flow.import_snapshot(sample.path, home.data_folder), folders))
    config = Config()
    for path, value in {"data.file": str(sample.path), **sample.settings}.items():
        config = edit.change(config, path, value)
    config = reduce(edit.parse, changes, config)
    home = replace(home, config=config, snapshot=folders[0].name)
    project.save_project(home)
    table = home.table()
    assert table is not None  # it was just read
    target = home.next_run_folder()
    heading("2. Learn")
    show(flow.fine_tune(config, target, table=table, prompts=sample.prompts[:1], should_stop=should_stop))
    heading("3. Judge on rows it never saw")
    show(flow.judge(target, should_stop=should_stop))
    heading("4. Try it")
    _try(sample, target, home.folder, should_stop)
    heading("5. Export, and let another program open it")
    to = formats_for(sample.kind, open_run(target).resolved.model.method or "full")[0]
    show(flow.export(target, to=to, out=home.folder.parent / "export", should_stop=should_stop))


def _try(sample: Sample, run: Path, folder: Path, should_stop: Callable[[], bool]) -> None:
    """Answer the sample's prompts as a file of rows is answered."""
    asked, answered = folder / "prompts.csv", folder / "prompts answered.csv"
    rows = [_cells(sample, prompt) for prompt in sample.prompts[:_TRIED]]
    with asked.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
    show(flow.predict(run, asked, answered, should_stop=should_stop))
    with answered.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            print(f"  “{row[sample.columns['input']]}”")
            for name in [name for name in row if name not in rows[0]][:_SHOWN]:
                print(f"      {name}: {row[name]}")


def _cells(sample: Sample, prompt: str) -> dict[str, str]:
    """A prompt as a row of the sample's table. Where a text is read with it, that follows in the lines below."""
    if not (context := sample.columns.get("context")):
        return {sample.columns["input"]: prompt}
    question, _, text = prompt.partition("\n")
    return {sample.columns["input"]: question, context: text}


def _noted(events: Iterator[Event], folders: list[Path]) -> Iterator[Event]:
    """The same events; the folder that a table was read into is added to `folders`."""
    for event in events:
        if isinstance(event, Imported):
            folders.append(Path(event.folder))
        yield event
