"""Where a checkpoint's parts lie, and the manifest that says that they are whole.

In: a run folder. Out: names and paths, and a check of sizes and SHA-256 sums. Knows nothing of tensors.

RUN/checkpoints/step-N/ holds weights, optimizer and random state as safetensors, the TrainingState and what is needed
to load it alone as JSON, and manifest.json, written last. best.json and latest.json beside the folders name a step.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from studio.atomic import atomic_file
from studio.problems import Problem, Where

WEIGHTS = "weights.safetensors"
OPTIMIZER = "optimizer.safetensors"
GROUPS = "optimizer.json"
RANDOM = "random.safetensors"
STATE = "state.json"
ABOUT = "checkpoint.json"
MANIFEST = "manifest.json"
BEST, LATEST = "best.json", "latest.json"


def checkpoints(run: Path) -> Path:
    """The folder of a run's checkpoints."""
    return run / "checkpoints"


def folder_of(run: Path, step: int) -> Path:
    """The folder of one step's checkpoint."""
    return checkpoints(run) / f"step-{step}"


def steps(run: Path) -> list[int]:
    """The steps that have a folder, newest first; whether they are whole is for `check` to say."""
    found = (re.fullmatch(r"step-(\d+)", path.name) for path in checkpoints(run).glob("step-*"))
    return sorted((int(match[1]) for match in found if match), reverse=True)


def point(run: Path, pointer: str, step: int) -> None:
    """Let `pointer` (BEST or LATEST) name a step."""
    with atomic_file(checkpoints(run) / pointer) as path:
        path.write_text(json.dumps({"step": step}), encoding="utf-8")


def pointed(run: Path, pointer: str) -> int | None:
    """The step that `pointer` names, or None."""
    try:
        step = json.loads((checkpoints(run) / pointer).read_text(encoding="utf-8"))["step"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return step if isinstance(step, int) else None


def write_manifest(folder: Path) -> None:
    """Record the size and SHA-256 of every file; the last file to be written."""
    files = {path.name: _measure(path) for path in sorted(folder.iterdir())}
    (folder / MANIFEST).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")


def check(folder: Path) -> None:
    """Raise a Problem unless every file is there with the size and content that were written."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        damaged = [name for name, expected in files.items() if _measure(folder / name) != expected]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        damaged = [MANIFEST]
    if damaged:
        raise Problem(
            f"The checkpoint {folder.name} is damaged.",
            f"{damaged[0]} is missing or not as it was written.",
            "Continue the run: the last whole checkpoint is used. If there is none, train again.",
            Where(str(folder)),
        )


def _measure(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
