"""Every command and its flags, as argparse takes them.

In: the modules of the commands. Out: a parser whose result has `run`, which takes that result and `should_stop`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from studio.cli import (
    chat,
    convert,
    demo,
    evaluate,
    export,
    inspect,
    models,
    predict,
    resume,
    runs,
    settings,
    train,
)


class Command(Protocol):
    """What the module of a command holds."""

    HELP: str

    def add_arguments(self, made: argparse.ArgumentParser, /) -> None:
        """Its flags."""

    def run(self, options: argparse.Namespace, should_stop: Callable[[], bool]) -> None:
        """Do it; a Problem ends it."""


COMMANDS: dict[str, Command] = {
    "inspect": inspect,
    "convert": convert,
    "train": train,
    "resume": resume,
    "evaluate": evaluate,
    "predict": predict,
    "chat": chat,
    "export": export,
    "models": models,
    "runs": runs,
    "settings": settings,
    "demo": demo,
}


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="python -m studio", description="The flow for a terminal: the same names as in the window."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        made = commands.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(made)
        made.set_defaults(run=command.run)
    return top
