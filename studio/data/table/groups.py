"""Edits that are done and undone as one, and how they stand in a file.

In: groups of edits. Out: the same as lines of JSON, and back; what a log of them held at one moment.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from studio.data.table.edits import AppendRow, DeleteRows, Edit, ReplaceValue, SetCells
from studio.data.table.marks import RowMark


@dataclass(frozen=True)
class LeftOver:
    """Something that could not be done again: the group's `title`, the `reason` in words, and how many `count` cells or
    rows it is about (0-based numbers in the earlier table: `rows`)."""

    title: str
    reason: str
    count: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    """Edits that are done and undone as one. `before` holds, for each edit that sets cells, the texts that stood there;
    `marks` what the rows that it names held in the snapshot. `name` is the same where the group was made again for
    another reading of the file."""

    title: str
    edits: tuple[Edit, ...]
    before: tuple[tuple[str, ...], ...]
    marks: dict[int, RowMark]
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:16])


@dataclass(frozen=True)
class Again:
    """A group that is made again in another table: its `edits` as they are there."""

    title: str
    edits: tuple[Edit, ...]
    name: str


@dataclass(frozen=True)
class Record:
    """What a log held at one moment: its groups, and the columns and the number of rows that they were made to; and the
    names of groups that were undone. It does not change while more is done."""

    columns: tuple[str, ...]
    rows: int
    groups: tuple[Group, ...]
    taken_back: frozenset[str] = frozenset()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, in order."""
        return tuple(edit for group in self.groups for edit in group.edits)


def line_of(values: dict[str, Any]) -> bytes:
    """Values as one line of a file."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def group_values(group: Group) -> dict[str, Any]:
    """What stands in the line of a group."""
    before = iter(group.before)
    edits: list[dict[str, Any]] = []
    for edit in group.edits:
        match edit:
            case SetCells(column, cells):
                edits.append(
                    {"set": column, "cells": [(int(row), text) for row, text in cells], "before": next(before)}
                )
            case DeleteRows(rows):
                edits.append({"delete": [*map(int, rows)]})
            case ReplaceValue(column, old, new):
                edits.append({"replace": column, "from": old, "to": new})
            case AppendRow(number, columns, cells, aside, raw):
                edits.append({"append": number, "columns": columns, "cells": cells, "aside": aside, "raw": raw})
    marks = [(int(row), *mark) for row, mark in group.marks.items()]
    return {"title": group.title, "edits": edits, "marks": marks, "name": group.name}


def group_from(values: dict[str, Any]) -> Group:
    """The group of a line. Raises a ValueError, KeyError or TypeError where it is none."""
    edits: list[Edit] = []
    before: list[tuple[str, ...]] = []
    for one in values["edits"]:
        if "set" in one:
            edits.append(SetCells(one["set"], tuple((int(row), str(text)) for row, text in one["cells"])))
            before.append(tuple(one["before"]))
        elif "delete" in one:
            edits.append(DeleteRows(tuple(map(int, one["delete"]))))
        elif "append" in one:
            columns, cells = tuple(map(str, one["columns"])), tuple(map(str, one["cells"]))
            edits.append(AppendRow(int(one["append"]), columns, cells, int(one["aside"]), str(one["raw"])))
        else:
            edits.append(ReplaceValue(one["replace"], one["from"], one["to"]))
    marks = {int(row): RowMark(found, int(which), int(of)) for row, found, which, of in values["marks"]}
    name = str(values.get("name") or _sum_of(values))  # older logs gave none
    return Group(str(values["title"]), tuple(edits), tuple(before), marks, name)


def _sum_of(values: dict[str, Any]) -> str:
    return blake2b(line_of(values), digest_size=8).hexdigest()
