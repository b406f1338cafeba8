"""A run: a folder with what was chosen, the rows it learns from, what happened, and what came of it.

In: a Config and a Dataset. Out: RUN/run.json and RUN/data/, and a Run that opens again on any day without the
original file. Knows nothing of torch.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

from studio.atomic import atomic_file, still_runs
from studio.config import edit
from studio.config.automatic import Automatic, Facts, resolved
from studio.config.config import Config
from studio.data.checkup.finding import Finding
from studio.data.checkup.kept import FINDINGS_FILE, keep, keep_cuts, kept_cuts, kept_rows
from studio.data.parts.dataset import Dataset
from studio.data.parts.split import OF_TEST_FILE
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.data.table.row_tuple import RowTuple
from studio.data.table.snapshots import ROWS_FILES
from studio.data.table.table import Table, open_table
from studio.events import Event, Failed, Finished, Stopped, from_json
from studio.problems import Problem, Where
from studio.tokens.cuts import cut_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUN_FILE = "run.json"
_LOOKED_AT = 1_000  # rows, for one with an instruction
EVENTS_FILE = "events.jsonl"
LIVE_FILE = "running.json"
_FACTS = frozenset(field.name for field in fields(Facts))  # an earlier version may have written others, too
_COLUMNS = tuple(field.name for field in fields(Columns))  # as they stand in split.json
_LIBRARIES = ("torch", "transformers", "peft", "tokenizers", "duckdb")

Status = Literal["ready", "running", "interrupted", "stopped", "finished", "failed"]


@dataclass(frozen=True)
class Run:
    """What RUN/run.json holds. `resolved` is `config` with nothing left open; `reasons` say why, by path;
    `base` is the folder of the model it started from; `prompts` are the user's own examples."""

    folder: Path
    config: Config
    resolved: Config
    reasons: dict[str, Automatic]
    facts: Facts
    labels: tuple[str, ...]
    base: Path
    prompts: tuple[str, ...]
    created: float
    versions: dict[str, str]

    @property
    def trained(self) -> str:
        """What of the model was trained, in words that go on a sentence."""
        if self.resolved.training.approach == "frozen":
            return "the last layer only"
        if self.resolved.model.method == "lora":
            return "an adapter (LoRA)"
        return "the upper half of the layers" if self.resolved.model.learning_layers == "upper" else "all layers"

    def dataset(self) -> Dataset:
        """The very rows that this run learns from, watches and is judged on."""
        split = json.loads((self.folder / "data" / "split.json").read_text(encoding="utf-8"))
        test = self.folder / "data" / "test"
        parts: dict[Part, RowTuple] = {part: RowTuple(rows) for part, rows in split["parts"].items()}
        return Dataset(
            table=open_table(self.folder / "data"),
            columns=Columns(**{name: _read(split[name]) for name in _COLUMNS if name in split}),
            parts=parts,
            left_out={reason: RowTuple(rows) for reason, rows in split["left_out"].items()},
            labels=self.labels,
            test_table=open_table(test) if test.is_dir() else None,
        )

    def status(self) -> Status:
        """Where the run stands, from its record and whether its process still lives."""
        if _is_alive(self.folder / LIVE_FILE):
            return "running"
        last = last_event(self.folder)
        if last is None:
            return "ready"
        endings: dict[type[Event], Status] = {Finished: "finished", Stopped: "stopped", Failed: "failed"}
        return endings.get(type(last), "interrupted")


def create(
    folder: Path,
    *,
    config: Config,
    reasons: dict[str, Automatic],
    facts: Facts,
    dataset: Dataset,
    base: Path,
    prompts: tuple[str, ...] = (),
) -> Run:
    """Make a new run folder with its own copy of the rows; a folder that holds a run, or anything else, is refused."""
    if (folder / RUN_FILE).exists():
        raise Problem(
            "This folder already holds a run.",
            "A run is never overwritten.",
            f"Choose another folder, or continue it: python -m studio resume {folder}",
            Where(str(folder)),
        )
    if folder.is_dir() and any(folder.iterdir()):
        raise Problem(
            "This folder is not empty.",
            "A run gets a folder of its own, so that nothing of yours is mixed with it or replaced.",
            "Choose a new folder.",
            Where(str(folder)),
        )
    limit = resolved(config, reasons).task.max_tokens
    dataset = _with_own_rows(dataset, folder / "data", cut_at(base, limit) if limit else "")
    split = {
        **asdict(dataset.columns),
        "parts": {part: list(rows) for part, rows in dataset.parts.items()},
        "left_out": {reason: list(rows) for reason, rows in dataset.left_out.items()},
    }
    with atomic_file(folder / "data" / "split.json") as path:
        path.write_text(json.dumps(split, ensure_ascii=False), encoding="utf-8")
    run = Run(
        folder=folder,
        config=config,
        resolved=resolved(config, reasons),
        reasons=reasons,
        facts=facts,
        labels=dataset.labels,
        base=base,
        prompts=prompts,
        created=time.time(),
        versions={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )
    save(run)
    return run


def standing_instruction(run: Run) -> str:
    """The instruction that the run is tried with: the one that was chosen, or, where each row has its own, that of a
    row; "" where there is none."""
    dataset = run.dataset()
    if run.config.task.instruction.strip() or not dataset.columns.system:
        return run.config.task.instruction
    rows = (row for part in ("test", "watching", "training") for row in dataset.rows(part))  # those not learned first
    return next((row.system for row in islice(rows, _LOOKED_AT) if row.system.strip()), "")


def save(run: Run) -> None:
    """Write run.json."""
    values = {
        **edit.to_json(run.config),
        "resolved": {path: asdict(chosen) for path, chosen in run.reasons.items()},
        "facts": asdict(run.facts),
        "labels": run.labels,
        "base": str(run.base.relative_to(run.folder) if run.base.is_relative_to(run.folder) else run.base),
        "prompts": run.prompts,
        "created": run.created,
        "versions": run.versions,
    }
    with atomic_file(run.folder / RUN_FILE) as path:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def open_run(folder: Path) -> Run:
    """The Run in `folder`; a Problem if there is none or its file is damaged."""
    path = folder / RUN_FILE
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        config = edit.from_json(values)
        reasons = {name: Automatic(**chosen) for name, chosen in values["resolved"].items()}
        return Run(
            folder=folder,
            config=config,
            resolved=resolved(config, reasons),
            reasons=reasons,
            facts=Facts(**{name: fact for name, fact in values["facts"].items() if name in _FACTS}),
            labels=tuple(values["labels"]),
            base=folder / values["base"],  # which is the base alone where that is absolute
            prompts=tuple(values["prompts"]),
            created=float(values["created"]),
            versions=values["versions"],
        )
    except FileNotFoundError as error:
        raise Problem(
            "There is no run here.",
            f"{folder} holds no {RUN_FILE}.",
            "Choose a run's folder.",
            Where(str(folder)),
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            "The run's description is damaged.",
            f"{RUN_FILE} cannot be understood.",
            "Train again from the project; its data is not affected.",
            Where(str(path)),
        ) from error


def own_base(folder: Path, config: Config) -> Path:
    """Where the model that a run makes for itself lies, called after its form and size."""
    return folder / f"{config.model.family}-{config.model.size}"


def decide(run: Run, path: str, chosen: Automatic) -> Run:
    """Record one more automatic value that could only be found with the model loaded."""
    reasons = {**run.reasons, path: chosen}
    changed = replace(run, reasons=reasons, resolved=resolved(run.config, reasons))
    save(changed)
    return changed


def _read(value: Any) -> Any:
    """A value as it stands in a JSON file; its lists are tuples here."""
    return tuple(value) if isinstance(value, list) else value


def last_event(folder: Path) -> Event | None:
    """The last whole event of the run's record, or None."""
    path = folder / EVENTS_FILE
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65536))
        lines = file.read().decode("utf-8", errors="replace").split("\n")
    for line in reversed(lines):
        try:
            return from_json(line)
        except (ValueError, TypeError):
            continue  # the line that was being written when the power went
    return None


def mark_alive(folder: Path) -> None:
    """Say that this process works on the run; refuse if another one does."""
    live = folder / LIVE_FILE
    if _is_alive(live) and json.loads(live.read_text())["pid"] != os.getpid():
        raise Problem(
            "This run is already going on.",
            "Another window or command is training it.",
            "Wait for it to end, or stop it there.",
            Where(str(folder)),
        )
    with atomic_file(live) as path:
        path.write_text(json.dumps({"pid": os.getpid(), "started": psutil.Process().create_time()}))


def mark_ended(folder: Path) -> None:
    """Take the mark away."""
    (folder / LIVE_FILE).unlink(missing_ok=True)


def _is_alive(live: Path) -> bool:
    try:
        values = json.loads(live.read_text())
        return still_runs(int(values["pid"]), float(values["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _with_own_rows(dataset: Dataset, folder: Path, at: str) -> Dataset:
    """The same Dataset on a copy of its rows in `folder`. Edits become part of the copy, where deleted rows are gone
    and the others are numbered anew; what a program does to the project later does not reach it. `at` names the limit
    whose cut rows are told."""
    if not dataset.table.edits:
        _link_table(dataset.table, folder)  # what was found in it goes along
        table = open_table(folder)
    else:
        numbers = dataset.table.materialise(folder)
        table = open_table(folder)

        def again(found: Sequence[Finding]) -> list[Finding]:
            return [replace(one, rows=_renumbered(one.rows, numbers)) for one in found]

        test = dataset.test_table
        keep(table, dataset.columns, again(kept_rows(dataset.table, dataset.columns, test)), test_table=test)
        keep_cuts(table, dataset.columns, again(kept_cuts(dataset.table, dataset.columns, at)), at)
        dataset = replace(
            dataset,
            parts={
                part: rows if part == "test" and dataset.test_table is not None else _renumbered(rows, numbers)
                for part, rows in dataset.parts.items()
            },
            left_out={
                reason: rows if reason.endswith(OF_TEST_FILE) else _renumbered(rows, numbers)
                for reason, rows in dataset.left_out.items()
            },
        )
    test_table = None
    if dataset.test_table is not None:
        _link_table(dataset.test_table, folder / "test")
        test_table = open_table(folder / "test")
    return replace(dataset, table=table, test_table=test_table)


def _renumbered(rows: Sequence[int], numbers: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(numbers[row]) for row in rows if numbers[row] >= 0)


def _link_table(table: Table, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in (table.folder / name for name in (*ROWS_FILES, FINDINGS_FILE)):  # its log of edits stays with it
        if not file.exists():
            continue
        try:
            os.link(file, folder / file.name)
        except OSError:  # another disk, or one without hard links
            shutil.copy2(file, folder / file.name)
