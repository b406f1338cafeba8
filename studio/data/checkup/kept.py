"""The check-up's answer, kept beside the table that it is about, for the model's card and for the next opening.

In: Findings. Out: TABLE/findings.json with their kinds, counts, titles and first rows; no cell of the table is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from studio.atomic import atomic_file
from studio.data.checkup.finding import Finding

FINDINGS_FILE = "findings.json"
_FIRST_ROWS = 100  # row numbers that are kept; the count is always whole


def keep(folder: Path, findings: Sequence[Finding]) -> None:
    """Write them into the table's folder."""
    values = [
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
    with atomic_file(folder / FINDINGS_FILE) as path:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(folder: Path) -> tuple[Finding, ...]:
    """What was kept, without fixes and notes; nothing where no check-up came to its end."""
    try:
        values = json.loads((folder / FINDINGS_FILE).read_text(encoding="utf-8"))
        return tuple(Finding(**{**one, "rows": tuple(one["rows"])}) for one in values)
    except (OSError, ValueError, TypeError, KeyError):
        return ()
