"""What a checkpoint folder consists of, and when it is whole.

In: RUN/checkpoints/step-N/. Out: names, steps, and the check against its manifest. Knows nothing of tensors.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from studio.problems import Problem, Where

CHECKPOINTS = "checkpoints"
WEIGHTS = "weights.safetensors"  # only what was trained
OPTIMIZER = "optimizer.safetensors"
GROUPS = "optimizer.json"  # what of the optimizer is not a tensor
RANDOM = "random.safetensors"
STATE = "state.json"
ABOUT = "checkpoint.json"  # what the weights belong to: enough to load it alone
MANIFEST = "manifest.json"  # written last: sizes and SHA-256 of all others
BEST = "best.json"


def folder_of(run: Path, step: int) -> Path:
    """Where the checkpoint of a step lies."""
    return run / CHECKPOINTS / f"step-{step}"


def steps_of(run: Path) -> list[int]:
    """The steps that have a checkpoint folder, newest first, whole or not."""
    found = (re.fullmatch(r"step-(\d+)", path.name) for path in (run / CHECKPOINTS).glob("step-*"))
    return sorted((int(match[1]) for match in found if match), reverse=True)


def best_step(run: Path) -> int | None:
    """The step that best.json points at, or None."""
    try:
        return int(json.loads((run / CHECKPOINTS / BEST).read_text(encoding="utf-8"))["step"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(run / CHECKPOINTS / BEST, "It does not name a step.") from error


def manifest_of(folder: Path) -> str:
    """The manifest's text for the files that are in the folder now."""
    files = {path.name: {"size": path.stat().st_size, "sha256": _digest(path)} for path in sorted(folder.iterdir())}
    return json.dumps({"files": files}, indent=1)


def check(folder: Path) -> None:
    """Raises a Problem unless every file of the checkpoint is there, unchanged to the last bit."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        expected = {str(name): (int(entry["size"]), str(entry["sha256"])) for name, entry in listed.items()}
    except FileNotFoundError as error:
        raise damaged(folder, f"“{MANIFEST}” is missing.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, f"“{MANIFEST}” cannot be read.") from error
    if missing := {WEIGHTS, OPTIMIZER, GROUPS, RANDOM, STATE, ABOUT} - expected.keys():
        raise damaged(folder, f"“{min(missing)}” is not listed.")
    for name, (size, digest) in expected.items():
        path = folder / name
        if not path.is_file():
            raise damaged(folder, f"“{name}” is missing.")
        if path.stat().st_size != size or _digest(path) != digest:
            raise damaged(folder, f"“{name}” is not as it was written.")


def damaged(path: Path, why: str) -> Problem:
    """The Problem of a checkpoint that cannot be trusted."""
    return Problem(
        f"The saved state “{path.name}” is damaged.",
        why,
        "Continue the run: it goes on from the last state that is whole.",
        Where(file=str(path)),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
