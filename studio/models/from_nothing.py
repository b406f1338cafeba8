"""What a model from nothing begins with: its own tokenizer, and what is known of it before it is made.

In: texts, a size and a form. Out: a folder with the tokenizer, made once for the same texts and choices and then
found again; ModelFacts as of a model that is there. Knows no torch: the weights are made by fresh.py when a run begins.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.atomic import atomic_folder
from studio.config import paths
from studio.config.sizes import Family, Size
from studio.models.gate import ModelFacts
from studio.models.vocabulary import learn_characters, learn_pieces, write_tokenizer

_FOLDER = "tokenizers"  # in the application's data folder
_KEPT = 6  # tokenizers of other texts that stay
_BYTES = 4


@dataclass(frozen=True)
class Extent:
    """How many `characters` texts have, and a sum of what they say."""

    characters: int
    sum: str


def extent(texts: Iterable[str], *, should_stop: Callable[[], bool]) -> Extent | None:
    """Read all texts once; None where it was stopped."""
    digest, characters = hashlib.sha256(), 0
    for text in texts:
        if should_stop():
            return None
        encoded = text.encode(errors="surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
        characters += len(text)
    return Extent(characters, digest.hexdigest()[:24])


def tokenizer_folder(
    texts: Callable[[], Iterable[str]],
    read: Extent,
    *,
    units: Literal["pieces", "characters"],
    tokens: int,
    size: Size,
    should_stop: Callable[[], bool],
) -> Path | None:
    """The folder with the tokenizer that is learned from `texts`, of which `read` is the extent; None where it was
    stopped. A second or two for a million characters, and nothing where it was made before."""
    home = paths.home() / _FOLDER
    folder = home / f"{read.sum}-{units}-{tokens if units == 'pieces' else 0}-{size.context}"
    if (folder / "tokenizer_config.json").is_file():
        return folder
    if units == "pieces":
        backend = learn_pieces(texts(), tokens=tokens, should_stop=should_stop)
    else:
        backend = learn_characters(texts(), should_stop=should_stop)
    if should_stop():
        return None
    with atomic_folder(folder) as made:
        write_tokenizer(backend, made, context=size.context)
    others = (one for one in home.iterdir() if one.is_dir() and not one.name.startswith(".") and one != folder)
    for old in sorted(others, key=lambda one: one.stat().st_mtime, reverse=True)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def facts_of(size: Size, family: Family, vocabulary: int, folder: Path) -> ModelFacts:
    """What `check_folder` would say of such a model once it is made in `folder`."""
    parameters = size.parameters(family, vocabulary)
    return ModelFacts(
        folder=folder,
        model_type=family,
        kind="causal",
        parameters=parameters,
        bytes=parameters * _BYTES,
        context=size.context,
        hidden=size.width,
        layers=size.layers,
        vocabulary=vocabulary,
        license="",
        dtype="f32",
    )
