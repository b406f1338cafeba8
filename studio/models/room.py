"""Whether this computer can train a model of the catalog, also one that has yet to come.

In: a CatalogEntry, a Config, Facts about the rows, the Machine. Out: a Forecast (`fit.py`) from the shape that the
catalog or the folder states; None where nobody states it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.config.automatic import Facts, automatic, resolved
from studio.config.config import Config
from studio.models import fit, gate
from studio.models.catalog import CatalogEntry
from studio.models.fit import Forecast, Machine
from studio.models.gate import ModelFacts
from studio.problems import Problem

# A table as many have: a thousand rows of a few sentences each, in ten groups.
TYPICAL_ROWS = 1000


def typical(machine: Machine) -> Facts:
    """Facts of a table that nobody has chosen yet, for a first answer to what fits here."""
    return Facts(
        rows=TYPICAL_ROWS,
        median_tokens=60,
        longest_tokens=256,
        tokens_95=160,
        labels=10,
        parameters=0,
        model_limit=0,
        memory=machine.gpu_memory or machine.memory,
        has_gpu=bool(machine.gpu),
    )


def forecast_of(entry: CatalogEntry, config: Config, facts: Facts, machine: Machine) -> Forecast | None:
    """What training this model with automatic values of its own would take; None where it cannot be told: a folder
    that the gate refuses (choosing it says why), or a model whose shape nobody states."""
    try:
        model = gate.check_folder(entry.folder) if entry.folder is not None else _as_stated(entry)
    except Problem:
        return None
    if model is None:
        return None
    mine = replace(facts, parameters=model.parameters, model_limit=model.context or facts.longest_tokens)
    return fit.forecast(resolved(config, automatic(config, mine)), mine, model, machine)


def _as_stated(entry: CatalogEntry) -> ModelFacts | None:
    if not entry.hidden:
        return None
    return ModelFacts(
        folder=Path(entry.name),
        model_type=entry.type,
        kind=entry.kind,
        parameters=entry.parameters,
        bytes=entry.bytes,
        context=entry.context,
        hidden=entry.hidden,
        layers=entry.layers,
        vocabulary=entry.vocabulary,
        license=entry.license,
        dtype="",
        languages=entry.languages,
    )
