"""The program as it is started by a person: its own process, a real X server, real keys, and not a word on stderr."""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from studio.config import paths
from tests.test_flow import messages, write_csv

PROGRAMS = ("Xvfb", "xdotool")
LIBRARIES = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0")


def opens(library: str) -> bool:
    """Whether this system has it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


MISSING = [*(name for name in PROGRAMS if shutil.which(name) is None), *(name for name in LIBRARIES if not opens(name))]
SIZE = (1280, 800)
PATIENCE = 60.0  # seconds for a start on a slow machine

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no X server to start"),
    pytest.mark.skipif(bool(MISSING), reason=f"a window on a screen needs: {', '.join(MISSING)}"),
]


@dataclass
class Screen:
    """An X server without a monitor; what is drawn on it lies in a file."""

    display: str
    memory: Path

    @property
    def environment(self) -> dict[str, str]:
        """For programs that draw here."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def tell(self, *command: str) -> str:
        """Let xdotool do something; what it answered, and nothing where it found nothing."""
        done = subprocess.run(["xdotool", *command], env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def picture(self) -> bytes:
        """The pixels, four bytes each, as the server keeps them (the file is a window dump of X)."""
        dump = self.memory.read_bytes()
        header, colours = struct.unpack_from(">I", dump, 0)[0], struct.unpack_from(">I", dump, 76)[0]
        return dump[header + colours * 12 :]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen of its own; the server itself finds a number that is free."""
    told, says = os.pipe()
    folder = tmp_path / "screen"
    folder.mkdir()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    command = ["Xvfb", "-displayfd", str(says), "-screen", "0", size, "-nolisten", "tcp", "-fbdir", str(folder)]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, pass_fds=(says,), stdout=log, stderr=log)
    os.close(says)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        assert number, (tmp_path / "server.log").read_text()
        yield Screen(f":{number}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(timeout=20)


@dataclass
class Program:
    """The running program and what it has written so far."""

    process: subprocess.Popen[bytes]
    out: Path
    error: Path

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Until something holds; the program has to live all the while."""
        until = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.error.read_text()}"
            assert time.monotonic() < until, f"waited in vain for {what}; stderr: {self.error.read_text()}"
            time.sleep(0.05)


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start `python -m studio` on the screen; what a test leaves running is ended."""
    started: list[subprocess.Popen[bytes]] = []
    own = tmp_path / "runtime"
    own.mkdir(mode=0o700)

    def begin(*arguments: str) -> Program:
        out, error = tmp_path / "stdout", tmp_path / "stderr"
        with out.open("wb") as to, error.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "studio", *arguments],
                env={**screen.environment, "XDG_RUNTIME_DIR": str(own)},
                cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL, stdout=to, stderr=errors,
            )  # fmt: skip
        started.append(process)
        return Program(process, out, error)

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def colours(picture: bytes) -> int:
    """How many different pixels there are."""
    return len({picture[at : at + 4] for at in range(0, len(picture), 4)})


def press(program: Program, screen: Screen, keys: str) -> None:
    """Press keys until the picture changes: the first ones may come before the window listens."""
    before = screen.picture()

    def changed() -> bool:
        screen.tell("key", keys)
        time.sleep(0.3)
        return screen.picture() != before

    program.wait_for(changed, f"an answer to {keys}")


def test_a_person_starts_it_with_a_file_looks_around_and_closes_it(
    start: Callable[..., Program], screen: Screen, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "letters.csv", ["message", "topic"], messages(60))
    blank = screen.picture()
    program = start(str(file))
    named = ("search", "--onlyvisible", "--name", "letters · Finetune Studio")
    program.wait_for(lambda: bool(screen.tell(*named)), "the window with the name of the file")
    window = screen.tell(*named).splitlines()[0]
    screen.tell("windowfocus", window)  # what a window manager does
    program.wait_for(lambda: colours(screen.picture()) > 50, "a picture")
    assert screen.picture() != blank
    for keys in ("ctrl+2", "ctrl+4", "ctrl+comma"):
        press(program, screen, keys)
        assert colours(screen.picture()) > 50
    assert (paths.projects() / "letters" / "project.json").exists()

    screen.tell("key", "ctrl+q")
    assert program.process.wait(timeout=PATIENCE) == 0
    assert program.error.read_text(encoding="utf-8") == ""
    assert program.out.read_text(encoding="utf-8") == ""
