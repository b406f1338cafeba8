"""The tables that ship with the program, and what each one is for.

In: resources/samples/*.json. Out: Samples, those of one goal together. Knows nothing of how a table is read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.config import paths
from studio.config.goals import GOALS, TaskKind

# What a sample may name a column for; each is a setting data.<name>.
COLUMNS = (
    "input",
    "target",
    "context",
    "start",
    "rejected",
    "negative",
    "score",
    "system",
    "earlier",
    "part_column",
    "group",
)


@dataclass(frozen=True)
class Sample:
    """A table to try the program with: its own `name`, its `file` in resources/samples, which another sample may have
    too, the goal that it was made for, its words, and by name the `columns` that have a role. `test_share`: of a small
    table a larger part is kept for the test than usual, so that there are enough rows to judge on; None = as usual."""

    name: str
    title: str
    file: str
    kind: TaskKind
    rows_text: str
    about: str
    columns: dict[str, str] = field(default_factory=dict)
    prompts: tuple[str, ...] = ()
    test_share: float | None = None

    @property
    def path(self) -> Path:
        """Where the table lies."""
        return folder() / self.file

    @property
    def settings(self) -> dict[str, Any]:
        """The choices that it was made for, by their paths."""
        test = {} if self.test_share is None else {"data.test_share": self.test_share}
        return {"task.kind": self.kind, **{f"data.{role}": name for role, name in self.columns.items()}, **test}


def folder() -> Path:
    """Where they lie."""
    return paths.resources() / "samples"


def samples() -> tuple[Sample, ...]:
    """The samples in the order of the goals and then of their file names."""
    found = [_read(file) for file in sorted(folder().glob("*.json"))]
    return tuple(sample for kind in GOALS for sample in found if sample.kind == kind)


def sample_of(name: str) -> Sample | None:
    """The sample of this name, else the first one with a file of this name, if there is one."""
    known = samples()
    found = [sample for sample in known if sample.name == name] + [one for one in known if one.file == name]
    return found[0] if found else None


def prompts_of(file: Path, kind: TaskKind) -> tuple[str, ...]:
    """What to ask a model of this goal that learns from a sample's file; () where it is none."""
    if file.parent != folder():
        return ()
    return next((one.prompts for one in samples() if one.file == file.name and one.kind == kind), ())


def _read(file: Path) -> Sample:
    values = json.loads(file.read_text(encoding="utf-8"))
    return Sample(
        name=file.stem,
        title=values["title"],
        file=values["file"],
        kind=values["kind"],
        rows_text=values["rows_text"],
        about=values["about"],
        columns={role: values[role] for role in COLUMNS if values.get(role)},
        prompts=tuple(values["prompts"]),
        test_share=values.get("test_share"),
    )
