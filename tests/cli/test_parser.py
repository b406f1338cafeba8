"""Every option says what it does, and the README names those that there are."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from studio.cli.parser import COMMANDS, parser

README = Path(__file__).parents[2] / "README.md"
PLACES = {"FILE": "a.csv", "OUT": "out", "RUN": "run", "PATH": "folder", "FORMAT": "merged", "NAME": "name"}


def made(name: str) -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser()
    COMMANDS[name].add_arguments(parsed)
    return parsed


def flags_of(name: str) -> set[str]:
    return {flag for action in made(name)._actions for flag in action.option_strings}


def rows_of_readme() -> list[tuple[list[str], list[str]]]:
    """What stands in backticks in both columns of the table of commands."""
    section = README.read_text(encoding="utf-8").split("## The command line")[1].split("\n## ")[0]
    lines = [line.strip("|").rsplit("|", 1) for line in section.splitlines() if line.startswith("| `")]
    return [(re.findall("`(.+?)`", left), re.findall("`(.+?)`", right)) for left, right in lines]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    assert [action.dest for action in made(name)._actions if not action.help] == []


@pytest.mark.parametrize("line", [line for left, _ in rows_of_readme() for line in left if line.startswith("studio ")])
def test_the_command_lines_of_the_readme_are_understood(line: str) -> None:
    words = re.sub("|".join(PLACES), lambda word: PLACES[word[0]], line.replace("…", "").removeprefix("studio "))
    assert callable(parser().parse_args(shlex.split(words)).run)


def test_the_options_of_the_readme_are_those_of_the_program() -> None:
    rows = rows_of_readme()
    assert len(rows) > 8
    seen: dict[str, set[str]] = {name: set() for name in COMMANDS}
    for left, right in rows:
        commands = [line.split()[1] for line in left if line.startswith("studio ")]
        commands = commands or [word for word in right if word in COMMANDS]
        flags = set(re.findall(r"--[a-z-]+", " ".join([*left, *right]))) - {"--test"}
        for name in commands:
            assert flags <= flags_of(name), name
            seen[name] |= flags
    assert seen["convert"] == {flag for flag in flags_of("convert") if flag.startswith("--")} - {"--help"}
    assert seen["inspect"] == {flag for flag in flags_of("inspect") if flag.startswith("--")} - {"--help"}
