"""Records to a table: the columns of all of them, and each record's rows as text.

In: records with keys of their own, lists and objects inside. Out: column names in the order of their first appearance,
and rows as wide as these. Objects flatten to “a.b” columns, lists become compact JSON text, known structures unfold
(see shapes.py). Nothing is left out: what would make too many columns stays together as JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from studio.data.reading.delimited.header import unique_names
from studio.data.reading.records.conversations import SetAside
from studio.data.reading.records.json_text import text_of
from studio.data.reading.records.shapes import Record, Shape, recognise, unfold

SAMPLE = 300  # records that are looked at for a known structure
_MOST_INSIDE = 100  # columns that one key may flatten to
_MOST_COLUMNS = 1_000  # beyond, the other keys share one column
_DEEPEST = 4  # objects within objects that flatten
_OTHERS = ("other fields",)
_TOO_DEEP = "It nests too deeply."

Key = str | tuple[str, ...]


class Unfolding:
    """What records become. Show it every record with `learn` first, then `columns` are known and `rows` gives each
    record's rows."""

    def __init__(self, sample: Sequence[Record], *, keep_shape: bool = True) -> None:
        self.shape: Shape | None = recognise(sample) if keep_shape else None
        self._keys: dict[Key, bool] = {}  # whether anything but null was seen there
        self._inside: dict[str, int] = {}
        self._whole: set[str] = set()  # keys whose objects stay JSON text
        self._places: dict[Key, int] = {}

    def learn(self, record: Record) -> None:
        """Take note of a record's columns; one that makes no row has none."""
        if self.shape is None:
            self._note(record)
            return
        try:
            for row in unfold(self.shape, record):
                self._note(row)
        except (SetAside, RecursionError):
            return

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns so far."""
        kept = self._settled()
        return unique_names([_name(key) for key in kept], len(kept))

    def rows(self, record: Record) -> list[list[str]]:
        """The rows of one record, as wide as `columns`; raises SetAside with the reason where it makes none."""
        if not self._places:
            self._places = {key: place for place, key in enumerate(self._settled())}
        try:
            if self.shape is None:
                return [self._cells(record)]
            return [self._cells(row) for row in unfold(self.shape, record)]
        except RecursionError as error:
            raise SetAside(_TOO_DEEP) from error

    def _note(self, row: Record) -> None:
        keys = self._keys
        for name, value in row.items():
            if type(value) is dict and value and name not in self._whole:
                paths = [path for path, _ in _flat(value, (name,))]
                self._inside[name] = self._inside.get(name, 0) + sum(path not in keys for path in paths)
                if self._inside[name] <= _MOST_INSIDE:
                    keys.update(dict.fromkeys(paths, True))
                    continue
                self._whole.add(name)
                for key in [key for key in keys if isinstance(key, tuple) and key[0] == name]:
                    del keys[key]
            if name not in keys and len(keys) >= _MOST_COLUMNS:
                keys[_OTHERS] = True
            elif value is not None:
                keys[name] = True
            else:
                keys.setdefault(name, False)

    def _settled(self) -> list[Key]:
        """The columns in order; a key that is only ever null or an object has no column of its own."""
        parents = {key[0] for key in self._keys if isinstance(key, tuple) and len(key) > 1}
        return [key for key, seen in self._keys.items() if seen or key not in parents]

    def _cells(self, row: Record) -> list[str]:
        places = self._places
        cells = [""] * len(places)
        others: dict[str, Any] = {}
        for name, value in row.items():
            if value is None:
                continue
            if type(value) is dict and value and name not in self._whole:
                for path, inner in _flat(value, (name,)):
                    cells[places[path]] = text_of(inner)
            elif (place := places.get(name)) is not None:
                cells[place] = value if isinstance(value, str) else text_of(value)
            else:
                others[name] = value
        if others:
            cells[places[_OTHERS]] = text_of(others)
        return cells


def unfolded(records: Iterable[Record], unfolding: Unfolding) -> Iterator[list[str] | SetAside]:
    """Every record's rows, or the reason why it makes none."""
    for record in records:
        try:
            yield from unfolding.rows(record)
        except SetAside as aside:
            yield aside


def _flat(value: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The cells inside an object, with their paths."""
    for name, inner in value.items():
        if isinstance(inner, dict) and inner and len(path) < _DEEPEST:
            yield from _flat(inner, (*path, str(name)))
        else:
            yield (*path, str(name)), inner


def _name(key: Key) -> str:
    return key if isinstance(key, str) else ".".join(key)
