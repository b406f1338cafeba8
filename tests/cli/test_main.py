"""How the command line ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio import flow
from studio.cli import terminal
from studio.cli.main import main
from studio.events import Event, Noted


@pytest.mark.parametrize("arguments", [["train"], ["fly"], ["inspect"], ["inspect", "a.csv", "--delimiter", "::"]])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_a_reader_that_has_seen_enough_is_no_problem() -> None:
    command = [sys.executable, "-m", "studio", "settings"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 0


def test_ctrl_c_while_a_file_is_read_ends_quietly(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The signal comes as the first event is shown, as when somebody presses the keys at once."""
    told: list[str] = []

    def press(event: Event) -> None:
        if not told:
            told.append("pressed")
            signal.raise_signal(signal.SIGINT)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "line", press)
        assert main(["inspect", str(table)]) == 130
    assert "nothing was written" in capsys.readouterr().err


def test_a_second_ctrl_c_ends_at_once_without_a_traceback(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "line", lambda event: signal.raise_signal(signal.SIGINT))
        patch.setattr(flow, "import_table", lambda *_, **__: iter([Noted("a"), Noted("b")]))
        assert main(["inspect", str(table)]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Ended at once."


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [("{}['x']", 1, "Something unexpected went wrong."), ("int('x')", 1, "Something unexpected went wrong.")],
)
def test_what_nobody_foresaw_is_told_as_a_problem(fault: str, code: int, words: str) -> None:
    program = f"""
import sys
from studio import __main__
from studio.cli import settings
settings.run = lambda *_: {fault}
sys.argv = ["studio", "settings"]
sys.exit(__main__.main())
"""
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False)
    assert ended.returncode == code
    assert words in ended.stderr
    assert "in main" in ended.stderr  # where it happened, to be reported
    assert "Traceback" not in ended.stderr
