"""What `inspect` tells of a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.cli.main import main


def test_inspect_tells_machines_everything(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(table), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["rows"], values["columns"], values["delimiter"]) == (60, ["text", "topic"], ",")
    assert (values["guess"]["kind"], values["guess"]["columns"]["target"]) == ("classify", "topic")


def test_inspect_tells_a_person_what_was_found_and_what_was_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"text {n % 20},{'a' if n % 2 else 'b'}" for n in range(30)] + ["too,many,cells"] * 12
    file = tmp_path / "messy.csv"
    file.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["inspect", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.count("  set aside: line ") == 10
    assert "  set aside: 2 more; --json lists them all, `convert --rejected` writes them" in said
    assert "  ? 10 rows repeat a text that stands further up. Harmless: " in said
    assert "  ✓ Every row has a label\n" in said


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_what_stands_in_a_file_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    odd = "\x1b]0;me\x07\u202e"
    rows = [f"text {n},{odd}{'a' if n % 2 else 'b'}" for n in range(30)] + [f"too,{odd},many"]
    file = tmp_path / "odd.csv"
    file.write_text(f"text,label{odd}\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["inspect", str(file), *flags]) == 0
    said = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e"} & {*said}
    assert "label\\u001b]0;me\\u0007\\u202e" in said
