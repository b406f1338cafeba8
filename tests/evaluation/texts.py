"""What the tests of whole texts share: short diary entries as a Dataset, without a column to learn."""

from __future__ import annotations

from pathlib import Path

from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from tests.data.tables import table_of

WEATHER = ("fog", "rain", "a gale", "clear", "hail")


def entries(count: int) -> list[str]:
    """Entries of one hand, of different lengths."""
    return [
        f"Day {number}. {WEATHER[number % 5]} from the west. " + "The lamp was lit at dusk. " * (1 + number % 4)
        for number in range(count)
    ]


def texts_dataset(folder: Path, count: int = 60, *, test: int = 36) -> Dataset:
    """Entries, of which the last `test` are for testing and the twelve before them for watching."""
    folder.mkdir(parents=True, exist_ok=True)
    table = table_of(folder, ("entry", "other"), [(entry, "x") for entry in entries(count)])
    watching = count - test - 12
    parts: dict[Part, tuple[int, ...]] = {
        "training": tuple(range(watching)),
        "watching": tuple(range(watching, count - test)),
        "test": tuple(range(count - test, count)),
    }
    return Dataset(table, Columns("entry"), parts)
