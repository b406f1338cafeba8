"""What in a model's folder would be run, or would lead out of it.

In: a folder and its files. Out: nothing, or a Problem that names the file. Looks at names and at JSON only, before
anything else does; what is refused here was seen by no library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from studio.models import hub_cache
from studio.problems import Problem, Where

CODE = frozenset(
    {
        ".py", ".pyc", ".pyd", ".pyo", ".pyw", ".pyx", ".pyz", ".whl", ".egg", ".so", ".dll", ".dylib",
        ".exe", ".bat", ".cmd", ".com", ".ps1", ".sh",
    }
)  # fmt: skip
# Entries by which a library is told to fetch or import code: transformers' own, of its pipelines and of its generation,
# and peft's, which names a module to import.
CODE_KEYS = frozenset(
    {"auto_map", "auto_mapping", "trust_remote_code", "custom_code", "custom_generate", "custom_pipelines"}
)
_CLASS_KEYS = re.compile(r"(^|_)class$|^architectures$")  # such as processor_class: the name of a class, and no place
_REFERENCE = re.compile(r"[\w.-]+/[\w.-]+--\w[\w.]*\.\w+")  # OWNER/NAME--module.Class: code in another repository
_OWN_MODULES = "sentence_transformers."  # what modules.json may name; anything else is imported from the folder
_LARGEST_JSON = 64 << 20


def files_of(folder: Path) -> list[Path]:
    """Everything in a folder that is not a folder itself, links included, at any depth."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def refuse_foreign(folder: Path, files: Sequence[Path]) -> None:
    """Raises a Problem for a link out of the folder, for what is no plain file, for code and for what asks for code."""
    _refuse_links(folder, files)
    for path in files:
        if path.suffix.lower() in CODE:
            raise _has_code(path, "It would have to be run on this computer; nothing of it was run.")
        if path.suffix.lower() == ".json":
            content = read_json(path)
            if asked := asks_for_code(content) or _foreign_module(path, content):
                raise _has_code(path, f"It asks for that with the entry “{asked}”; nothing was run.")


def read_json(path: Path) -> Any:
    """What a JSON file of a model holds. Raises a Problem for one that is damaged or absurdly large."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ValueError("too large")
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> Problem:
    """The Problem of a JSON file that is none."""
    return Problem(
        f"“{path.name}” in the model folder is damaged.",
        "It is not the JSON text that it should be.",
        "Download or copy the model again.",
        Where(file=str(path)),
    )


def _refuse_links(folder: Path, files: Sequence[Path]) -> None:
    # The hub's cache is itself made of links, from a snapshot to the blobs beside it.
    here = folder.resolve()
    place = hub_cache.place_of(here)
    allowed = (here, hub_cache.blobs(place)) if place is not None else (here,)
    for path in files:
        target = _target(path)
        if target is None or not target.exists():
            raise Problem(
                f"“{path.name}” in the model folder is a link that leads nowhere.",
                "What it points to is gone, or it points to itself.",
                "Copy the model's real files into one folder and choose that.",
                Where(file=str(path)),
            )
        if path.is_symlink() and not any(target.is_relative_to(root) for root in allowed):
            raise Problem(
                f"“{path.name}” in the model folder points to a place outside of it.",
                "A link could make the program read any file of this computer, so such folders are not loaded.",
                "Copy the model's real files into one folder and choose that.",
                Where(file=str(path)),
            )
        if not (target.is_file() or target.is_dir()):  # a pipe or a device would never end
            raise Problem(
                f"“{path.name}” in the model folder is no ordinary file.",
                "A model consists of ordinary files; something else could keep the program waiting for ever.",
                "Copy the model's real files into one folder and choose that.",
                Where(file=str(path)),
            )


def _target(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return None


def asks_for_code(content: Any) -> str:
    """The first entry, at any depth, that asks for code or names code of another place; "" if there is none."""
    for key, value in _entries(content):
        # A number would be a word of a vocabulary that happens to be called so.
        if key.casefold() in CODE_KEYS and value and (value is True or isinstance(value, dict | list | str)):
            return key
        if _CLASS_KEYS.search(key) and any(not _is_plain_name(name) for name in _words(value)):
            return key
        if isinstance(value, str) and _REFERENCE.fullmatch(value):
            return key
    return ""


def _entries(content: Any) -> Iterator[tuple[str, Any]]:
    waiting = [content]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield from current.items()
            waiting.extend(value for value in current.values() if isinstance(value, dict | list))
        elif isinstance(current, list):
            waiting.extend(value for value in current if isinstance(value, dict | list))


def _words(value: Any) -> list[str]:
    """The names under a key: one, or several."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _is_plain_name(name: str) -> bool:
    return name == "" or name.isidentifier()


def _foreign_module(path: Path, content: Any) -> str:
    """What modules.json names, in which a sentence encoder lists its parts, and is none of that library's own."""
    if path.name.lower() != "modules.json" or not isinstance(content, list):
        return ""
    named = [str(part.get("type", "")) for part in content if isinstance(part, dict)]
    return next((name for name in named if not name.startswith(_OWN_MODULES)), "")


def _has_code(path: Path, why: str) -> Problem:
    return Problem(
        "The model comes with program code of its own.",
        why,
        "Choose a model that works without code of its own; the starters do.",
        Where(file=str(path)),
    )
