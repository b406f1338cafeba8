"""What was exported of a run, and what its proof said.

In: the events of an export. Out: RUN/exports.json, one entry a format, the latest one. Knows nothing of formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from studio.atomic import atomic_file
from studio.events import Event, Exported, Verified

EXPORTS_FILE = "exports.json"


@dataclass(frozen=True)
class Proof:
    """A folder at `path` of `size` bytes; `right` of `total` questions were answered the same by another program
    (`total` 0: not asked), `difference` is the first one that was not."""

    path: str
    size: int
    right: int = 0
    total: int = 0
    difference: str = ""


def exports(run: Path) -> dict[str, Proof]:
    """By format, what still lies where it was written; an unreadable list is an empty one."""
    try:
        values = json.loads((run / EXPORTS_FILE).read_text(encoding="utf-8"))
        found = {str(key): Proof(**proof) for key, proof in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {key: proof for key, proof in found.items() if Path(proof.path).exists()}


def note_exports(run: Path, events: Iterator[Event]) -> Iterator[Event]:
    """Pass an export's events through, and note what it wrote and how its proof ended."""
    key, proof = "", Proof("", 0)
    for event in events:
        if isinstance(event, Exported):
            key, proof = event.format, Proof(event.path, event.size)
        elif isinstance(event, Verified):
            proof = replace(proof, right=event.right, total=event.total, difference=event.difference)
        if isinstance(event, (Exported, Verified)) and key:
            with atomic_file(run / EXPORTS_FILE) as path:
                entries = {name: asdict(known) for name, known in exports(run).items()} | {key: asdict(proof)}
                path.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
        yield event
