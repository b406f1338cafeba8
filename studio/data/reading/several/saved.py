"""A data set as the `datasets` library saves it: its Arrow files by the name of their part.

In: a folder. Out: the files that its own lists name, none of them outside the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from studio.data.reading.several.inside import homes


def saved_parts(root: Path) -> dict[str, list[Path]]:
    """The Arrow files of a saved data set by the name of their part; {} for any other folder."""
    if (root / "dataset_dict.json").is_file():
        splits = _json(root / "dataset_dict.json").get("splits")
        names = [str(name) for name in splits if _is_plain(name)] if isinstance(splits, list) else []
        return {name: _saved_files(root / name, root) for name in names}
    return {"": _saved_files(root, root)} if (root / "state.json").is_file() and _saved_files(root, root) else {}


def _saved_files(folder: Path, root: Path) -> list[Path]:
    entries = _json(folder / "state.json").get("_data_files")
    names = [entry.get("filename") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    files, allowed = [folder / name for name in names if isinstance(name, str) and _is_plain(name)], homes(root)
    return [file for file in files if any(file.resolve().is_relative_to(home) for home in allowed)]


def _is_plain(name: object) -> bool:
    """Whether this is the name of something in the folder itself."""
    return isinstance(name, str) and name not in {"", ".", ".."} and not re.search(r"[/\\:]", name)


def _json(file: Path) -> Mapping[str, object]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
