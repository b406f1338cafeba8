"""The flags for how a table is read."""

from __future__ import annotations

import pytest

from studio.cli.parser import parser
from studio.cli.reading import reading
from studio.data.reading.options import ReadOptions


@pytest.mark.parametrize(("typed", "meant"), [("tab", "\t"), ("\\t", "\t"), ("none", ""), (";", ";")])
def test_a_delimiter_can_be_typed(typed: str, meant: str) -> None:
    options = parser().parse_args(["convert", "a.csv", "--out", "b.csv", "--delimiter", typed])
    assert reading(options) == ReadOptions(delimiter=meant)


@pytest.mark.parametrize(
    "command", [["train", "--out", "run"], ["evaluate", "run"], ["predict", "run", "a.csv", "--out", "b.csv"]]
)
def test_every_command_that_reads_a_table_can_be_told_how(command: list[str]) -> None:
    options = parser().parse_args([*command, "--header", "--encoding", "utf-16"])
    assert reading(options) == ReadOptions(encoding="utf-16", has_header=True)
