"""Projects of earlier versions, which held one table and rewrote it in place, brought into the layout of today.

In: a project's folder. Out: the same project with its table, its test rows and every edit under PROJECT/data/<sum>/.
What was there stays until project.json names what took its place: who is killed midway does it again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from studio.atomic import put_folder, settle, unnamed_folder
from studio.data.checkup.kept import FINDINGS_FILE
from studio.data.table import snapshots
from studio.data.table.edit_log import EDITS_FILE
from studio.runs.project import DATA_FOLDER, open_project, save_project

_TABLE_FILES = (*snapshots.ROWS_FILES, FINDINGS_FILE)
_TEST_FOLDER = "test"


def bring_over(folder: Path) -> None:
    """Bring the project in `folder` over, if it is one of an earlier version. Raises the Problems of `open_project`,
    and an OSError where there is no room or nothing may be written; then all is as it was."""
    settle(folder)
    data, test = folder / DATA_FOLDER, folder / _TEST_FOLDER
    has_data, has_test = snapshots.is_whole(data), snapshots.is_whole(test)
    logs = sorted(folder.glob("edits*.jsonl"))
    if not (has_data or has_test or logs):
        return
    project = open_project(folder)
    if not (project.snapshot or project.test_snapshot):
        beside = [log for log in logs if log.name == EDITS_FILE or log.name.startswith("edits-damaged-")]
        for log in (log for log in logs if log not in beside or not has_data):
            data.mkdir(exist_ok=True)
            shutil.copyfile(log, data / log.name)  # of another reading: it is found again by its sum
        project = replace(
            project,
            snapshot=_brought(data, data, beside) if has_data else "",
            test_snapshot=_brought(test, data, ()) if has_test else "",
        )
        save_project(project)
    # The rows last: as long as they are there, this begins again.
    for log in logs:
        log.unlink()
    _remove(test)
    with suppress(OSError):  # there is none, or somebody put more into it
        test.rmdir()
    _remove(data)


def _remove(place: Path) -> None:
    for name in reversed(_TABLE_FILES):
        (place / name).unlink(missing_ok=True)


def _brought(old: Path, home: Path, logs: Sequence[Path]) -> str:
    """A snapshot with its logs in a folder of its own in `home`; its name."""
    with unnamed_folder(home) as fresh:
        for name in _TABLE_FILES:
            if (old / name).exists():
                _link(old / name, fresh / name)
        for log in logs:
            shutil.copyfile(log, fresh / log.name)
        place = home / snapshots.content_sum(fresh)
        put_folder(fresh, place)  # in the place of what was brought here before and not named
    return place.name


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:  # another disk, or one without hard links
        shutil.copy2(file, to)
