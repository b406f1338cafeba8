"""Whether the base model was made for the language that the rows are in, and which one is taken where none is chosen.

In: a Dataset, a base folder. Out: the rows' language, the base to start from, what to tell before training, and the
sentence that a report and a card keep of it. Guesses the language from some hundred rows; says nothing where that is
not certain, or where nobody says what the model was made for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.config.config import Config
from studio.config.goals import GOALS, TaskKind
from studio.data.checkup.language import language_name, language_of
from studio.data.parts.dataset import Dataset
from studio.events import Event, Noted
from studio.models import catalog, choosing, fit, languages, room
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


def base_for(dataset: Dataset, config: Config) -> Path:
    """The folder to start from: the chosen one; else the starter, unless it was surely not made for the language of the
    rows and a model that was lies on this computer and can be trained here. Raises a Problem as `find_model` does."""
    chosen = None if config.model.base else _fitting_here(dataset, config)
    return chosen if chosen is not None else catalog.find_model(config.model.base, GOALS[config.task.kind].models)


def _fitting_here(dataset: Dataset, config: Config) -> Path | None:
    goal, entries = GOALS[config.task.kind], catalog.catalog()
    usual = next(entry for entry in entries if entry.starter and entry.kind == goal.models[0])
    here = [entry for entry in entries if entry.folder is not None and not entry.starter and goal.kind in entry.suits]
    code = language_of_rows(dataset, writes=goal.writes) if here else ""
    if not code or languages.speaks(usual.languages, code) is not False:
        return None
    machine = fit.machine()
    for entry in choosing.fitting(goal.kind, here, code):
        forecast = room.forecast_of(entry, config, room.typical(machine), machine)
        if languages.speaks(entry.languages, code) and forecast is not None and forecast.fits:
            return entry.folder
    return None


def why_chosen(base: Path, code: str) -> str:
    """Why the program took the model at `base` and not the starter, for rows in the language `code`."""
    return f"The texts are in {language_name(code)}: {title_of(base)} was made for it and is on this computer."


def before_training(dataset: Dataset, base: Path, *, kind: TaskKind, is_automatic: bool = False) -> Iterator[Event]:
    """What to know where the model at `base` was made for other languages than that of the rows; and why it was taken
    where the program chose another one than the starter."""
    if is_automatic and not GOALS[kind].from_nothing and not is_starter(base):
        yield Noted(why_chosen(base, language_of_rows(dataset, writes=GOALS[kind].writes)))
        return
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


def is_starter(base: Path) -> bool:
    """Whether the model at `base` is one that the program brings with it."""
    return any(entry.starter and entry.folder == base for entry in catalog.catalog())


def title_of(base: Path) -> str:
    """What people call the model at `base`."""
    known = next((entry for entry in catalog.catalog() if entry.folder == base), None)
    return known.title if known is not None else base_name(base)


def in_words(entry: CatalogEntry) -> str:
    """A model to be proposed, with what it takes to have it."""
    if entry.folder is not None:
        return f"“{entry.title}”, which is on this computer"
    return f"“{entry.title}” ({catalog.about(entry.bytes)} to download)"
