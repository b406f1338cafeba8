"""The whole way on a bundled sample: read, train, judge, try, export, prove.

In: a folder, or none for one that is gone afterwards. Out: the events of every part as lines on a terminal.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio import flow
from studio.cli.terminal import heading, show
from studio.config import edit, paths
from studio.config.config import Config
from studio.events import Event, Imported
from studio.runs import hold, project

HELP = "The whole way on a bundled sample: read, train, judge, try, export, prove"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("--out", type=Path, help="keep the result here")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Go it, and say how long it took."""
    demo(options.out, should_stop)


def demo(out: Path | None, should_stop: Callable[[], bool]) -> None:
    """Go the whole way on the customer messages; the result is kept in `out`."""
    sample = json.loads((paths.resources() / "samples" / "customer_messages.json").read_text(encoding="utf-8"))
    folder = out or Path(tempfile.mkdtemp(prefix="finetune-studio-demo-"))
    started = time.monotonic()
    home = project.create_project(project.free_folder(folder, sample["title"]), sample["title"])
    hold.hold(home.folder)
    try:
        _go(sample, home, should_stop)
    finally:
        hold.let_go(home.folder)
        if out is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\nAll of it took {time.monotonic() - started:.0f} s. Nothing left this computer.")


def _go(sample: dict[str, Any], home: project.Project, should_stop: Callable[[], bool]) -> None:
    heading("1. Read the table")
    file = paths.resources() / "samples" / sample["file"]
    folders: list[Path] = []
    show(_noted(flow.import_snapshot(file, home.data_folder), folders))
    config = Config()
    for path, value in {
        "data.file": str(file),
        "task.kind": sample["kind"],
        "data.input": sample["input"],
        "data.target": sample["target"],
    }.items():
        config = edit.change(config, path, value)
    home = replace(home, config=config, snapshot=folders[0].name)
    project.save_project(home)
    table = home.table()
    assert table is not None  # it was just read
    prompts = tuple(sample["prompts"][:3])
    target = home.next_run_folder()
    heading("2. Learn")
    show(flow.fine_tune(config, target, table=table, prompts=prompts[:1], should_stop=should_stop))
    heading("3. Judge on rows it never saw")
    show(flow.judge(target, should_stop=should_stop))
    heading("4. Try it")
    opened = flow.open_tuned(target)
    for text, shares in zip(prompts, flow.sort_texts(opened, prompts), strict=True):
        label, share = next(iter(shares.items()))
        print(f"  “{text}”\n      {label} ({share:.0%})")
    heading("5. Export, and let another program open it")
    show(flow.export(target, to="classifier", out=home.folder.parent / "export", should_stop=should_stop))


def _noted(events: Iterator[Event], folders: list[Path]) -> Iterator[Event]:
    """The same events; the folder that a table was read into is added to `folders`."""
    for event in events:
        if isinstance(event, Imported):
            folders.append(Path(event.folder))
        yield event
