"""Findings that lie beside their table."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from studio.config.goals import TaskKind
from studio.data.checkup.check_up import findings
from studio.data.checkup.finding import Finding, Fix, ordered
from studio.data.checkup.kept import FINDINGS_FILE, keep, keep_cuts, kept, kept_cuts
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


def test_beside_other_test_rows_nothing_is_said(tmp_path: Path) -> None:
    """Rows that are in the test file too are found in one table about the other."""
    table = table_of(tmp_path, ("text", "label"), [("a", "b"), ("c", "b")])
    test = table_of(tmp_path / "test", ("text", "label"), [("a", "b")])
    other = table_of(tmp_path / "other", ("text", "label"), [("x", "b")])
    keep(table, COLUMNS, [Finding("leaks", 1, (0,), "look", "1 row is in the test file")], test_table=test)
    assert len(kept(table, COLUMNS, test_table=test)) == 1
    assert kept(table, COLUMNS, test_table=other) == ()
    assert kept(table, COLUMNS) == ()


def test_nothing_is_kept_where_nothing_was_checked_or_the_file_is_damaged(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b")])
    assert kept(table, COLUMNS) == ()
    (table.folder / FINDINGS_FILE).write_text('[{"kind": 1}', encoding="utf-8")
    assert kept(table, COLUMNS) == ()


def test_the_worst_comes_first_and_equals_stay_as_they_came() -> None:
    severities = ("good", "look", "wrong", "look")
    found = [Finding(str(n), 0, (), severity, "") for n, severity in enumerate(severities)]
    assert [one.kind for one in ordered(found)] == ["2", "1", "3", "0"]


def test_what_the_limit_cuts_is_kept_beside_and_told_of_that_limit_only(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "b")])
    rows = Finding("duplicates", 1, (0,), "look", "1 row repeats another")
    cut = Finding("answer_cut", 1, (0,), "wrong", "1 row loses its whole answer")
    keep_cuts(table, COLUMNS, [cut], "64 tokens")
    keep(table, COLUMNS, [rows])
    assert kept(table, COLUMNS) == (rows,)
    assert kept(table, COLUMNS, cut_at="64 tokens") == (cut, rows)
    assert kept(table, COLUMNS, cut_at="128 tokens") == (rows,)
    keep_cuts(table, COLUMNS, [], "128 tokens")
    assert kept_cuts(table, COLUMNS, "64 tokens") == ()
    assert kept(table, COLUMNS) == (rows,)
    assert kept_cuts(table.with_edits([DeleteRows((0,))]), COLUMNS, "128 tokens") == ()


@pytest.mark.parametrize("kind", ["classify", "answer"])
def test_no_cell_but_a_label_is_in_the_file(tmp_path: Path, kind: TaskKind) -> None:
    """A table with something for every check to find; each cell holds a word that is nowhere else."""
    dice = random.Random(5)
    faults = (
        "jo.secret{n}@example.com",
        "call +49 30 1234{n:04}",
        "Ã¼ber &amp; <br>",
        "fuck",
        "4111 1111 1111 1111",
        "",
    )
    cells = []
    for n in range(300):
        label = ("rejected", "accepted")[n % 2] if kind == "classify" else f"answerword{n} and so on"
        region = ("Northvalue", "Southvalue")[n % 2 if dice.random() < 0.8 else dice.randrange(2)]
        cells.append(
            (f"textword{n} came in {faults[n % 6].format(n=n)} secretword", label, region, f"customerword{n // 9}")
        )
    cells += [cells[0], cells[1], (cells[2][0] + " x", *cells[3][1:]), ("", *cells[0][1:]), ("-", *cells[1][1:])]
    cells += [(cells[4][0], *cells[5][1:]), ("totalword", "", "", "")]
    table = table_of(tmp_path, ("text", "label", "region", "customer"), cells)
    found = findings(table, COLUMNS, kind=kind)
    assert len([one for one in found if one.count]) > 6
    assert kind == "answer" or any(one.outside for one in found)
    keep(table, COLUMNS, found)
    written = (table.folder / FINDINGS_FILE).read_text(encoding="utf-8").casefold()
    private = (
        "textword",
        "secretword",
        "secret",
        "example.com",
        "answerword",
        "northvalue",
        "southvalue",
        "customerword",
    )
    assert not [word for word in (*private, "totalword", "1234", "4111", "fuck") if word in written]
