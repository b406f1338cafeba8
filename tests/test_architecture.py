"""The house rules that a machine can hold: who imports whom, where Qt is, and what a start may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny import tiny_encoder_folder

STUDIO = Path(__file__).parents[1] / "studio"
FLOW = (
    "config",
    "data",
    "tasks",
    "models",
    "tokens",
    "checkpoints",
    "training",
    "runs",
    "generation",
    "evaluation",
    "export",
)
ANYWHERE = {"events", "problems", "atomic", "counting", "markdown", "stopping", "words"}
FILES = sorted(STUDIO.rglob("*.py"))
TESTS = Path(__file__).parent
CORE_TESTS = sorted(
    path for path in TESTS.rglob("*.py") if path.relative_to(TESTS).parts[0] not in {"gui", "e2e", "benchmarks"}
)
QT = ("PySide6", "pyqtgraph", "superqt")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    relative = path.relative_to(STUDIO)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STUDIO)))
def test_a_folder_imports_only_folders_to_its_left(path: Path) -> None:
    here = room(path)
    if here not in FLOW:
        return
    allowed = {*FLOW[: FLOW.index(here) + 1], *ANYWHERE}
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("studio.")}
    assert rooms <= allowed, f"{path.name} reaches to the right: {rooms - allowed}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STUDIO)))
def test_qt_stays_in_the_window(path: Path) -> None:
    if room(path) == "gui":
        assert not any(name.startswith("studio.cli") for name in imported(path))
        return
    qt = {*QT} & {name.split(".")[0] for name in imported(path)}
    assert not qt
    if room(path) not in {"__main__", "cli"}:
        assert not any(name.startswith("studio.gui") for name in imported(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STUDIO)))
def test_everything_is_caught_in_two_files_only(path: Path) -> None:
    if path.relative_to(STUDIO).as_posix() in {"gui/job.py", "gui/app.py"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert getattr(node.type, "id", "") not in {"Exception", "BaseException"}, f"line {node.lineno}"


def test_garbage_is_collected_by_the_window_alone() -> None:
    """On another thread the collector may take apart a closed page, which crashes Qt or waits for ever."""
    assert [path.relative_to(STUDIO).as_posix() for path in FILES if "gc" in imported(path)] == ["gui/job.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STUDIO)))
def test_nothing_unsafe_is_called(path: Path) -> None:
    assert not {"pickle", "joblib", "marshal", "shelve"} & {name.split(".")[0] for name in imported(path)}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"torch.load", "eval", "exec", "os.system"}, f"line {node.lineno}"
            for keyword in node.keywords:
                if keyword.arg in {"trust_remote_code", "shell"}:
                    assert ast.unparse(keyword.value) == "False", f"line {node.lineno}"


@pytest.mark.parametrize("path", sorted(STUDIO.rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_an_init_file_holds_its_docstring_alone(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
    assert "In:" in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")


def test_no_room_is_called_utils() -> None:
    forbidden = {"utils", "helpers", "common", "base", "manager", "core", "misc"}
    assert not [path for path in FILES if path.stem in forbidden or path.parent.name in forbidden]


def loaded_after(code: str, tmp_path: Path) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=STUDIO.parent,
        env=environment,
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_opening_the_window_loads_no_model_library(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    loaded = loaded_after(
        "from studio.gui.app import build\napp, window = build([])\nwindow.show()\napp.processEvents()\n",
        tmp_path,
    )
    assert not loaded & {
        "torch",
        "transformers",
        "datasets",
        "peft",
        "sklearn",
        "pandas",
        "pyarrow",
        "duckdb",
    }
    assert "PySide6" in loaded


def test_the_flow_and_the_command_line_load_no_torch_until_a_model_is_needed(tmp_path: Path) -> None:
    loaded = loaded_after("import studio.flow, studio.cli.main", tmp_path)
    assert not loaded & {"torch", "transformers", "datasets", "peft", "PySide6"}


def test_rows_become_tokens_by_the_way_of_their_goal() -> None:
    """Whoever asked the tokenizer for rows beside `tokens/rows.py` could measure or show what is not learned."""
    beside = ("encode", "encode_many", "encode_marked", "encode_for_head")
    asking = {
        path.relative_to(STUDIO).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in beside
        and any(keyword.arg == "max_tokens" for keyword in node.keywords)
    }
    assert {path for path in asking if not path.startswith("tokens/")} == {"generation/labels.py"}


LEARNING = {"torch", "transformers", "datasets", "peft", "accelerate"}


def messages(file: Path) -> Path:
    words = "the parcel came late and my money is not back yet".split()  # noqa: SIM905
    rows = [" ".join(words[n % 5 :]) + f" {n},{'delivery' if n % 2 else 'refund'}" for n in range(400)]
    file.write_text("text,topic\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_table_its_check_up_and_what_the_model_sees_load_no_torch(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    model, file = tiny_encoder_folder(tmp_path), messages(tmp_path / "rows.csv")
    loaded = loaded_after(
        "import time\n"
        "from pathlib import Path\n"
        "from studio.gui.app import build\n"
        "from studio.gui.job import Job\n"
        "app, window = build([])\n"
        "window.show()\n"
        "session = window.session\n"
        "def settle(done=lambda: True):\n"
        "    end = time.monotonic() + 60\n"
        "    while session.jobs.running or Job.running() or not done():\n"
        "        assert time.monotonic() < end, (session.trouble, session.checked)\n"
        "        app.processEvents()\n"
        "        time.sleep(0.01)\n"
        f"window.read(Path({str(file)!r}))\n"
        "settle(lambda: session.table is not None and session.checked.is_last)\n"
        "assert session.findings\n"
        f"session.change_all({{'model.base': {str(model)!r}, 'task.max_tokens': 16}})\n"
        "session.go_to('goal')\n"
        "row = window.page('goal')._row\n"
        "settle(lambda: any(one.kind == 'cut' for one in session.findings))\n"
        "assert row._tokens._pieces\n",
        tmp_path / "home",
    )
    assert not loaded & LEARNING
    assert {"PySide6", "sklearn", "tokenizers"} <= loaded


@pytest.mark.parametrize("command", [["inspect", "{file}"], ["inspect", "{file}", "--json"],
                                     ["convert", "{file}", "--out", "{out}"]])  # fmt: skip
def test_looking_at_a_file_and_converting_it_loads_no_torch(command: list[str], tmp_path: Path) -> None:
    file, out = messages(tmp_path / "rows.csv"), tmp_path / "out.parquet"
    said = [part.format(file=file, out=out) for part in command]
    loaded = loaded_after(
        "import contextlib, io\nfrom studio.cli.main import main\n"
        f"with contextlib.redirect_stdout(io.StringIO()):\n    assert main({said!r}) == 0\n",
        tmp_path / "home",
    )
    assert not loaded & {*LEARNING, "PySide6"}
    assert "studio" in loaded


def test_everything_but_the_window_works_without_qt(tmp_path: Path) -> None:
    """On a server there is none. The modules that load torch are imported too."""
    names = [".".join(path.relative_to(STUDIO.parent).with_suffix("").parts) for path in FILES if room(path) != "gui"]
    loaded = loaded_after(
        "import importlib\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {QT!r}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoQt())\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n",
        tmp_path,
    )
    assert "torch" in loaded


def test_what_loads_torch_says_so_where_it_begins() -> None:
    """“(torch)” in the first paragraph of a module that loads it when it is imported, itself or by what it imports."""
    trees = {
        ".".join(path.relative_to(STUDIO.parent).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in FILES
    }
    wants: dict[str, set[str]] = {}
    for name, tree in trees.items():
        plain = (alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names)
        named = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        both = {one for node in named for alias in node.names for one in (node.module, f"{node.module}.{alias.name}")}
        wants[name] = {*plain, *filter(None, both)}
    heavy = {name for name, wanted in wants.items() if LEARNING & {one.split(".")[0] for one in wanted}}
    while more := {name for name, wanted in wants.items() if wanted & heavy} - heavy:
        heavy |= more
    marked = {name for name, tree in trees.items() if "(torch)" in (ast.get_docstring(tree) or "").split("\n\n")[0]}
    assert marked == heavy


@pytest.mark.parametrize("path", CORE_TESTS, ids=lambda path: str(path.relative_to(TESTS)))
def test_the_tests_of_the_core_need_no_qt(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    first = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]  # what a collection loads
    names = {alias.name for node in first if isinstance(node, ast.Import) for alias in node.names}
    named = [node for node in first if isinstance(node, ast.ImportFrom)]
    names |= {f"{node.module}.{alias.name}" for node in named for alias in node.names}
    assert not {name for name in names if name.split(".")[0] in {*QT, "pytestqt"} or name.startswith("studio.gui")}
