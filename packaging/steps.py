"""One step of setting up: done once, shown on one line, its output in a log.

In: a title, a fingerprint of what the step depends on, and the work. Out: the work done and a stamp, so that
an interrupted set-up continues after its last whole step. Knows nothing of Python packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

QUIET_SECONDS = 30.0  # into a pipe, a sign of life this often
PIPE_COLUMNS = 110


class Trouble(Exception):
    """What went wrong, why, and what to do; the message that ends the set-up."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__("\n".join((what, *(f"  {line}" for line in why.splitlines()), f"What to do: {fix}")))


@dataclass
class Console:
    """Shows the running step and its time; all that commands print goes to the file `log`. `line` is what the
    running command printed last."""

    log: Path
    line: str = ""

    @contextmanager
    def showing(self, title: str) -> Iterator[None]:
        """Keep one line up to date while the block runs, and leave it with the time that the block took."""
        started, self.line, stop = time.monotonic(), "", threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, started, stop), daemon=True)
        ticker.start()
        ended = "stopped"
        try:
            yield
            ended = "done"
        finally:
            stop.set()
            ticker.join()
            self._show(f"{title}: {ended}, {time.monotonic() - started:.0f} s", last=True)

    def run(self, command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run a command to its end; its exit code and what it printed. Its last line is shown meanwhile."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n")
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                text=True, encoding="utf-8", errors="replace", env=environment,
            )  # fmt: skip
            lines = []
            with process:
                for line in process.stdout or ():
                    log.write(line)
                    lines.append(line)
                    self.line = line.strip() or self.line
        return process.returncode, "".join(lines)

    def note(self, text: str) -> None:
        """Keep something in the log that hinders nothing."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n{text}\n")

    def _tick(self, title: str, started: float, stop: threading.Event) -> None:
        alive = sys.stdout.isatty()
        self._show(title)
        while not stop.wait(0.25 if alive else QUIET_SECONDS):
            self._show(f"{title}: {time.monotonic() - started:.0f} s  {self.line}")

    def _show(self, text: str, *, last: bool = False) -> None:
        if not sys.stdout.isatty():
            print(f"  {text[:PIPE_COLUMNS]}", flush=True)
            return
        room = shutil.get_terminal_size().columns - 3
        print(f"\r  {text[:room]:<{room}}", end="\n" if last else "", flush=True)


@dataclass(frozen=True)
class Step:
    """`work` is done when the stamp `name` does not hold `fingerprint`."""

    name: str
    title: str
    fingerprint: str
    work: Callable[[Console], None]

    def complete(self, stamps: Path, console: Console) -> None:
        """Do the work unless it was done for the same fingerprint; the stamp comes after the whole work."""
        stamp = stamps / self.name
        if stamp.exists() and stamp.read_text(encoding="utf-8") == self.fingerprint:
            return
        with console.showing(self.title):
            self.work(console)
        stamps.mkdir(parents=True, exist_ok=True)
        partial = stamp.with_suffix(".partial")
        partial.write_text(self.fingerprint, encoding="utf-8")
        os.replace(partial, stamp)
