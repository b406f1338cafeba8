"""`models`: what is on this computer, and what can be downloaded.

In: the catalog. Out: a list, or a model brought here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict

from studio.cli.terminal import show
from studio.models import catalog, download

HELP = "Which models are on this computer, and which can be downloaded"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Its flags."""
    made.add_argument("--json", action="store_true", help="the list as one JSON document, for programs")
    sent = "nothing of yours is sent but your hub log-in, where you have one"
    made.add_argument("--get", metavar="NAME", help=f"download this one from the model hub; {sent}")


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
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
