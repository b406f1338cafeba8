"""A text put together from several columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.roles.columns import Columns, fields_of, text_maker
from studio.data.table.table import Table
from studio.problems import Problem
from tests.data.tables import table_of

ROWS = [("Late", "It never came.", "a"), ("", "Only a body", "b"), (" ", "", "c")]


def input_texts(table: Table, columns: Columns) -> list[str]:
    return text_maker(table, columns)({name: table.column(name) for name in columns.read})


def texts(folder: Path, template: str) -> list[str]:
    return input_texts(table_of(folder, ("title", "the body", "label"), ROWS), Columns("the body", "label", template))


def test_a_template_puts_cells_where_their_columns_are_named(tmp_path: Path) -> None:
    assert texts(tmp_path, "{title}\n\n{ the body }") == ["Late\n\nIt never came.", "Only a body", ""]


def test_the_gap_to_an_empty_cell_is_left_out(tmp_path: Path) -> None:
    rows = [("a", "b", "c"), ("a", "", "c"), ("a", " ", ""), ("", "b", ""), ("", "", "")]
    table = table_of(tmp_path, ("x", "y", "z"), rows)
    assert input_texts(table, Columns("x", template="{x}\n\n{y}\n{z}")) == ["a\n\nb\nc", "a\nc", "a", "b", ""]
    assert input_texts(table, Columns("x", template="Of {x}: {y}"))[1] == "Of a: "


def test_doubled_braces_stand_for_themselves_and_others_are_plain_text(tmp_path: Path) -> None:
    assert texts(tmp_path, "{{x}} {} {the body}")[0] == "{x} {} It never came."


def test_a_cell_with_braces_is_not_read_as_a_template(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("a", "b"), [("{b}", "secret")])
    assert input_texts(table, Columns("a", "b", "<{a}>")) == ["<{b}>"]


def test_columns_that_are_read_are_named_once() -> None:
    assert list(fields_of("{a} {b} {a}")) == ["a", "b", "a"]
    assert Columns("x", "y", "{a} {b} {a}").read == ("a", "b")
    assert Columns("x", "y").read == ("x",)


@pytest.mark.parametrize(("template", "words"), [("no column", "names no column"), ("{gone}", "no column “gone”")])
def test_a_template_that_cannot_be_filled_is_told(tmp_path: Path, template: str, words: str) -> None:
    with pytest.raises(Problem, match=words):
        texts(tmp_path, template)
