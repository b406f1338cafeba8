"""Reading and changing single settings by their dotted path, and the run file.

In: a Config, a path such as "training.learning_rate", a value. Out: a new checked Config, or a Problem in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from studio.config.config import SCHEMA_VERSION, Config
from studio.config.goals import TaskKind
from studio.config.setting import Words, words_of
from studio.problems import Problem

_RENAMED = {"data.part": "data.member"}  # settings that run files from before call otherwise


class Entry(NamedTuple):
    """One setting: its dotted path, pydantic field and words."""

    path: str
    info: FieldInfo
    words: Words


def entries() -> Iterator[Entry]:
    """Every setting of a Config, in the order in which it is declared."""
    for group, info in Config.model_fields.items():
        kind = cast(type[BaseModel], info.annotation)
        for name, inner in kind.model_fields.items():
            yield Entry(f"{group}.{name}", inner, words_of(inner))


def entry(path: str) -> Entry:
    """The setting at `path`; a Problem names the nearest known one."""
    for found in entries():
        if found.path == path:
            return found
    raise Problem(
        f"There is no setting “{path}”.",
        "Settings are named group.name, for example training.epochs.",
        "See the settings reference: python -m studio settings.",
    )


def is_shown(path: str, kind: TaskKind) -> bool:
    """Whether a setting means anything for this goal."""
    wanted = entry(path).words.shown_for
    return not wanted or kind in wanted


def value(config: Config, path: str) -> Any:
    """The value at `path`."""
    entry(path)
    group, name = path.split(".")
    return getattr(getattr(config, group), name)


def change(config: Config, path: str, new: Any) -> Config:
    """The same Config with one value replaced and everything checked; a Problem says what is wrong with it."""
    found = entry(path)
    group, name = path.split(".")
    values = config.model_dump()
    values[group][name] = new
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        what = f"“{found.words.title}” cannot be “{new}”."
        raise Problem(what, _reason(error, found.words.unit), "Choose another value.") from error


def parse(config: Config, assignment: str) -> Config:
    """Apply a flag like "training.epochs=3"; "auto" or nothing after the sign means automatic."""
    path, sign, text = assignment.partition("=")
    if not sign:
        raise Problem(
            f"“{assignment}” is not a setting.",
            "A setting is written group.name=value.",
            "Try training.epochs=3.",
        )
    text = text.strip()
    kind = entry(path.strip()).info.annotation
    new: Any = None if text in {"", "auto"} and kind is not str else text
    return change(config, path.strip(), new)


def differences(config: Config) -> dict[str, Any]:
    """What differs from the defaults, by dotted path."""
    plain = Config()
    return {e.path: value(config, e.path) for e in entries() if value(config, e.path) != value(plain, e.path)}


def to_json(config: Config) -> dict[str, Any]:
    """What a run file holds: the schema version and only what was chosen."""
    return {"schema": SCHEMA_VERSION, "settings": differences(config)}


def from_json(values: dict[str, Any], *, decided: bool = False) -> Config:
    """The Config of a run file; with `decided` also what was decided for that run, so that nothing is decided anew.
    Unknown settings and newer schemas are named, not ignored."""
    schema = values.get("schema", SCHEMA_VERSION)
    if not isinstance(schema, int) or schema > SCHEMA_VERSION:
        raise Problem(
            "This run file is from a newer version.",
            f"It has schema {schema}; this program knows {SCHEMA_VERSION}.",
            "Update the program.",
        )
    config = Config()
    for path, new in dict(values.get("settings", {})).items():
        config = change(config, _name_now(path), new)
    for path, decision in dict(values.get("resolved", {}) if decided else {}).items():
        config = change(config, _name_now(path), decision["value"])
    return config


def _name_now(path: str) -> str:
    return _RENAMED.get(path, path)


def read(text: str | bytes, *, decided: bool = False) -> Config:
    """The Config in a run file, as text or as its bytes; see `from_json`."""
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise _damaged(f"It is not JSON: {error}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _damaged("It is not JSON.") from error
    if not isinstance(values, dict):
        raise _damaged("It does not hold settings.")
    try:
        return from_json(values, decided=decided)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("Its settings are not written as names with their values.") from error


def _damaged(why: str) -> Problem:
    return Problem("The run file is damaged.", why, "Choose another run file.")


_BOUNDS = {
    "greater_than": ("It must be more than {}{}.", "gt"),
    "greater_than_equal": ("It must be at least {}{}.", "ge"),
    "less_than": ("It must be less than {}{}.", "lt"),
    "less_than_equal": ("It can be at most {}{}.", "le"),
    "string_too_long": ("It can be at most {} character long.", "max_length"),
}
_KINDS = {"int": "It must be a whole number.", "float": "It must be a number.", "bool": "It must be true or false."}


def _reason(error: ValidationError, unit: str) -> str:
    """pydantic's first complaint in the words of the form, with the setting's own bounds and unit."""
    first = error.errors()[0]
    kind, context = first["type"], first.get("ctx", {})
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return words.format(f"{context[bound]:g}", f" {unit}" if unit else "")
    if kind == "literal_error":
        return f"It must be {str(context['expected']).replace(chr(39), '')}."
    return _KINDS.get(kind.partition("_")[0], f"{str(first['msg']).rstrip('.')}.")
