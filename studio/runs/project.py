"""A project: a folder with a name, an imported table and its edits, the choices made so far, and its runs.

In: a folder. Out: PROJECT/project.json, PROJECT/data/, PROJECT/edits.jsonl, PROJECT/runs/. Moving or copying the folder
moves the project.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

from studio.atomic import atomic_file, settle
from studio.config import edit
from studio.config.config import Config
from studio.data.reading.options import ReadOptions
from studio.data.reading.stamp import Stamp
from studio.data.table.edit_log import EditLog
from studio.data.table.table import TABLE_FILE, Reading, Table, open_table
from studio.problems import Problem, Where
from studio.runs.run import RUN_FILE, Run, open_run

PROJECT_FILE = "project.json"
EDITS_FILE = "edits.jsonl"


@dataclass(frozen=True)
class Project:
    """`prompts` are the user's own examples, shown over time while training. `stamp` says how the original was when it
    was read, `agreed` is the sum of a reading that was said to be right, and `test_told` what was told of how the file
    to judge on is read."""

    folder: Path
    name: str
    config: Config = Config()
    prompts: tuple[str, ...] = ()
    created: float = 0.0
    stamp: Stamp | None = None
    agreed: str = ""
    test_told: ReadOptions = ReadOptions()

    @property
    def table_folder(self) -> Path:
        """Where the imported table lies."""
        return self.folder / "data"

    def table(self) -> Table | None:
        """The imported table as it was read, or None before the first import; its edits lie in `edit_log`."""
        return open_table(self.table_folder) if (self.table_folder / TABLE_FILE).exists() else None

    def edit_log(self, table: Table) -> EditLog:
        """What was changed in `table`, and can be undone; a Problem where the list is damaged."""
        return EditLog(self.folder / EDITS_FILE, table)

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


def create_project(folder: Path, name: str) -> Project:
    """Make a new project in `folder`, which must not hold one yet."""
    if (folder / PROJECT_FILE).exists():
        raise Problem(
            "This folder already holds a project.",
            "",
            "Open it, or choose another folder.",
            Where(str(folder)),
        )
    project = Project(folder, name, created=time.time())
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    save_project(project)
    return project


def open_project(folder: Path) -> Project:
    """The project in `folder`; what a killed program left half done in it is put right first."""
    settle(folder)
    path = folder / PROJECT_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Project(
            folder=folder,
            name=str(values["name"]),
            config=edit.from_json(values),
            prompts=tuple(values.get("prompts", ())),
            created=float(values.get("created", 0.0)),
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
    """Write project.json."""
    values = {
        "name": project.name,
        **edit.to_json(project.config),
        "prompts": project.prompts,
        "created": project.created,
        "last_run": _last_run(project.folder),
        "reading": {"stamp": project.stamp, "agreed": project.agreed, "test_told": asdict(project.test_told)},
    }
    with atomic_file(project.folder / PROJECT_FILE) as path:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def reading_sum(reading: Reading) -> str:
    """What tells a reading from another one, of this file or of any."""
    values = json.dumps(asdict(reading), ensure_ascii=False, sort_keys=True)
    return blake2b(values.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _about_reading(values: dict[str, Any]) -> dict[str, Any]:
    """What a project keeps about the reading of its files; older projects kept nothing."""
    stamp, told, known = values.get("stamp"), values.get("test_told", {}), {field.name for field in fields(ReadOptions)}
    return {
        "stamp": Stamp(int(stamp[0]), float(stamp[1])) if stamp else None,
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


def _last_run(folder: Path) -> int:
    """The highest number that a run of the project in `folder` ever had; older projects did not keep it."""
    try:
        kept = int(json.loads((folder / PROJECT_FILE).read_text(encoding="utf-8")).get("last_run", 0))
    except (OSError, ValueError, TypeError, AttributeError):
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
