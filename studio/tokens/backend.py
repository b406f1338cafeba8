"""The tokenizer that lies in a model folder, as the `tokenizers` library runs it.

In: a model folder. Out: a backend without truncation and padding of its own, and the ids that end a text according to
the folder's settings. transformers is loaded only for folders of the old kind, without tokenizer.json.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import tokenizers

from studio.problems import Problem, Where
from studio.tokens.template import read_json

TOKENIZER_FILE = "tokenizer.json"
_ENDS_OF_TEXT = ("<|endoftext|>", "<|end_of_text|>", "<eos>", "</s>")


def read_backend(folder: Path) -> tokenizers.Tokenizer:
    """The folder's tokenizer; a Problem where it is missing or damaged."""
    file = folder / TOKENIZER_FILE
    source = file.read_text(encoding="utf-8") if file.is_file() else _converted(folder)
    try:
        known = json.loads(source)
    except ValueError as error:
        raise _damaged(file) from error
    if not isinstance(known, dict) or not isinstance(known.get("model"), dict):
        raise _damaged(file)
    with _BlamedOnThe(file):
        backend = tokenizers.Tokenizer.from_str(source)
    backend.no_truncation()
    backend.no_padding()
    return backend


class _BlamedOnThe:
    """Inside, a bare Exception, which is what the library raises for every fault of the file, becomes a Problem; any
    other exception passes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is Exception:
            raise _damaged(self._file) from error


def ids_around(backend: tokenizers.Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the tokenizer puts before and after a text by itself, such as [CLS] and [SEP]."""
    bare = backend.encode("a", add_special_tokens=False).ids
    whole = backend.encode("a").ids
    for start in range(len(whole) - len(bare) + 1):
        if whole[start : start + len(bare)] == bare:
            return tuple(whole[:start]), tuple(whole[start + len(bare) :])
    return (), ()


def configured_ends(folder: Path) -> tuple[int, ...]:
    """The ids that end a text, from generation_config.json and config.json, without repeats."""
    found: list[int] = []
    for name in ("generation_config.json", "config.json"):
        value = read_json(folder / name).get("eos_token_id")
        found += [value] if isinstance(value, int) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(found))


def end_of_text(backend: tokenizers.Tokenizer, end: int, *, written: str) -> int:
    """The id that closes a text. Where `end`, which ends an answer, is a mark of the conversation, as it is in chat
    models (it stands in their template, `written`), the mark that texts were closed with before that."""
    name = backend.id_to_token(end)
    if name is None or name not in written:
        return end
    return next((found for mark in _ENDS_OF_TEXT if (found := backend.token_to_id(mark)) is not None), end)


@lru_cache(maxsize=4)
def _converted(folder: Path) -> str:
    from transformers import AutoTokenizer

    try:
        old = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        source: str = old.backend_tokenizer.to_str()
    except (OSError, ValueError, ImportError, AttributeError, LookupError, TypeError) as error:
        raise Problem(
            "The model has no tokenizer that can be read.",
            f"{folder.name} holds no {TOKENIZER_FILE}, and its other files do not make one.",
            "Get the model again with all its files, or choose another one.",
            Where(str(folder)),
        ) from error
    return source


def _damaged(file: Path) -> Problem:
    return Problem(
        "The model's tokenizer is damaged.",
        f"{file.name} cannot be read.",
        "Get the model again, or choose another one.",
        Where(str(file)),
    )
