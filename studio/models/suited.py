"""Whether the base model was made for the language that the rows are in.

In: a Dataset, a base folder. Out: the rows' language, a Warned before training, and the sentence that a report and a
card keep of it. Guesses the language from some hundred rows; says nothing where that is not certain, or where nobody
says what the model was made for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.config.goals import GOALS, TaskKind
from studio.data.checkup.language import language_of
from studio.data.parts.dataset import Dataset
from studio.events import Warned
from studio.models import catalog, choosing, languages
from studio.models.catalog import CatalogEntry
from studio.models.hub_cache import base_name

SAMPLE = 300  # rows, evenly taken
_MOST = 0.5  # of the certain texts are in the language that counts as that of the rows


def language_of_rows(dataset: Dataset, *, writes: bool) -> str:
    """The ISO 639-1 code of the language that most training rows are in, "" where that is not certain; where the model
    `writes`, that of the answers, which are what it has to be able to write. Takes a second."""
    rows = dataset.every("training", max(1, len(dataset.parts["training"]) // SAMPLE))
    shares = language_of(row.target or row.input if writes else row.input for row in rows)
    return shares[0][0] if shares and shares[0][1] >= _MOST else ""


def before_training(dataset: Dataset, base: Path, *, kind: TaskKind) -> Iterator[Warned]:
    """What to know where the model at `base` was made for other languages than that of the rows."""
    spoken = () if GOALS[kind].from_nothing else catalog.languages_of(base)
    code = language_of_rows(dataset, writes=GOALS[kind].writes) if spoken else ""
    better = choosing.proposed(kind, catalog.catalog(), code) if code else None
    told = languages.foreign(title_of(base), spoken, code, better=in_words(better) if better is not None else "")
    if told is not None:
        yield told


def limit(dataset: Dataset, base: Path, *, kind: TaskKind) -> str:
    """The sentence about it for a report or a card; "" where there is nothing to say."""
    spoken = () if GOALS[kind].from_nothing else catalog.languages_of(base)
    code = language_of_rows(dataset, writes=GOALS[kind].writes) if spoken else ""
    return languages.limit(title_of(base), spoken, code)


def title_of(base: Path) -> str:
    """What people call the model at `base`."""
    known = next((entry for entry in catalog.catalog() if entry.folder == base), None)
    return known.title if known is not None else base_name(base)


def in_words(entry: CatalogEntry) -> str:
    """A model to be proposed, with what it takes to have it."""
    if entry.folder is not None:
        return f"“{entry.title}”, which is on this computer"
    return f"“{entry.title}” ({entry.bytes / 1e6:,.0f} MB to download)"
