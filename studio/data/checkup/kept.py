"""The check-up's answer, kept beside the table that it is about, for the model's card and for the next opening.

In: Findings and the Table, as it was edited then, with its Columns. Out: TABLE/findings.json with their kinds, counts,
titles and first rows. Of another state of the table they say nothing.

The file goes into a run, and its titles into the card of an exported model, which others read. So no cell stands in it
but labels, which the model tells everybody anyway: no text, no answer, no value of another column, no note about a row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from studio.atomic import atomic_file
from studio.data.checkup.finding import Finding, ordered
from studio.data.roles.columns import Columns
from studio.data.table.edit_log import snapshot_sum
from studio.data.table.table import Table

FINDINGS_FILE = "findings.json"
_FIRST_ROWS = 100  # row numbers that are kept; the count is always whole
_WRITING = Lock()  # the check-up and the measuring of lengths end on threads of their own, and share the file


def keep(table: Table, columns: Columns, findings: Sequence[Finding], *, test_table: Table | None = None) -> None:
    """Write the check-up's findings into the table's folder; `test_table` was looked at beside it."""
    _write(table.folder / FINDINGS_FILE, "rows", _about(table, columns, test_table=test_table), findings)


def keep_cuts(table: Table, columns: Columns, findings: Sequence[Finding], at: str) -> None:
    """Write what the length limit cuts into the table's folder; `at` tells the limit, and whose tokens count."""
    _write(table.folder / FINDINGS_FILE, "cuts", _about(table, columns, at), findings)


def kept(table: Table, columns: Columns, *, test_table: Table | None = None, cut_at: str = "") -> tuple[Finding, ...]:
    """What was kept about these very tables and these columns, the worst first, without fixes and notes; nothing where
    no check-up of them came to its end. With `cut_at` what the limit cuts, too, where it was measured at that one."""
    return ordered((*kept_rows(table, columns, test_table), *(kept_cuts(table, columns, cut_at) if cut_at else ())))


def kept_rows(table: Table, columns: Columns, test_table: Table | None = None) -> tuple[Finding, ...]:
    """Those of `keep` alone."""
    return _read(table.folder / FINDINGS_FILE, "rows", _about(table, columns, test_table=test_table))


def kept_cuts(table: Table, columns: Columns, at: str) -> tuple[Finding, ...]:
    """Those of `keep_cuts` alone."""
    return _read(table.folder / FINDINGS_FILE, "cuts", _about(table, columns, at))


def _write(file: Path, section: str, about: str, findings: Sequence[Finding]) -> None:
    found = [
        {
            "kind": one.kind,
            "count": one.count,
            "severity": one.severity,
            "title": one.outside or one.title,
            "meaning": "" if one.outside else one.meaning,
            "column": one.column,
            "rows": one.rows[:_FIRST_ROWS],
        }
        for one in findings
    ]
    with _WRITING:
        values = {**_sections(file), section: {"about": about, "findings": found}}
        with atomic_file(file) as path:
            path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def _read(file: Path, section: str, about: str) -> tuple[Finding, ...]:
    values = _sections(file).get(section)
    try:
        if values is None or values["about"] != about:
            return ()
        return tuple(Finding(**{**one, "rows": tuple(one["rows"])}) for one in values["findings"])
    except (TypeError, KeyError):
        return ()


def _sections(file: Path) -> dict[str, Any]:
    """What the file holds; nothing where there is none, or a damaged one."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) and {*values} <= {"rows", "cuts"} else {}


def _about(table: Table, columns: Columns, at: str = "", *, test_table: Table | None = None) -> str:
    """What tells this state of a table from others: its snapshot, its edits, what its columns are for, and the rows
    that it is judged on where those are of another file."""
    told = f"{snapshot_sum(table)} {table.edits!r} {columns!r} {at}"
    told += f" {snapshot_sum(test_table)}" if test_table is not None else ""
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
