"""The check-up's answer, kept beside the table that it is about, for the model's card and for the next opening.

In: Findings and the Table, as it was edited then, with its Columns. Out: TABLE/findings.json with their kinds, counts,
titles and first rows; no cell of the table is in it. Of another state of the table they say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b

from studio.atomic import atomic_file
from studio.data.checkup.finding import Finding
from studio.data.roles.columns import Columns
from studio.data.table.edit_log import snapshot_sum
from studio.data.table.table import Table

FINDINGS_FILE = "findings.json"
_FIRST_ROWS = 100  # row numbers that are kept; the count is always whole


def keep(table: Table, columns: Columns, findings: Sequence[Finding]) -> None:
    """Write them into the table's folder."""
    found = [
        {
            "kind": one.kind,
            "count": one.count,
            "severity": one.severity,
            "title": one.title,
            "meaning": one.meaning,
            "column": one.column,
            "rows": one.rows[:_FIRST_ROWS],
        }
        for one in findings
    ]
    values = {"about": _about(table, columns), "findings": found}
    with atomic_file(table.folder / FINDINGS_FILE) as path:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(table: Table, columns: Columns) -> tuple[Finding, ...]:
    """What was kept about this very table and these columns, without fixes and notes; nothing where no check-up of it
    came to its end."""
    try:
        values = json.loads((table.folder / FINDINGS_FILE).read_text(encoding="utf-8"))
        if values["about"] != _about(table, columns):
            return ()
        return tuple(Finding(**{**one, "rows": tuple(one["rows"])}) for one in values["findings"])
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def _about(table: Table, columns: Columns) -> str:
    """What tells this state of a table from others: its snapshot, its edits, and what its columns are for."""
    told = f"{snapshot_sum(table)} {table.edits!r} {columns!r}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
