"""Where the application keeps things on this computer.

In: the environment. Out: folders. STUDIO_HOME moves all of them, for tests and for portable use.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The application's data folder (models, settings)."""
    chosen = os.environ.get("STUDIO_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("finetune-studio", appauthor=False))


def models() -> Path:
    """Where starters and other local models lie, one folder each."""
    return home() / "models"


def projects() -> Path:
    """Where new projects are made unless another folder is chosen."""
    chosen = os.environ.get("STUDIO_HOME")
    return Path(chosen) / "projects" if chosen else Path(platformdirs.user_documents_dir()) / "Finetune Studio"


def resources() -> Path:
    """The icons, samples, help texts and model catalog that ship with the program: inside the package where it was
    installed, beside it where it runs in place."""
    package = Path(__file__).parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"
