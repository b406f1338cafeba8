"""One command, run and ended: Ctrl+C, Problems and the exit code.

In: arguments. Out: an exit code: 0 done, 1 a Problem (told on stderr), 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from studio.cli.parser import parser
from studio.cli.reading import StoppedError
from studio.cli.terminal import tell
from studio.problems import Problem, explain

KNOWN_FAILURES = (Problem, OSError, MemoryError, RuntimeError, UnicodeError)
STOPPED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. A fault that nobody foresaw goes on up, to `studio.__main__`."""
    options = parser().parse_args(arguments)
    stop = threading.Event()
    try:
        with interrupted_by_ctrl_c(stop):
            options.run(options, stop.is_set)
    except BrokenPipeError:  # the reader has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except StoppedError:
        print("Stopped while reading the file; nothing was written.", file=sys.stderr)
        return STOPPED
    except KeyboardInterrupt:
        print("Ended at once.", file=sys.stderr)
        return STOPPED
    except KNOWN_FAILURES as error:
        tell(explain(error))
        return 1
    return STOPPED if stop.is_set() else 0


@contextmanager
def interrupted_by_ctrl_c(stop: threading.Event) -> Iterator[None]:
    """The first Ctrl+C asks the work to stop and keep the best; the second one ends the program."""

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("\nStopping; the best so far is kept. Press again to end at once.", file=sys.stderr)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
