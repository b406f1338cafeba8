"""Every file of a folder read as `inspect` reads it: which became a table, which a Problem, which neither.

In: folders of files, or with --each-folder folders that are one data set each. Out: a line for each file (rows read,
rows set aside, columns, what they seem to be good for, seconds on the clock), and how many of each outcome there are.
The exit code is 1 where one ended in a traceback, lost rows between `inspect` and `convert`, or took longer than the
limit. Whether a table is the right one, people have to judge: --out keeps the first rows beside it.

    python -m tests.benchmarks.corpora FOLDER [--limit 10] [--out FILE.jsonl]
    python -m tests.benchmarks.corpora --each-folder FOLDER
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from studio.problems import Problem

FIRST = 3  # rows that are kept to be judged


def main(argv: Sequence[str] | None = None) -> int:
    """Read them all."""
    parser = argparse.ArgumentParser(description="Files of the wide world.")
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--each-folder", action="store_true", help="each folder inside is one table")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds that a file may take")
    parser.add_argument("--out", type=Path, help="everything found, one JSON object a line")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    wants = parser.parse_args(argv)
    if wants.child:
        return answer()
    found = []
    for folder in wants.folders:
        for file in sorted(folder.iterdir() if wants.each_folder else folder.rglob("*")):
            if file.is_dir() if wants.each_folder else file.is_file():
                found.append(asked(file, wants.limit) | {"file": str(file.relative_to(folder))})
                print(line(found[-1]), flush=True)
    if wants.out:
        wants.out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), encoding="utf-8")
    counts = Counter(one["outcome"] for one in found)
    print(f"{len(found):,} files: {dict(counts)}; slowest {max((one['seconds'] for one in found), default=0):.1f} s")
    return int(bool(set(counts) - {"table", "problem"}))


def line(one: dict[str, Any]) -> str:
    """One file in words."""
    if one["outcome"] != "table":
        return f"{one['outcome']:>9}  {one['seconds']:5.1f} s  {one['file']}: {one.get('told', '')}"
    rows = f"{one['rows']:,} rows, {one['aside']:,} aside, {len(one['columns'])} columns"
    roles = f"{one['goal']}: {one['input']!r} -> {one['target']!r}"
    return f"    table  {one['seconds']:5.1f} s  {one['file']}: {rows}; {roles}"


class Child:
    """A process that reads one file after another; killed where one takes too long."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.corpora", "--child"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        self._lines.get()  # it is ready

    def _listen(self, lines: IO[str]) -> None:
        for text in lines:
            self._lines.put(text)
        self._lines.put("")

    def ask(self, file: Path, limit: float) -> dict[str, Any] | None:
        """What it found, or None where it had to be killed."""
        assert self._process.stdin is not None
        print(json.dumps(str(file)), file=self._process.stdin, flush=True)
        try:
            text = self._lines.get(timeout=limit)
        except queue.Empty:
            self._process.kill()
            self._process.wait()
            return None
        return dict(json.loads(text)) if text else {"outcome": "crash", "told": "the process ended"}

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None


_CHILD: list[Child] = []


def asked(file: Path, limit: float) -> dict[str, Any]:
    """What became of a file in a process of its own, and how long it took."""
    if not _CHILD or not _CHILD[0].is_alive:
        _CHILD[:] = [Child()]
    began = time.perf_counter()
    found = _CHILD[0].ask(file, limit)
    return (found or {"outcome": "slow"}) | {"seconds": time.perf_counter() - began}


def answer() -> int:
    """Read what is asked for on stdin, until it ends."""
    print(json.dumps("ready"), flush=True)
    for text in sys.stdin:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            print(json.dumps(outcome(Path(json.loads(text)), Path(folder))), flush=True)
    return 0


def outcome(file: Path, folder: Path) -> dict[str, Any]:
    """The table that a file becomes, checked and written, or why it becomes none."""
    from studio import flow
    from studio.data.checkup.check_up import findings
    from studio.data.roles.roles import guess_roles
    from studio.data.table.table import open_table
    from studio.data.table.write import write_table

    try:
        list(flow.import_table(file, folder / "table"))
        table = open_table(folder / "table")
        guess = guess_roles(table)
        found = findings(table, guess.columns, kind=guess.kind)
        write_table(table, folder / "all.jsonl")
        with (folder / "all.jsonl").open(encoding="utf-8", newline="\n") as lines:
            written = sum(1 for _ in lines)
    except Problem as problem:
        return {"outcome": "problem", "told": f"{problem.what} {problem.why} {problem.fix}"}
    except Exception:
        return {"outcome": "traceback", "told": traceback.format_exc()}
    return {
        "outcome": "table" if written == table.rows else "lost",
        "rows": table.rows,
        "aside": table.reading.rejected,
        "columns": table.columns,
        "sentence": table.reading.sentence,
        "doubts": table.reading.doubts,
        "goal": guess.kind,
        "input": guess.columns.input,
        "target": guess.columns.target,
        "findings": [one.title for one in found if one.count],
        "first": list(first_rows(table.sample(FIRST))),
    }


def first_rows(cells: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """The rows of a sample, each cell's beginning."""
    for row in zip(*cells.values(), strict=True):
        yield tuple(cell[:60] for cell in row[:20])


if __name__ == "__main__":
    sys.exit(main())
