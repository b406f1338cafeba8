"""What this machine has: a graphics card, free disk, the system libraries that Qt's window needs.

In: the operating system. Out: yes or no, and what to do where something is missing. Knows nothing of .venv.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from steps import Console, Trouble

# What the wheels of PySide6 link to and do not bring along (QtGui, QtWidgets, the xcb plugin).
FOR_DRAWING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
FOR_A_WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# An X server without a monitor and a hand on its keyboard, with which the tests start the window as a person does.
FOR_A_SCREEN = {"Xvfb": "xvfb", "xdotool": "xdotool"}


def has_nvidia_gpu() -> bool:
    """Whether the driver of an NVIDIA graphics card answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return False
    try:
        answer = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "GPU" in answer.stdout


def check_disk(folder: Path, needed: float) -> None:
    """Raise Trouble unless `needed` bytes are free where `folder` lies (or will lie)."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            "There is not enough free disk space.",
            f"Setting up needs about {needed / 1e9:.1f} GB at {folder}; {free / 1e9:.1f} GB are free.",
            "Free some space and start again.",
        )


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold `file` while setting up, so that a second start waits instead of clearing what the first one makes.
    Windows has no such lock on a file that is only read; there, nothing is held."""
    if os.name == "nt":
        yield
        return
    import fcntl

    with file.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is running here; waiting for it.", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def missing_libraries(table: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be opened here; nothing outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return sorted({package for library, package in table.items() if not _opens(library)})


def missing_programs(table: Mapping[str, str]) -> list[str]:
    """The packages of those programs that are not found here; nothing outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return sorted({package for program, package in table.items() if shutil.which(program) is None})


def install_packages(packages: Sequence[str], why: str, console: Console) -> None:
    """Install system packages with apt where this account may; Trouble names the exact command where not."""
    prefix = _apt_prefix()
    if prefix is None:
        raise Trouble(
            f"{len(packages)} system package(s) are missing.",
            f"{why}: {', '.join(packages)}. This account may not install them.",
            by_hand(packages),
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    console.run([*prefix, "apt-get", "update"], environment=environment)  # an old list may do; install decides
    wanted = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    code, output = console.run(wanted, environment=environment)
    if code:
        last = [line for line in output.splitlines() if line.startswith("E:")][-3:]
        raise Trouble(f"{why}, and apt could not install it.", "\n".join(last), by_hand(packages))


def by_hand(packages: Iterable[str]) -> str:
    """What a person types who may install packages."""
    names = " ".join(packages)
    if shutil.which("apt-get"):
        return f"run “sudo apt-get install {names}”, then start again."
    return f"install what your system calls these Debian packages: {names}; then start again."


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt_prefix() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None
