"""This computer and the models: what the machine is, which models it can train, and one more model brought onto it.

In: the catalog's entries. Out: the machine, a `Fit` a model, or the events of a download.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.problems import Problem

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.config.config import Config
    from studio.gui.job import Control
    from studio.models.catalog import CatalogEntry


@dataclass(frozen=True)
class Fit:
    """Whether a model fits on this machine: the memory that training takes, and all there is, in bytes."""

    name: str
    memory: int
    total: int
    fits: bool


def look_at_machine(_: Control) -> Iterator[object]:
    """This computer; the tool of a graphics card may take seconds to tell."""
    from studio.models import fit

    yield fit.machine()


def look_what_fits(control: Control, entries: Sequence[CatalogEntry], config: Config, facts: Facts) -> Iterator[object]:
    """What training each of these models, which are on this computer, would take, with automatic values of its own."""
    from studio.config.automatic import automatic, resolved
    from studio.models import fit, gate

    machine = fit.machine()
    for entry in entries:
        if control.should_stop() or entry.folder is None:
            return
        try:
            model = gate.check_folder(entry.folder)
        except Problem:  # the card stays without a forecast; choosing it tells why
            continue
        mine = replace(facts, parameters=model.parameters, model_limit=model.context)
        forecast = fit.forecast(resolved(config, automatic(config, mine)), mine, model, machine)
        yield Fit(entry.name, forecast.memory, machine.gpu_memory or machine.memory, forecast.fits)


def download(control: Control, entry: CatalogEntry) -> Iterator[object]:
    """Bring a model of the catalog onto this computer."""
    from studio.models.download import download

    yield from download(entry, should_stop=control.should_stop)
