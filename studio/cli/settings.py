"""`settings`: every setting, its meaning and its default.

In: nothing. Out: the list.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from studio.config import edit

HELP = "Every setting, its meaning and its default"


def add_arguments(_: argparse.ArgumentParser) -> None:
    """It has none."""


def run(options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
    """Print the settings reference."""
    for path, info, words in edit.entries():
        default = "automatic" if info.default is None else repr(info.default)
        unit = f" {words.unit}" if words.unit and info.default is not None else ""
        print(f"{path:<34} {default}{unit}\n    {words.title}: {words.help}")
