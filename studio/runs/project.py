"""A project: a folder with a name, the snapshots of its tables, the choices made so far, and its runs.

In: a folder. Out: PROJECT/project.json, which names the snapshot that is used now, PROJECT/data/ with a folder for each
snapshot (see data/table/snapshots.py), PROJECT/runs/. Moving or copying the folder moves the project.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import asdict, dataclass, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from studio.atomic import atomic_file, settle
from studio.config import edit
from studio.config.config import Config
from studio.data.reading.options import ReadOptions
from studio.data.reading.stamp import Stamp
from studio.data.table import snapshots
from studio.data.table.table import Reading, Table, open_table
from studio.problems import Problem, Where
from studio.runs.run import RUN_FILE, Run, open_run

PROJECT_FILE = "project.json"
DATA_FOLDER = "data"


@dataclass(frozen=True)
class Project:
    """`prompts` are the user's own examples, shown over time while training. `snapshot` names the table that is used,
    `test_snapshot` that of the file whose rows are kept for judging; "" where there is none. `stamp` says how the
    original was when it was read, `agreed` is the sum of a reading that was said to be right, and `test_told` what was
    told of how the file to judge on is read."""

    folder: Path
    name: str
    config: Config = Config()
    prompts: tuple[str, ...] = ()
    created: float = 0.0
    snapshot: str = ""
    test_snapshot: str = ""
    stamp: Stamp | None = None
    agreed: str = ""
    test_told: ReadOptions = ReadOptions()

    @property
    def data_folder(self) -> Path:
        """Where the snapshots lie, each in a folder of its own."""
        return self.folder / DATA_FOLDER

    def table(self) -> Table | None:
        """The table as it was read, or None before the first import; its edits are found by `take_up`. Raises a Problem
        where its folder is gone or damaged."""
        return _opened(self.data_folder / self.snapshot, self.config.data.file) if self.snapshot else None

    def test_table(self) -> Table | None:
        """The rows that are kept for judging; None where there are none, or they have to be read first."""
        folder = self.data_folder / self.test_snapshot
        is_read = self.config.data.test_file and self.test_snapshot and snapshots.is_whole(folder)
        return _opened(folder, self.config.data.test_file) if is_read else None

    def tidy(self) -> None:
        """Remove the snapshots that are not used any more; of those with edits the edits stay. Only for whoever knows
        that nothing reads them now."""
        try:
            also = _values(self.folder)  # another window may have chosen otherwise
        except (OSError, ValueError):
            return
        named = {str(also.get(name, "")) for name in ("snapshot", "test_snapshot")}
        snapshots.tidy(self.data_folder, {self.snapshot, self.test_snapshot, *named})

    def runs(self) -> tuple[Run, ...]:
        """The readable runs, newest first."""
        found = []
        for path in (self.folder / "runs").glob(f"*/{RUN_FILE}"):
            try:
                found.append(open_run(path.parent))
            except Problem:  # listed by damaged_runs, not hidden
                continue
        return tuple(sorted(found, key=lambda run: run.created, reverse=True))

    def damaged_runs(self) -> tuple[Path, ...]:
        """Run folders that hold no readable description."""
        readable = {run.folder for run in self.runs()}
        folders = (path for path in (self.folder / "runs").glob("*") if path.is_dir())
        return tuple(path for path in folders if path not in readable and not path.name.startswith("."))

    def next_run_folder(self) -> Path:
        """A folder for a new run: run-1, run-2, …; a number is never used twice, because the exports of a deleted run
        carry it too."""
        return self.folder / "runs" / f"run-{_last_run(self.folder) + 1}"


def create_project(
    folder: Path, name: str, *, config: Config = Config(), snapshot: str = "", stamp: Stamp | None = None
) -> Project:
    """Make a new project in `folder`, which must not hold one yet; `snapshot` is a table that was read into its data
    folder already, from files as `stamp` has them."""
    if (folder / PROJECT_FILE).exists():
        raise Problem(
            "This folder already holds a project.",
            "",
            "Open it, or choose another folder.",
            Where(str(folder)),
        )
    project = Project(folder, name, config, created=time.time(), snapshot=snapshot, stamp=stamp)
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    save_project(project)
    return project


def open_project(folder: Path) -> Project:
    """The project in `folder`; what a killed program left half done in it is put right first."""
    settle(folder)
    path = folder / PROJECT_FILE
    try:
        values = _values(folder)
        return Project(
            folder=folder,
            name=str(values["name"]),
            config=edit.from_json(values),
            prompts=tuple(values.get("prompts", ())),
            created=float(values.get("created", 0.0)),
            snapshot=_name(values, "snapshot"),
            test_snapshot=_name(values, "test_snapshot"),
            **_about_reading(values.get("reading", {})),
        )
    except FileNotFoundError as error:
        raise Problem(
            "There is no project here.",
            f"{folder.name} holds no {PROJECT_FILE}.",
            "Choose a project's folder.",
            Where(str(folder)),
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            "The project's description is damaged.",
            f"{PROJECT_FILE} cannot be understood.",
            "Its data and runs are still in the folder; make a new project and import the file again.",
            Where(str(path)),
        ) from error


def save_project(project: Project) -> None:
    """Write project.json. Raises a Problem, and writes nothing, where it would name a table that is not there and that
    the file does not name already: another window chose another one meanwhile."""
    _refuse_gone(project)
    values = {
        "name": project.name,
        **edit.to_json(project.config),
        "prompts": project.prompts,
        "created": project.created,
        "snapshot": project.snapshot,
        "test_snapshot": project.test_snapshot,
        "last_run": _last_run(project.folder),
        "reading": {"stamp": project.stamp, "agreed": project.agreed, "test_told": asdict(project.test_told)},
    }
    with atomic_file(project.folder / PROJECT_FILE) as path:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def _refuse_gone(project: Project) -> None:
    named = {"snapshot": project.snapshot, "test_snapshot": project.test_snapshot}
    gone = {key: name for key, name in named.items() if name and not snapshots.is_whole(project.data_folder / name)}
    if not gone:
        return
    try:
        there = _values(project.folder)
    except (OSError, ValueError):
        there = {}
    if any(there.get(key) != name for key, name in gone.items()):
        raise Problem(
            "The project was not saved.",
            "Its table was removed or replaced meanwhile, by another window or another program.",
            "Open the project again; what was saved in it last is still there.",
            Where(str(project.folder / PROJECT_FILE)),
        )


def reading_sum(reading: Reading) -> str:
    """What tells a reading from another one, of this file or of any."""
    values = json.dumps(asdict(reading), ensure_ascii=False, sort_keys=True)
    return blake2b(values.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _about_reading(values: dict[str, Any]) -> dict[str, Any]:
    """What a project keeps about the reading of its files; older projects kept nothing."""
    stamp, told, known = values.get("stamp"), values.get("test_told", {}), {field.name for field in fields(ReadOptions)}
    return {
        "stamp": Stamp(int(stamp[0]), float(stamp[1]), *map(str, stamp[2:3])) if stamp else None,
        "agreed": str(values.get("agreed", "")),
        "test_told": ReadOptions(**{name: value for name, value in told.items() if name in known}),
    }


def delete_run(run: Run) -> None:
    """Remove a run's folder and everything in it; a running one is refused."""
    if run.status() == "running":
        raise Problem("A run that is going on cannot be deleted.", "", "Stop it first.", Where(str(run.folder)))
    home = run.folder.resolve().parent.parent
    if (home / PROJECT_FILE).exists():
        save_project(open_project(home))  # which keeps the run's number
    shutil.rmtree(run.folder)


def _values(folder: Path) -> dict[str, Any]:
    values = json.loads((folder / PROJECT_FILE).read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(PROJECT_FILE)
    return values


def _name(values: dict[str, Any], key: str) -> str:
    """A snapshot's name, which leads nowhere else."""
    name = str(values.get(key, ""))
    if not re.fullmatch(r"[0-9a-f]*", name):
        raise ValueError(key)
    return name


def _opened(folder: Path, file: str) -> Table:
    """The snapshot; its original may lie elsewhere by now."""
    table = open_table(folder)
    return replace(table, reading=replace(table.reading, file=file or table.reading.file))


def _last_run(folder: Path) -> int:
    """The highest number that a run of the project in `folder` ever had; older projects did not keep it."""
    try:
        kept = int(_values(folder).get("last_run", 0))
    except (OSError, ValueError, TypeError):
        kept = 0
    names = (path.name for place in ("runs", "exports") for path in (folder / place).glob("run-*"))
    return max([kept, *(int(match[1]) for name in names if (match := re.match(r"run-(\d+)(?!\d)", name)))])


def free_folder(parent: Path, name: str) -> Path:
    """A folder for a new project: its name made safe for every system, with a number when taken."""
    safe = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", name).strip(" .")[:60] or "Project"
    if re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", safe):  # names that Windows keeps for itself
        safe = f"{safe} project"
    candidate, number = parent / safe, 2
    while candidate.exists():
        candidate, number = parent / f"{safe} {number}", number + 1
    return candidate
