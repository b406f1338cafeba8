"""Which models there are to start from, and which of them are on this computer.

In: resources/models.json, the program's model folder, the hub's own cache. Out: CatalogEntries, or the folder of one.
Looks, but never fetches (`download.py` does); knows nothing of torch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.atomic import atomic_file
from studio.config import paths
from studio.config.goals import ModelKind, TaskKind
from studio.models import gate, hub_cache, languages, model_card, starters
from studio.problems import Problem, Where

_REMEMBERED = "from-hub.json"  # in the program's model folder
_KINDS = {"encoder": "sorts texts", "causal": "writes texts"}


@dataclass(frozen=True)
class CatalogEntry:
    """One model: `hub` its id on the model hub, `type` as its config.json calls it, `parameters` counted, `bytes` of
    its weights; its width `hidden`, `layers` and `vocabulary`, 0 where they are not known; `languages` as ISO 639-1
    codes, () where they are not known; `context` in tokens; `suits` the goals that it is a good start for, that which
    it was made for first; `gated` where its terms have to be accepted on the hub first. `folder` is where it lies on
    this computer, None when it does not."""

    name: str
    title: str
    hub: str
    kind: ModelKind
    type: str
    parameters: int
    bytes: int
    license: str
    languages: tuple[str, ...]
    context: int
    note: str
    hidden: int = 0
    layers: int = 0
    vocabulary: int = 0
    suits: tuple[TaskKind, ...] = ()
    starter: bool = False
    gated: bool = False
    folder: Path | None = None


def catalog() -> tuple[CatalogEntry, ...]:
    """The starters, well-known models, those that were found on the hub and fetched, then other models that lie in the
    program's model folder."""
    known = tuple(replace(entry, folder=_place(entry)) for entry in (*_known(), *_remembered()))
    names = {entry.name for entry in known}
    return known + tuple(entry for entry in _own_models() if entry.name not in names)


def named(name: str, entries: Sequence[CatalogEntry]) -> CatalogEntry | None:
    """The entry that is called so, by its name, title, hub id or folder. A hub id means the hub's own files where a
    starter was converted from them."""
    wanted, folder = name.casefold(), Path(name).expanduser()
    called = (e for e in entries if wanted in {e.name.casefold(), e.title.casefold()} or e.folder == folder)
    by_hub = (e for e in sorted(entries, key=lambda e: e.starter) if e.hub and e.hub.casefold() == wanted)
    return next(called, None) or next(by_hub, None)


def own_model(folder: Path) -> CatalogEntry:
    """The entry of a folder that somebody chose. Raises a Problem for one that the gate refuses."""
    files = sorted(path for path in folder.glob("*") if path.is_file())
    return _own_model(folder, tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


def remember(entry: CatalogEntry) -> None:
    """Keep a model that came from the hub in the list, unless it is there."""
    if named(entry.hub, (*_known(), *(kept := _remembered()))) is not None:
        return
    paths.models().mkdir(parents=True, exist_ok=True)
    values = [{**asdict(one), "folder": None} for one in (*kept, entry)]
    with atomic_file(paths.models() / _REMEMBERED) as file:
        file.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")


def find_model(name_or_path: str, kinds: Sequence[ModelKind]) -> Path:
    """The folder of a model by its name, hub id or path; empty means the starter of the first of `kinds`. Raises a
    Problem when it is not on this computer, is not safe to load, or is of none of these kinds."""
    if not name_or_path:
        name_or_path = next(starter.name for starter in starters.STARTERS if starter.kind == kinds[0])
    folder = _folder(name_or_path)
    found = gate.check_folder(folder).kind
    if found not in kinds:
        fitting = ", ".join(entry.name for entry in catalog() if entry.kind in kinds and entry.folder is not None)
        raise Problem(
            f"“{hub_cache.base_name(folder)}” cannot be used for this goal.",
            f"It is a model that {_KINDS[found]}; this goal needs one that {_KINDS[kinds[0]]}.",
            f"Choose one of these: {fitting}." if fitting else "Choose another model.",
            Where(file=str(folder)),
        )
    return folder


def about(size: int) -> str:
    """A number of bytes in round words, as the sizes of models that are not here are not known to the byte: about 29
    GB, about 1.3 GB, about 440 MB."""
    if size >= 10e9:
        return f"about {size / 1e9:,.0f} GB"
    return f"about {size / 1e9:.1f} GB" if size >= 0.9995e9 else f"about {size / 1e6:,.0f} MB"


def entry_called(name: str) -> CatalogEntry:
    """The entry of a name, here or to be downloaded. Raises a Problem for a name that is not in the catalog, and for a
    starter that is not here, which comes another way."""
    entry = named(name, catalog())
    if entry is None:
        raise Problem(
            f"There is no model “{name}”.",
            "It is neither a folder nor a model of the catalog.",
            "Choose one from the list of models, or a model's folder.",
        )
    if entry.folder is None and entry.starter:
        raise Problem(
            f"The starter {entry.title} is not set up yet.",
            "It is prepared once, when the program is set up.",
            "Run packaging/launch.py again; it fetches and prepares what is missing.",
        )
    return entry


def languages_of(folder: Path) -> tuple[str, ...]:
    """For which languages a base folder was made: as the catalog says of a model that it knows, else as its card does;
    () where nobody says."""
    known = next((entry for entry in (*_known(), *_remembered()) if folder == _place(entry)), None)
    return known.languages if known is not None else languages.codes(model_card.read_card(folder).languages)


def _folder(name_or_path: str) -> Path:
    path = Path(name_or_path).expanduser()
    if path.is_dir() and (path.is_absolute() or "/" in name_or_path or os.sep in name_or_path or _is_model(path)):
        return path
    entry = entry_called(name_or_path)
    if entry.folder is None:
        raise Problem(
            f"{entry.title} is not on this computer.",
            f"It would have to be downloaded first ({about(entry.bytes)}, from {entry.hub}).",
            f"Download it on the Model page, or with “python -m studio models --get {entry.name}”; or choose a model "
            "that is here.",
        )
    return entry.folder


@lru_cache(maxsize=1)
def _known() -> tuple[CatalogEntry, ...]:
    """The models of resources/models.json, wherever they are. `languages` there are codes, or the name of a list."""
    file = json.loads((paths.resources() / "models.json").read_text(encoding="utf-8"))
    lists = {name: tuple(codes.split()) for name, codes in file["languages"].items()}
    return tuple(_entry(values, lists) for values in file["models"])


def _entry(values: dict[str, Any], lists: Mapping[str, tuple[str, ...]]) -> CatalogEntry:
    told = values["languages"]
    spoken = lists[told] if isinstance(told, str) else tuple(told)
    return CatalogEntry(**{**values, "languages": spoken, "suits": tuple(values["suits"])})


def _remembered() -> tuple[CatalogEntry, ...]:
    """The models that were found on the hub and fetched. A list that cannot be read is none: what lies in the hub's
    cache is known again once it is looked for."""
    try:
        values = json.loads((paths.models() / _REMEMBERED).read_text(encoding="utf-8"))
        return tuple(_entry(one, {}) for one in values)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _place(entry: CatalogEntry) -> Path | None:
    """Where a known model lies: its starter folder, a folder of its name, or the hub's cache."""
    if entry.starter:
        return starters.folder_of(entry.name) if starters.is_ready(entry.name) else None
    own = paths.models() / entry.name
    return own if _is_model(own) else _in_hub_cache(entry.hub)


def _is_model(folder: Path) -> bool:
    return (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))


def _in_hub_cache(hub: str) -> Path | None:
    """The snapshot that the cache's `main` points at, if it holds safe weights."""
    place = hub_cache.place(hub, hub_cache.cache_folder())
    try:
        commit = hub_cache.reference(place).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    snapshot = hub_cache.snapshot(place, commit)
    return snapshot if commit and _is_model(snapshot) else None


def _own_models() -> list[CatalogEntry]:
    """The folders that the gate lets through; choosing one that it does not would say why."""
    found = []
    for folder in sorted(path for path in paths.models().glob("[!.]*") if _is_model(path)):
        with suppress(Problem):
            found.append(own_model(folder))
    return found


@lru_cache(maxsize=64)
def _own_model(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> CatalogEntry:
    facts, name = gate.check_folder(folder), hub_cache.base_name(folder)
    return CatalogEntry(
        name=name,
        title=name,
        hub="",
        kind=facts.kind,
        type=facts.model_type,
        parameters=facts.parameters,
        bytes=facts.bytes,
        license=facts.license or "not stated",
        languages=facts.languages,
        context=facts.context,
        note="A folder on this computer.",
        hidden=facts.hidden,
        layers=facts.layers,
        vocabulary=facts.vocabulary,
        folder=folder,
    )
