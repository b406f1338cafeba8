"""This computer and the models: what the machine is, which models it can train, in which language
the rows are, what the hub has under a name, and one more model brought here.

In: the catalog's entries. Out: the machine, a `Fit` a model, a `Spoken`, or the events of a search or a download.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.config.config import Config
    from studio.data.parts.dataset import Dataset
    from studio.gui.job import Control
    from studio.models.catalog import CatalogEntry


@dataclass(frozen=True)
class Fit:
    """Whether a model fits on this machine: the memory that training takes, and all there is, in bytes."""

    name: str
    memory: int
    total: int
    fits: bool


@dataclass(frozen=True)
class Spoken:
    """The language of the rows, as an ISO 639-1 code; "" where it is not certain."""

    code: str


def look_at_machine(_: Control) -> Iterator[object]:
    """This computer; the tool of a graphics card may take seconds to tell."""
    from studio.models import fit

    yield fit.machine()


def look_what_fits(control: Control, entries: Sequence[CatalogEntry], config: Config, facts: Facts) -> Iterator[object]:
    """What training each of these models would take, with automatic values of its own."""
    from studio.models import fit, room

    machine = fit.machine()
    for entry in entries:
        if control.should_stop():
            return
        forecast = room.forecast_of(entry, config, facts, machine)
        if forecast is not None:
            yield Fit(entry.name, forecast.memory, machine.gpu_memory or machine.memory, forecast.fits)


def language_of(_: Control, dataset: Dataset, writes: bool) -> Iterator[object]:
    """The language that most of the rows are in; "" where that is not certain."""
    from studio.models.suited import language_of_rows

    yield Spoken(language_of_rows(dataset, writes=writes))


def find(control: Control, words: str) -> Iterator[object]:
    """What the hub has under a name."""
    from studio.models.find import find

    yield from find(words, should_stop=control.should_stop)


def download(control: Control, entry: CatalogEntry) -> Iterator[object]:
    """Bring a model of the catalog onto this computer."""
    from studio.models.download import download

    yield from download(entry, should_stop=control.should_stop)
