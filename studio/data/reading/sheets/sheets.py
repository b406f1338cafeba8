"""Another process that opens a workbook, watched: its memory, its time, and what it writes are bounded.

In: a workbook and which sheet is wanted. Out: Sheets, whose rows lie in a temporary file. A workbook that is damaged,
locked or made to do harm ends that process, never this one, and becomes a Problem.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from studio.data.reading.packed.foreign import BROKEN_ZIP
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.source import Given
from studio.problems import Problem, Where

HEAD_ROWS = 1_000  # rows of a sheet that are looked at
MOST_MEMORY = 4 << 30  # bytes
_LEAST_MEMORY = 1 << 30
_MEMORY_PER_BYTE = 200  # of the file: text in it shrinks to a tenth, and takes some times its length in memory
_MOST_INSIDE = 8 << 30  # bytes, unpacked, in a zipped workbook
_BOMB_INSIDE = 50 << 20  # up to here any ratio is believed
_BOMB_RATIO = 300  # rows have numbers, and workbooks hardly shrink to less than a fiftieth
_MOST_OUTPUT = 20 << 30
_RESERVE = 1 << 30  # bytes that stay free on the disk
_SECONDS = 60.0  # that any workbook may take, and
_BUSY_SECONDS = 6.0  # that it may keep a processor busy; opening one takes less than one, and
_SECONDS_PER_MB = 20.0  # more where it is large
_LOOK_EVERY = 0.02
_SCRIPT = "studio.data.reading.sheets.sheet_script"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was written: its first row with a cell is the sheet's row `top` (from 0), and there are `height`
    from there on. `head` are the first of them, `merged` the ranges of merged cells (first row and column, last
    row and column); `begins` is where its rows lie in the output. `unsolved` are the rows (from 0) with formulas whose
    results the file does not contain, and how many; such cells are empty. `twice` are numbers (from 1) that
    several rows have in the file, of which the last is here; `hidden` counts rows that the workbook does not show."""

    name: str
    top: int
    height: int
    merged: Sequence[tuple[int, int, int, int]]
    head: list[list[str]] = field(default_factory=list)
    begins: int = 0
    unsolved: Mapping[int, int] = field(default_factory=dict)
    twice: Sequence[int] = ()
    hidden: int = 0

    @property
    def is_all(self) -> bool:
        """Whether the head is the whole sheet."""
        return len(self.head) >= self.height


class Sheets:
    """What the process wrote: `known` are the names of all sheets with rows, hidden ones last, and `hidden` those;
    `written` are the sheets whose rows are here."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        weakref.finalize(self, output.close)
        self.known: tuple[str, ...] = ()
        self.hidden: frozenset[str] = frozenset()
        self.charts = 0
        self.failed = ""
        self.written: list[Sheet] = []
        self._survey()

    def rows(self, sheet: Sheet) -> Iterator[list[list[str]]]:
        """The sheet's rows, in lists of some."""
        at = sheet.begins
        while True:
            self._output.seek(at)
            line = self._output.readline()
            at = self._output.tell()
            if not line.startswith(b"[") or not line.endswith(b"\n"):
                return
            yield json.loads(line)

    def _survey(self) -> None:
        self._output.seek(0)
        while line := self._output.readline():
            if line.startswith(b"["):
                if self.written and not self.written[-1].head:
                    self.written[-1].head.extend(json.loads(line))
                continue
            if not line.endswith(b"\n"):  # the process ended in the middle
                return
            self._note(json.loads(line))

    def _note(self, told: dict[str, Any]) -> None:
        if "sheets" in told:
            rows = [(name, is_visible) for name, is_sheet, is_visible in told["sheets"] if is_sheet]
            self.charts = len(told["sheets"]) - len(rows)
            self.known = tuple(name for name, _ in sorted(rows, key=lambda sheet: not sheet[1]))
            self.hidden = frozenset(name for name, is_visible in rows if not is_visible)
        elif "sheet" in told:
            merged = [(top, left, bottom, right) for top, left, bottom, right in told["merged"]]
            self.written.append(
                Sheet(
                    told["sheet"],
                    told["top"],
                    told["height"],
                    merged,
                    begins=self._output.tell(),
                    unsolved=dict(told["unsolved"]),
                    twice=told["twice"],
                    hidden=told["hidden"],
                )
            )
        else:
            self.failed = told["failed"]


def read_sheets(
    given: Given, sheet: str | None, *, only_head: bool, should_stop: Callable[[], bool], title: str
) -> Sheets:
    """The rows of the sheet called `sheet`, or of the only one; of several, the first rows of each. Raises Stopped, and
    a Problem for what cannot be read within the bounds."""
    if _is_bomb(given.path):
        raise _in_words("large", given, title, "")
    wished = _LEAST_MEMORY + _MEMORY_PER_BYTE * given.path.stat().st_size
    memory = int(min(MOST_MEMORY, wished, max(_LEAST_MEMORY, psutil.virtual_memory().available // 2)))
    rows = HEAD_ROWS if only_head else -1
    command = [sys.executable, "-m", _SCRIPT, str(given.path.resolve()), sheet or "", str(rows), str(memory)]
    with ExitStack() as until_whole, tempfile.TemporaryFile() as complaints:
        output = until_whole.enter_context(tempfile.TemporaryFile())
        code = _run(command, output, complaints, _Bounds.of(given.path, memory), should_stop)
        complaints.seek(0)
        told = complaints.read(100_000).decode("utf-8", "replace")
        sheets = Sheets(output)
        failed = sheets.failed or ("" if code == 0 else _reason(code, told))
        if failed:
            raise _in_words(failed, given, title, "" if code == 0 else told)
        until_whole.pop_all()  # from here on the sheets keep their output open
    return sheets


def _is_bomb(file: Path) -> bool:
    """Whether a zipped workbook says of itself that it unfolds to far more than one does."""
    inside = sum(size for name, size in zipped_names(file).items() if not name.startswith("xl/media/"))
    return inside > _MOST_INSIDE or (inside > _BOMB_INSIDE and inside > _BOMB_RATIO * file.stat().st_size)


def zipped_names(file: Path) -> dict[str, int]:
    """The names and unpacked sizes of what is in a zipped workbook; none where it is another kind, or damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            return {entry.filename: entry.file_size for entry in archive.infolist()}
    except BROKEN_ZIP:
        return {}


@dataclass(frozen=True)
class _Bounds:
    memory: int
    output: int
    seconds: float
    busy: float

    @staticmethod
    def of(file: Path, memory: int) -> _Bounds:
        room = shutil.disk_usage(tempfile.gettempdir()).free - _RESERVE
        more = _SECONDS_PER_MB * file.stat().st_size / (1 << 20)
        return _Bounds(memory, min(_MOST_OUTPUT, room), _SECONDS + more, _BUSY_SECONDS + more)


_TOO_SLOW, _TOO_LARGE = -1_001, -1_002


def _run(
    command: list[str], output: IO[bytes], complaints: IO[bytes], bounds: _Bounds, should_stop: Callable[[], bool]
) -> int:
    """The process's exit code, or why it was ended."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=complaints,
        env=environment,
        cwd=Path(__file__).parents[4],  # where `studio` is found
        start_new_session=True,  # Ctrl+C asks this process, which then ends that one
    )
    try:
        watched = psutil.Process(process.pid)
        until = time.monotonic() + bounds.seconds
        while process.poll() is None:
            if should_stop():
                raise Stopped
            if time.monotonic() > until or _busy_of(watched) > bounds.busy:
                return _TOO_SLOW
            if _memory_of(watched) > bounds.memory or os.fstat(output.fileno()).st_size > bounds.output:
                return _TOO_LARGE
            _wait(process)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=_LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return


def _busy_of(watched: psutil.Process) -> float:
    try:
        taken = watched.cpu_times()
    except psutil.Error:  # it has just ended
        return 0.0
    return float(taken.user + taken.system)


def _memory_of(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def _reason(code: int, told: str) -> str:
    if code == _TOO_SLOW:
        return "slow"
    no_memory = any(words in told for words in ("memory allocation", "capacity overflow", "MemoryError"))
    return "large" if code == _TOO_LARGE or no_memory else "damaged"


def _in_words(failed: str, given: Given, title: str, told: str) -> Problem:
    where = Where(str(given.original))
    save_table = "Open it, copy the table into a new workbook or save its sheet as CSV, and choose that."
    match failed:
        case "locked":
            return Problem(
                f"“{given.name}” is locked with a password.",
                "A workbook that is locked cannot be read.",
                "Open it, save it without the password, and choose it again.",
                where,
            )
        case "large":
            return Problem(
                f"“{given.name}” needs too much memory.",
                "Its cells are very many, or lie far apart, or it is made to fill a computer’s memory.",
                save_table,
                where,
            )
        case "slow":
            return Problem(
                f"“{given.name}” takes too long to open.",
                "It is far more work than a workbook of its size should be.",
                save_table,
                where,
            )
        case _:
            return Problem(
                f"“{given.name}” cannot be opened.",
                f"It begins like {title}, and what follows is damaged or of a kind that is not known here.",
                "Fetch or copy it again. If it opens elsewhere, save it there as a new workbook or as CSV.",
                where,
                "\n".join(told.splitlines()[-6:]),
            )
