"""The log of a table's edits: what is done, and what can be undone and done again.

In: groups of edits, each with a title in words, and the Table they are made to. Out: the table as it is now, and a file
of lines, one a group, with what is needed to make the same edits when the original is read again. The file is
appended to and flushed; undoing writes it anew, whole or not at all. What was undone can be done again until something
new is done, or the program ends; its name stays, so that it does not come back from another reading.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from studio.atomic import atomic_file
from studio.data.table.edits import DeleteRows, Edit, SetCells
from studio.data.table.groups import Again, Group, LeftOver, Record, group_from, group_values, line_of
from studio.data.table.marks import RowMark, marks_of
from studio.data.table.pages import PageReader
from studio.data.table.table import Table
from studio.problems import Problem, Where

EDITS_FILE = "edits.jsonl"  # beside the rows of the snapshot that it is about

_VERSION = 1
_TAIL = 64 << 10  # bytes at the end of a snapshot that tell it from others: the list of its row groups


class EditLog:
    """The edits of `table`, kept in `file`. `columns`, `rows` and `left_over` are what the file says of the table that
    it is about."""

    def __init__(self, file: Path, table: Table) -> None:
        """Read the log, or begin one (nothing is written until something is done). Raises a Problem for a damaged
        file. Where `is_stale`, the log is about another snapshot: see replay.py."""
        self.file = file
        self._bare = table.with_edits(())
        self._snapshot = snapshot_sum(table)
        self.columns, self.rows, self.snapshot = table.columns, table.rows, self._snapshot
        self.left_over: tuple[LeftOver, ...] = ()
        self.seen: frozenset[str] = frozenset()  # names of the groups that came here from other readings, or could not
        self._taken_back: frozenset[str] = frozenset()  # names of all groups that were ever undone
        self._is_written = True
        self._known = 0  # bytes of the file that are whole lines, as far as is known here
        self._groups: list[Group] = []
        self._undone: list[Group] = []
        self._ends: list[int] = []  # where each line ends in the file, in bytes; the first line is about the table
        if file.exists():
            self._read()
        if not self._groups and self.snapshot != self._snapshot:  # it says nothing about rows
            self.columns, self.rows, self.snapshot, self._ends = table.columns, table.rows, self._snapshot, []
        self._table = self._bare if self.is_stale else self._bare.with_edits(self.edits)

    @property
    def is_stale(self) -> bool:
        """Whether the log is about another snapshot than `table`."""
        return bool(self._groups) and self.snapshot != self._snapshot

    @property
    def table(self) -> Table:
        """The table with all edits that are done."""
        return self._table

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits that are done, in order."""
        return tuple(edit for group in self._groups for edit in group.edits)

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is done, in order, as it would be undone."""
        return tuple(self._groups)

    @property
    def record(self) -> Record:
        """What is done at this moment, for another thread."""
        return Record(self.columns, self.rows, self.groups, self.taken_back)

    @property
    def taken_back(self) -> frozenset[str]:
        """The names of groups that were undone, here or in a reading before, and are not done."""
        return self._taken_back - {group.name for group in self._groups}

    @property
    def undone(self) -> tuple[Group, ...]:
        """What can be done again, the next one first."""
        return tuple(reversed(self._undone))

    def do(self, edits: Sequence[Edit], title: str) -> None:
        """Do these edits as one, and write them down. Raises a Problem, and does nothing, for a column or a row that
        is not there."""
        self._refuse_stale()
        if edits:
            self._put(self._group(tuple(edits), title))
            self._undone.clear()

    def undo(self) -> str:
        """Undo what was done last; its title, "" where there is nothing to undo."""
        self._refuse_stale()
        if not self._groups:
            return ""
        self._make_ready()
        group, start = self._groups[-1], self._ends[0]
        taken_back = self._taken_back | {group.name}
        head = line_of(self._head(taken_back))
        with atomic_file(self.file) as temporary, self.file.open("rb") as old:
            old.seek(start)
            temporary.write_bytes(head + old.read(self._ends[-2] - start))
        self._ends = [end + len(head) - start for end in self._ends[:-1]]
        self._known, self._taken_back = self._ends[-1], taken_back
        self._undone.append(self._groups.pop())
        self._table = self._bare.with_edits(self.edits)
        return group.title

    def redo(self) -> str:
        """Do again what was undone last; its title, "" where there is nothing."""
        self._refuse_stale()
        if not self._undone:
            return ""
        self._put(self._undone[-1])
        return self._undone.pop().title

    def begin_anew(self) -> None:
        """Hold nothing, about this table, whatever the file says; it stays as it is until something is written."""
        self.columns, self.rows, self.snapshot = self._bare.columns, self._bare.rows, self._snapshot
        self._groups, self._undone, self._table = [], [], self._bare
        self.left_over, self.seen, self._taken_back, self._is_written = (), frozenset(), frozenset(), False

    def carry_over(
        self,
        groups: Sequence[Again],
        left_over: Sequence[LeftOver],
        seen: Collection[str],
        taken_back: Collection[str] = (),
    ) -> None:
        """Do, behind what is done, what was made again from another reading. `left_over` and the names of all groups
        that were `seen` or `taken_back` there are remembered. Nothing is written before `write_down`."""
        self._refuse_stale()
        for again in groups:
            self._groups.append(self._group(again.edits, again.title, again.name))
            self._table = self._table.with_edits([*self._table.edits, *again.edits])
        self.left_over = tuple(dict.fromkeys((*self.left_over, *left_over)))
        self.seen = self.seen | frozenset(seen)
        self._taken_back = self._taken_back | frozenset(taken_back)
        self._undone, self._is_written = [], False

    def write_down(self) -> None:
        """Write what was carried over, whole or not at all. Raises a Problem where another window wrote meanwhile."""
        if not self._is_written:
            self._refuse_foreign()
            self._write_whole()

    def _group(self, edits: tuple[Edit, ...], title: str, name: str = "") -> Group:
        table, before, rows = self._table, [], set[int]()
        for edit in edits:
            after = table.with_edits([*table.edits, edit])  # raises where it cannot be done
            if isinstance(edit, SetCells):
                numbers = [row for row, _ in edit.cells]
                before.append(tuple(cells[0] for cells in PageReader(table, [edit.column]).at(numbers)))
                rows.update(numbers)
            elif isinstance(edit, DeleteRows):
                rows.update(edit.rows)
            table = after
        return Group(title, edits, tuple(before), self._marks(rows), **({"name": name} if name else {}))

    def _marks(self, rows: set[int]) -> dict[int, RowMark]:
        """What the rows held in the snapshot; those that were taken into the table are known by their text."""
        read = sorted(row for row in rows if row < self._bare.rows)
        return marks_of(self._bare, self.columns, read) if read else {}

    def _put(self, group: Group) -> None:
        """Append one group to the file; it counts as done once it is on the disk."""
        self._make_ready()
        line = line_of(group_values(group))
        with self.file.open("r+b") as stream:
            stream.truncate(self._ends[-1])  # what a power cut left of another line: no whole one lies there
            stream.seek(self._ends[-1])
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        self._ends.append(self._ends[-1] + len(line))
        self._known = self._ends[-1]
        self._groups.append(group)
        self._table = self._bare.with_edits([*self._table.edits, *group.edits])

    def _make_ready(self) -> None:
        """Before the file is written to: it holds what is known here, and nothing else."""
        self._refuse_foreign()
        if not (self._ends and self._is_written):
            self._write_whole()

    def _refuse_foreign(self) -> None:
        """Raise a Problem where the file holds other whole lines than are known here: they are somebody's changes."""
        if not self.file.exists():
            whole = not (self._known and self._is_written)
        else:
            with self.file.open("rb") as stream:
                size = stream.seek(0, os.SEEK_END)
                stream.seek(min(size, self._known))
                whole = size >= self._known and b"\n" not in stream.read()
        if not whole:
            raise Problem(
                "The change was not made.",
                "The list of changes to this table was written by another window or program meanwhile.",
                "Close the project in the other window, and open it here again; what stands in the list stays.",
                Where(str(self.file)),
            )

    def _head(self, taken_back: Collection[str]) -> dict[str, Any]:
        return {
            "version": _VERSION,
            "snapshot": self.snapshot,
            "columns": self.columns,
            "rows": self.rows,
            "left_over": [[one.title, one.reason, one.count, one.rows] for one in self.left_over],
            "seen": sorted(self.seen),
            "taken_back": sorted(taken_back),
        }

    def _write_whole(self) -> None:
        head, ends, at = self._head(self._taken_back), [], 0
        with atomic_file(self.file) as temporary, temporary.open("wb") as stream:
            for values in (head, *map(group_values, self._groups)):
                at += stream.write(line_of(values))
                ends.append(at)
        self._ends, self._known, self._is_written = ends, at, True

    def _read(self) -> None:
        lines = self.file.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()  # never finished, so never said to be done
        at = 0
        try:
            for number, line in enumerate(lines):
                values = json.loads(line)
                if number:
                    self._groups.append(group_from(values))
                else:
                    self._read_head(values)
                at += len(line)
                self._ends.append(at)
                self._known = at
        except (ValueError, KeyError, TypeError) as error:
            raise Problem(
                "The list of your changes is damaged.",
                "A line of it cannot be read. The imported table itself is whole.",
                "Restore the file from a copy, or remove it to begin without changes.",
                Where(str(self.file), line=len(self._ends) + 1),
            ) from error

    def _read_head(self, values: dict[str, Any]) -> None:
        if values["version"] != _VERSION:
            raise Problem(
                "The list of your changes was written by a newer version.",
                "This version does not know what stands in it.",
                "Open the project with the newer version.",
                Where(str(self.file)),
            )
        self.snapshot, self.rows = str(values["snapshot"]), int(values["rows"])
        self.columns = tuple(values["columns"])
        self.left_over = tuple(LeftOver(one[0], one[1], one[2], tuple(one[3])) for one in values["left_over"])
        self.seen = frozenset(map(str, values.get("seen", ())))
        self._taken_back = frozenset(map(str, values.get("taken_back", ())))

    def _refuse_stale(self) -> None:
        if self.is_stale:
            raise Problem(
                "These changes were made to another reading of the file.",
                "Rows may have moved since.",
                "Apply the changes to the new table first.",
                Where(str(self.file)),
            )


def record_of(file: Path) -> Record | None:
    """What the log in `file` holds, for where its table is lost; None where there is none, or it cannot be read."""
    try:
        lines = [json.loads(line) for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        head, groups = lines[0], tuple(map(group_from, lines[1:]))
        taken_back = frozenset(head.get("taken_back", ())) - {group.name for group in groups}
        return Record(tuple(head["columns"]), int(head["rows"]), groups, taken_back)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def snapshot_sum(table: Table) -> str:
    """A quick guard against a log or findings that lie beside other rows: a sum over the size of the file of rows and
    its end, where its parts are listed. Tables that differ in a few cells may have the same one; what a snapshot is
    called after is snapshots.content_sum."""
    size = table.file.stat().st_size
    with table.file.open("rb") as stream:
        stream.seek(max(0, size - _TAIL))
        return blake2b(stream.read() + str(size).encode(), digest_size=16).hexdigest()
