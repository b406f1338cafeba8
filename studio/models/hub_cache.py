"""How the hub's own cache is laid out, and what a base folder is called.

In: a model's id on the hub, or a folder. Out: the other one; the name that people know a model by; the hub's host.
Only looks at names: models--OWNER--NAME/{blobs, refs, snapshots/COMMIT}. Knows nothing of any network.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

_PREFIX = "models--"


def host() -> str:
    """Where models come from, as a person would write it."""
    return urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co").hostname or ""


def cache_folder() -> Path:
    """Where the hub's own library keeps what it fetched, for every program of this computer."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if chosen := os.environ.get(name):
            return Path(os.path.expandvars(chosen)).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(os.path.expandvars(home)).expanduser() / "hub"
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "huggingface" / "hub"


def place(hub: str, cache: Path) -> Path:
    """The folder of the model with the id `hub` in a cache."""
    return cache / f"{_PREFIX}{hub.replace('/', '--')}"


def snapshot(place: Path, commit: str) -> Path:
    """Where the files of one commit stand under their names."""
    return place / "snapshots" / commit


def blobs(place: Path) -> Path:
    """Where the bytes of all commits lie, which the names link to."""
    return place / "blobs"


def reference(place: Path) -> Path:
    """The file that holds the commit which counts as being here."""
    return place / "refs" / "main"


def place_of(folder: Path) -> Path | None:
    """The model's folder in the cache if `folder` is one of its snapshots, else None."""
    if folder.parent.name == "snapshots" and folder.parents[1].name.startswith(_PREFIX):
        return folder.parents[1]
    return None


def base_name(folder: Path) -> str:
    """What people know a base model as: its hub id where the folder is the hub's own, which is called by a commit,
    else the folder's name."""
    whole = folder.absolute()
    known = place_of(whole)
    return known.name.removeprefix(_PREFIX).replace("--", "/") if known is not None else whole.name
