"""Runs from the command line on tiny models."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from studio.cli.main import main
from studio.cli.reading import READING
from studio.cli.train import add_arguments, chosen_config, with_guess
from studio.config.config import Config
from studio.config.edit import change
from studio.config.goals import MORE_ROLES
from studio.events import Finished, from_json
from studio.runs.run import open_run
from tests.cli.training import train
from tests.data.tables import table_of
from tests.test_flow import messages, write_csv


def test_a_run_from_the_command_line(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert train(table, out, "--events") == 0
    lines = capsys.readouterr().out.splitlines()
    assert isinstance(from_json(lines[-1]), Finished)
    assert main(["evaluate", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["evaluate", str(out)]) == 0
    shown = capsys.readouterr().out
    assert all(
        told_of in shown for told_of in (told["verdict"]["headline"], told["figures"][0]["name"], *told["limits"])
    )
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
    assert not {f"data.{name}" for name in READING} & set(values["settings"])
    assert open_run(tmp_path / "run").config.data.delimiter is None


def test_a_binary_run_file_is_called_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(bytes(range(128, 256)))
    assert main(["train", str(file), "--out", str(tmp_path / "run")]) == 1
    told = capsys.readouterr().err
    assert "The run file is damaged." in told
    assert "encoding" not in told


def test_a_missing_column_is_named(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(table, tmp_path / "run", "--task", "classify", "--input", "body", "--target", "topic") == 1
    assert "body" in capsys.readouterr().err


def test_a_text_that_stands_in_two_columns_is_put_together_unless_one_is_named(tmp_path: Path) -> None:
    rows = [
        (f"Rewrite sentence {n}.", f"the cat {n} sat", f"Cat {n} was sitting there.", f"No {n}.") for n in range(40)
    ]
    found = table_of(tmp_path, ("instruction", "input", "chosen", "rejected"), rows)
    guessed = with_guess(Config(), found, quiet=True).data
    assert (guessed.input, guessed.template) == ("instruction", "{instruction}\n\n{input}")
    assert (guessed.target, guessed.rejected) == ("chosen", "rejected")
    named = with_guess(change(Config(), "data.input", "instruction"), found, quiet=True).data
    assert (named.input, named.template) == ("instruction", "")


@pytest.mark.parametrize("role", MORE_ROLES)
def test_every_role_that_a_goal_has_is_named_by_a_flag_of_its_own(role: str, tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    config = chosen_config(parser.parse_args([f"--{role}", "beside", "--out", str(tmp_path)]))
    assert getattr(config.data, role) == "beside"
