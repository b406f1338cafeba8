"""Findings that lie beside their table."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup.finding import Finding, Fix, ordered
from studio.data.checkup.kept import FINDINGS_FILE, keep, kept
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from tests.data.tables import table_of

COLUMNS = Columns("text", "label")


def test_what_is_kept_comes_back_without_what_only_helps_to_mend(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b")])
    fix = Fix("Delete", (DeleteRows((1,)),))
    found = Finding("e_mails", 400, tuple(range(400)), "look", "400 rows", "why", "text", ((1, "note"),), (fix,))
    good = Finding("duplicates", 0, (), "good", "No text is there twice")
    keep(table, COLUMNS, [found, good])
    first = Finding("e_mails", 400, tuple(range(100)), "look", "400 rows", "why", "text")
    assert kept(table, COLUMNS) == (first, good)


def test_of_another_state_of_the_table_nothing_is_said(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b"), ("a", "b")])
    keep(table, COLUMNS, [Finding("duplicates", 1, (1,), "look", "1 row repeats another")])
    assert kept(table.with_edits([DeleteRows((1,))]), COLUMNS) == ()
    assert kept(table, Columns("label", "text")) == ()
    assert len(kept(table, COLUMNS)) == 1


def test_nothing_is_kept_where_nothing_was_checked_or_the_file_is_damaged(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b")])
    assert kept(table, COLUMNS) == ()
    (table.folder / FINDINGS_FILE).write_text('[{"kind": 1}', encoding="utf-8")
    assert kept(table, COLUMNS) == ()


def test_the_worst_comes_first_and_equals_stay_as_they_came() -> None:
    severities = ("good", "look", "wrong", "look")
    found = [Finding(str(n), 0, (), severity, "") for n, severity in enumerate(severities)]
    assert [one.kind for one in ordered(found)] == ["2", "1", "3", "0"]
