"""Sets Finetune Studio up beside its source and starts it: `python3 packaging/launch.py`.

In: a Python of at least 3.11 and a verb. Out: the window, the command line, the demo, the tests or the
pictures, run inside `.venv`. A second start only compares a stamp and hands over. Knows nothing of what the
program does.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from places import CONSTRAINTS, PYTHON, ROOT, STAMPS

OLDEST = (3, 11)
DESCRIBED_BY = (ROOT / "pyproject.toml", CONSTRAINTS, ROOT / "studio" / "models" / "starters.py")

USAGE = """\
python3 packaging/launch.py                 set up what is missing, then open the window
python3 packaging/launch.py demo            a small example from the table to the export, without a window
python3 packaging/launch.py studio ARGS     the command line, for example: studio inspect table.csv
python3 packaging/launch.py test [ARGS]     check the source and run the tests; ARGS go to pytest
python3 packaging/launch.py screens FOLDER  draw every page as a picture

--any-torch   before the verb: take any build of PyTorch, also one with several GB for NVIDIA graphics cards
"""


def main(arguments: list[str]) -> int:
    """Set up what the verb needs, then run it; the exit code is the verb's own."""
    if sys.version_info < OLDEST:
        return _say_too_old()
    any_torch = arguments[:1] == ["--any-torch"]
    verb, rest = _verb(arguments[1:] if any_torch else arguments)
    if verb == "help":
        print(USAGE, end="")
        return 0
    if verb not in COMMANDS:
        print(f"“{verb}” is not known here.\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    if verb == "window" and not has_display():
        return _say_no_display()
    if not is_ready(verb):
        code = _set_up(verb, any_torch=any_torch)
        if code:
            return code
    return COMMANDS[verb](rest)


def fingerprint(verb: str) -> str:
    """Changes whenever a set-up made earlier may no longer fit: other pins, another Python, a moved folder."""
    digest = hashlib.sha256()
    for part in (verb, str(ROOT), os.path.realpath(PYTHON), os.environ.get("STUDIO_HOME", "")):
        digest.update(part.encode() + b"\0")
    for file in DESCRIBED_BY:
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def ready_stamp(verb: str) -> Path:
    """Says that all is set up for a verb: the fingerprint, then one line per path that must be there."""
    return STAMPS / f"ready-{verb}"


def is_ready(verb: str) -> bool:
    """Whether nothing at all is left to set up; takes about a millisecond."""
    try:
        made_for, *paths = ready_stamp(verb).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return made_for == fingerprint(verb) and PYTHON.exists() and all(map(os.path.exists, paths))


def has_display() -> bool:
    """Whether a window could be shown. Only Linux and its kin can be without a screen."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _verb(arguments: list[str]) -> tuple[str, list[str]]:
    if not arguments:
        return "window", []
    first, rest = arguments[0], arguments[1:]
    if first in {"-h", "--help", "help"}:
        return "help", []
    return ("studio" if first == "--" else first), rest


def _set_up(verb: str, *, any_torch: bool) -> int:
    from environment import set_up  # here, because a second start should not pay for it
    from steps import Trouble

    try:
        paths = set_up(verb, any_torch=any_torch)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command continues where this one ended.", file=sys.stderr)
        return 130
    ready_stamp(verb).write_text("\n".join([fingerprint(verb), *paths]), encoding="utf-8")
    return 0


def _hand_over(*arguments: str) -> int:
    """Become the program. -P: a file of the user's, such as random.py, is not taken for a library."""
    command = [str(PYTHON), "-P", "-m", "studio", *arguments]
    if os.name != "nt":  # there, exec would return to the prompt while the program still runs
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.call(command)


def _window(rest: list[str]) -> int:
    return _hand_over(*rest)


def _studio(rest: list[str]) -> int:
    return _hand_over(*(rest or ["--help"]))


def _demo(rest: list[str]) -> int:
    return _hand_over("demo", *rest)


def _screens(rest: list[str]) -> int:
    return subprocess.call([str(PYTHON), "-P", "-m", "studio.gui.screens", *rest], env=_without_screen())


def _test(rest: list[str]) -> int:
    """Every check runs, whatever the one before found; pytest's line comes last."""
    checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["pytest", *rest])
    codes = []
    for check in checks:
        print(f"\n$ {' '.join(check)}", flush=True)
        codes.append(subprocess.call([str(PYTHON), "-m", *check], cwd=ROOT, env=_without_screen()))
    return max(map(abs, codes))


def _without_screen() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def _say_too_old() -> int:
    version = ".".join(str(part) for part in sys.version_info[:2])
    print(
        "Finetune Studio needs Python 3.11 or newer; this is Python " + version + ".\n"
        "Install a newer one (Debian, Ubuntu: sudo apt install python3.11 python3.11-venv; elsewhere: python.org)\n"
        "and start again with it: python3.11 packaging/launch.py",
        file=sys.stderr,
    )
    return 1


def _say_no_display() -> int:
    print(
        "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n"
        "Without a window everything works too:\n"
        "  python3 packaging/launch.py demo            a small example from start to end\n"
        "  python3 packaging/launch.py studio --help   the command line",
        file=sys.stderr,
    )
    return 1


COMMANDS = {"window": _window, "studio": _studio, "demo": _demo, "screens": _screens, "test": _test}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
