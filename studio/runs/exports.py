"""What was exported of a run, and what its proof said.

In: the events of an export. Out: RUN/exports.json, one entry a format, the latest one. Knows nothing of formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from studio.atomic import atomic_file
from studio.checkpoints.layout import best_step
from studio.events import Event, Exported, Verified
from studio.problems import Problem

EXPORTS_FILE = "exports.json"


@dataclass(frozen=True)
class Proof:
    """A folder at `path` of `size` bytes; `right` of `total` questions were answered the same by another program
    (`total` 0: not asked), `difference` is the first one that was not. `best_step` is the checkpoint in it."""

    path: str
    size: int
    right: int = 0
    total: int = 0
    difference: str = ""
    best_step: int | None = None


def exports(run: Path) -> dict[str, Proof]:
    """By format, what still lies where it was written and holds the run's model as it is now, not as it was before it
    was trained further; an unreadable list is an empty one."""
    try:
        values = json.loads((run / EXPORTS_FILE).read_text(encoding="utf-8"))
        found = {str(key): Proof(**proof) for key, proof in values.items()}
        now = best_step(run)
    except (OSError, ValueError, TypeError, AttributeError, Problem):
        return {}
    return {key: proof for key, proof in found.items() if proof.best_step == now and Path(proof.path).exists()}


def note_exports(run: Path, events: Iterator[Event]) -> Iterator[Event]:
    """Pass an export's events through, and note what it wrote and how its proof ended."""
    key, proof, written = "", Proof("", 0), best_step(run)
    for event in events:
        if isinstance(event, Exported):
            key, proof = event.format, Proof(event.path, event.size, best_step=written)
        elif isinstance(event, Verified):
            proof = replace(proof, right=event.right, total=event.total, difference=event.difference)
        if isinstance(event, (Exported, Verified)) and key:
            with atomic_file(run / EXPORTS_FILE) as path:
                entries = {name: asdict(known) for name, known in exports(run).items()} | {key: asdict(proof)}
                path.write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
        yield event
