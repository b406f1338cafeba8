"""Where the application keeps things on this computer.

In: the environment. Out: folders. STUDIO_HOME moves all of them, for tests and for portable use.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from studio.atomic import atomic_file

_CHOSEN = "projects-folder.txt"  # in the data folder: the window and the command line both read it


def home() -> Path:
    """The application's data folder (models, settings)."""
    chosen = os.environ.get("STUDIO_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("finetune-studio", appauthor=False))


def models() -> Path:
    """Where starters and other local models lie, one folder each."""
    return home() / "models"


def projects() -> Path:
    """Where new projects are made: the folder that was chosen, else the usual one."""
    try:
        chosen = (home() / _CHOSEN).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        chosen = ""
    return Path(chosen) if chosen else usual_projects()


def usual_projects() -> Path:
    """Where new projects are made unless another folder is chosen."""
    chosen = os.environ.get("STUDIO_HOME")
    return Path(chosen) / "projects" if chosen else Path(platformdirs.user_documents_dir()) / "Finetune Studio"


def choose_projects(folder: Path | None) -> None:
    """From now on make new projects in `folder`, or in the usual one; an OSError where nothing can be written there.
    Projects that are elsewhere stay where they are."""
    if folder is None:
        (home() / _CHOSEN).unlink(missing_ok=True)
        return
    with atomic_file(folder / ".finetune-studio") as trial:  # a folder to read only is found out now, not at an import
        trial.write_text("", encoding="utf-8")
    (folder / ".finetune-studio").unlink()
    with atomic_file(home() / _CHOSEN) as file:
        file.write_text(str(folder), encoding="utf-8")


def resources() -> Path:
    """The icons, samples, help texts and model catalog that ship with the program: inside the package where it was
    installed, beside it where it runs in place."""
    package = Path(__file__).parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"
