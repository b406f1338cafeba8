"""The command line on tiny models: what it prints, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio import cli, terminal
from studio.cli import main
from studio.data.reading.options import ReadOptions
from studio.events import Event, Finished, Noted, from_json
from studio.runs.run import open_run
from tests.test_flow import messages, write_csv
from tests.tiny import tiny_encoder_folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "messages.csv", ["text", "topic"], messages(60))


def train(table: Path, out: Path, *more: str) -> int:
    base = str(tiny_encoder_folder(out.parent))
    # Left open, the precision is decided by a timed trial, and two runs could differ.
    assignments = ("training.epochs=2", "training.validations=1", "training.precision=fp32")
    settings = [part for assignment in assignments for part in ("--set", assignment)]
    return main(["train", "--data", str(table), "--base", base, "--out", str(out), *settings, *more])


def test_inspect_tells_machines_everything(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(table), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["rows"], values["columns"], values["delimiter"]) == (60, ["text", "topic"], ",")
    assert (values["guess"]["kind"], values["guess"]["target"]) == ("classify", "topic")


def test_convert_gives_the_same_cells(table: Path, tmp_path: Path) -> None:
    assert main(["convert", str(table), "--out", str(tmp_path / "a.parquet")]) == 0
    assert main(["convert", str(table), "--out", str(tmp_path / "b.csv")]) == 0
    for name in ("b.csv", "messages.csv"):
        with (tmp_path / name).open(newline="", encoding="utf-8") as file:
            assert list(csv.reader(file)) == [["text", "topic"], *messages(60)]


def test_a_run_from_the_command_line(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert train(table, out, "--events") == 0
    lines = capsys.readouterr().out.splitlines()
    assert isinstance(from_json(lines[-1]), Finished)
    assert main(["evaluate", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"]["headline"]
    assert main(["runs", str(tmp_path)]) == 0
    assert "finished" in capsys.readouterr().out
    assert main(["resume", str(out)]) == 1
    assert "finished" in capsys.readouterr().err


def test_a_run_file_trains_the_same(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    assert train(table, tmp_path / "a" / "run", "--events") == 0
    first = capsys.readouterr().out.splitlines()
    table.unlink()  # a run carries its rows, with what was changed in them
    again = ["train", str(tmp_path / "a" / "run" / "run.json"), "--out", str(tmp_path / "again"), "--events"]
    assert main(again) == 0
    second = capsys.readouterr().out.splitlines()

    def losses(lines: list[str]) -> list[float]:
        return [json.loads(line)["loss"] for line in lines if json.loads(line)["event"] == "Stepped"]

    assert losses(first) == losses(second) != []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"text,topic\n", "row"),
        (b"text,topic\nhello,a\n", "row"),
        (b"text,topic\n" + b"".join(b"hello %d,a\n" % n for n in range(30)), "label"),
        (b"PK\x03\x04\x00\x00\x00\x00\x08\x00" + bytes(range(256)) * 8, ""),
    ],
    ids=["empty", "header only", "one row", "one label", "binary"],
)
def test_bad_input_is_told_and_nothing_is_left(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    code = train(file, tmp_path / "run", "--task", "classify", "--input", "text", "--target", "topic")
    told = capsys.readouterr().err
    assert code == 1
    assert words in told.lower()
    assert "Traceback" not in told
    assert "unexpected" not in told
    assert not (tmp_path / "run").exists()


def test_what_the_user_knows_better_about_a_file_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes("'größer; als'|a,b\n'hübsch'|c,d\n".encode("cp850"))
    how = ["--encoding", "cp850", "--delimiter", "|", "--quote", "'", "--no-header"]
    assert main(["inspect", str(file), "--json", *how]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["encoding"], values["delimiter"], values["quote"], values["has_header"]) == (
        "cp850",
        "|",
        "'",
        False,
    )
    assert main(["convert", str(file), "--out", str(tmp_path / "out.csv"), *how]) == 0
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as lines:
        assert list(csv.reader(lines))[1:] == [["größer; als", "a,b"], ["hübsch", "c,d"]]


@pytest.mark.parametrize(("typed", "meant"), [("tab", "\t"), ("\\t", "\t"), ("none", ""), (";", ";")])
def test_a_delimiter_can_be_typed(typed: str, meant: str) -> None:
    options = cli.parser().parse_args(["convert", "a.csv", "--out", "b.csv", "--delimiter", typed])
    assert cli.reading(options) == ReadOptions(delimiter=meant)


@pytest.mark.parametrize(
    "command", [["train", "--out", "run"], ["evaluate", "run"], ["predict", "run", "a.csv", "--out", "b.csv"]]
)
def test_every_command_that_reads_a_table_can_be_told_how(command: list[str]) -> None:
    options = cli.parser().parse_args([*command, "--header", "--encoding", "utf-16"])
    assert cli.reading(options) == ReadOptions(encoding="utf-16", has_header=True)


def test_a_model_learns_from_a_file_read_as_told(tmp_path: Path) -> None:
    """The line with the names counts as one row more."""
    file = write_csv(tmp_path / "plain.csv", ["text", "topic"], messages(60))
    assert train(file, tmp_path / "run", "--no-header", "--events") == 0
    assert open_run(tmp_path / "run").dataset().table.rows == 61


def test_a_run_made_from_a_run_file_reads_its_table_the_same_way(tmp_path: Path) -> None:
    """Also where looking would find something else: here the first line is a row, and ";" is part of the texts."""
    file = write_csv(tmp_path / "plain.csv", ["hello; there", "praise"], [[f"{a}; well", b] for a, b in messages(60)])
    assert train(file, tmp_path / "run", "--no-header", "--delimiter", ",", "--events") == 0
    run_file = tmp_path / "run" / "run.json"
    assert json.loads(run_file.read_text(encoding="utf-8"))["settings"]["data.has_header"] is False
    assert main(["train", str(run_file), "--out", str(tmp_path / "again"), "--events"]) == 0
    assert open_run(tmp_path / "again").dataset().table.rows == 61
    other = write_csv(tmp_path / "other.csv", ["column 1", "column 2"], messages(60))
    assert main(["train", str(run_file), "--data", str(other), "--out", str(tmp_path / "other"), "--events"]) == 0
    assert open_run(tmp_path / "other").dataset().table.rows == 60


def test_a_test_file_is_read_by_looking_whatever_was_told_of_the_table(tmp_path: Path) -> None:
    """The window reads it so, and what it made is made again from its run file: told as the table was, the line with
    the names would be one row more."""
    file = write_csv(tmp_path / "plain.csv", ["text", "topic"], messages(60))
    kept, other = (write_csv(tmp_path / f"{rows}.csv", ["column 1", "column 2"], messages(rows)) for rows in (7, 9))
    first, again, with_other = (tmp_path / name for name in ("run", "again", "other"))
    assert train(file, first, "--no-header", "--test", str(kept), "--events") == 0
    assert main(["train", str(first / "run.json"), "--out", str(again), "--events"]) == 0
    assert main(["train", str(first / "run.json"), "--test", str(other), "--out", str(with_other), "--events"]) == 0
    datasets = [open_run(folder).dataset() for folder in (first, again, with_other)]
    assert [dataset.table.rows for dataset in datasets] == [61, 61, 61]
    assert [dataset.test_table and dataset.test_table.rows for dataset in datasets] == [7, 7, 9]


def test_a_run_file_from_before_still_opens(tmp_path: Path) -> None:
    """It does not say how its table was to be read, and so its table is looked at."""
    file = write_csv(tmp_path / "plain.csv", ["text", "topic"], messages(60))
    assert train(file, tmp_path / "run", "--events") == 0
    values = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert not {f"data.{name}" for name in cli.READING} & set(values["settings"])
    assert open_run(tmp_path / "run").config.data.delimiter is None


def test_a_damaged_run_is_named_and_the_others_are_still_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("run-1", "run-2", "run-3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text({"run-1": "{", "run-2": "[]", "run-3": "{}"}[name])
    assert main(["runs", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert all("damaged" in line and "cannot be understood" in line for line in told)


def test_a_binary_run_file_is_called_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(bytes(range(128, 256)))
    assert main(["train", str(file), "--out", str(tmp_path / "run")]) == 1
    told = capsys.readouterr().err
    assert "The run file is damaged." in told
    assert "encoding" not in told


def test_inspect_tells_a_person_what_was_found_and_what_was_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"text {n % 20},{'a' if n % 2 else 'b'}" for n in range(30)] + ["too,many,cells"] * 12
    file = tmp_path / "messy.csv"
    file.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["inspect", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.count("  set aside: line ") == 10
    assert "  set aside: 2 more; --json lists them all" in said
    assert "  ? 10 rows repeat a text that stands further up. Harmless: " in said
    assert "  ✓ Every row has a label\n" in said


@pytest.mark.parametrize("arguments", [["train"], ["fly"], ["inspect"], ["inspect", "a.csv", "--delimiter", "::"]])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_a_missing_column_is_named(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(table, tmp_path / "run", "--task", "classify", "--input", "body", "--target", "topic") == 1
    assert "body" in capsys.readouterr().err


def test_every_setting_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    assert "training.learning_rate" in capsys.readouterr().out


def test_a_reader_that_has_seen_enough_is_no_problem() -> None:
    command = [sys.executable, "-m", "studio", "settings"]
    root = Path(__file__).parents[1]
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
        patch.setattr(cli.flow, "import_table", lambda *_, **__: iter([Noted("a"), Noted("b")]))
        assert main(["inspect", str(table)]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Ended at once."


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [("{}['x']", 1, "Something unexpected went wrong."), ("int('x')", 1, "Something unexpected went wrong.")],
)
def test_what_nobody_foresaw_is_told_as_a_problem(fault: str, code: int, words: str) -> None:
    program = f"""
import sys
from studio import __main__, cli
cli.settings = lambda *_: {fault}
sys.argv = ["studio", "settings"]
sys.exit(__main__.main())
"""
    root = Path(__file__).parents[1]
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False)
    assert ended.returncode == code
    assert words in ended.stderr
    assert "in main" in ended.stderr  # where it happened, to be reported
    assert "Traceback" not in ended.stderr
