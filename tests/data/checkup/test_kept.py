"""Findings that lie beside their table."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup.finding import Finding, Fix, ordered
from studio.data.checkup.kept import FINDINGS_FILE, keep, kept
from studio.data.edits import DeleteRows


def test_what_is_kept_comes_back_without_what_only_helps_to_mend(tmp_path: Path) -> None:
    fix = Fix("Delete", (DeleteRows((1,)),))
    found = Finding("e_mails", 400, tuple(range(400)), "look", "400 rows", "why", "text", ((1, "note"),), (fix,))
    good = Finding("duplicates", 0, (), "good", "No text is there twice")
    keep(tmp_path, [found, good])
    first = Finding("e_mails", 400, tuple(range(100)), "look", "400 rows", "why", "text")
    assert kept(tmp_path) == (first, good)


def test_nothing_is_kept_where_nothing_was_checked_or_the_file_is_damaged(tmp_path: Path) -> None:
    assert kept(tmp_path) == ()
    (tmp_path / FINDINGS_FILE).write_text('[{"kind": 1}', encoding="utf-8")
    assert kept(tmp_path) == ()


def test_the_worst_comes_first_and_equals_stay_as_they_came() -> None:
    severities = ("good", "look", "wrong", "look")
    found = [Finding(str(n), 0, (), severity, "") for n, severity in enumerate(severities)]
    assert [one.kind for one in ordered(found)] == ["2", "1", "3", "0"]
