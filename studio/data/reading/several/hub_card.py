"""What the card of a data set says about its files.

In: a folder with a README.md as data sets of the Hugging Face Hub have it. Out: its configurations: a name, and the
files with the part that each holds. Only the head of the card is read, as plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple


class Config(NamedTuple):
    """One table of a data set: its `name`, and pairs of a file and the part that the card says ("" for none)."""

    name: str
    files: tuple[tuple[str, str], ...]


def configs_of(root: Path, names: Sequence[str]) -> list[Config]:
    """The configurations that have any of the files `names`, the default one first; [] where the card tells none."""
    found = [
        (entry.get("default") is True or entry.get("config_name") == "default", config)
        for entry in _entries(root / "README.md")
        if (config := _config(entry, names)).files
    ]
    return [config for _, config in sorted(found, key=lambda pair: not pair[0])]


def _entries(card: Path) -> list[dict[str, Any]]:
    if not card.is_file() or card.stat().st_size > 4 << 20:
        return []
    from huggingface_hub.repocard import metadata_load
    from yaml import YAMLError  # type: ignore[import-untyped]

    try:
        values = metadata_load(card)
    except (OSError, ValueError, YAMLError, RecursionError):
        return []
    configs = (values or {}).get("configs")
    return [entry for entry in configs if isinstance(entry, dict)] if isinstance(configs, list) else []


def _config(entry: dict[str, Any], names: Sequence[str]) -> Config:
    folder = str(entry.get("data_dir") or "")
    files: dict[str, str] = {}
    for pattern, part in _patterns(entry.get("data_files")):
        wanted = f"{folder}/{pattern}" if folder else pattern
        for name in names:
            if fnmatchcase(name, wanted.removeprefix("./").replace("**/", "*")):
                files.setdefault(name, part)
    return Config(str(entry.get("config_name") or "default"), tuple(files.items()))


def _patterns(value: Any, part: str = "") -> Iterator[tuple[str, str]]:
    """Patterns with their part, in the three ways in which cards write them."""
    if isinstance(value, str):
        yield value, part
    elif isinstance(value, list):
        for each in value:
            yield from _patterns(each, part)
    elif isinstance(value, dict) and "path" in value:
        yield from _patterns(value["path"], str(value.get("split") or part))
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _patterns(each, str(name))
