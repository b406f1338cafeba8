"""Conversations in the cells of a CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from studio.data.reading.read import preview
from studio.data.table.table import Table
from tests.data.tables import imported


def chat(number: int, *, last: str = "assistant") -> str:
    turns = [("system", "Be kind"), ("user", f"Question {number}?"), ("assistant", f"Answer {number}, of course.")]
    return json.dumps([{"role": who, "content": said} for who, said in turns if who != "assistant" or last == who])


def read(folder: Path, rows: list[tuple[str, str]]) -> Table:
    file = folder / "chats.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("id", "messages"), *rows])
    return imported(file)[0]


def test_message_lists_in_cells_become_messages_and_answers(tmp_path: Path) -> None:
    table = read(tmp_path, [(str(n), chat(n)) for n in range(30)])
    assert table.rows == 30
    assert table.column("answer")[3] == "Answer 3, of course."
    assert table.column("system")[0] == "Be kind"
    assert table.column("id")[7] == "7"
    assert table.reading.shape == "chat"
    shown = preview(tmp_path / "chats.csv")
    assert shown.columns == table.columns
    assert shown.rows[3][shown.columns.index("message")] == "Question 3?"


def test_a_conversation_without_an_answer_is_set_aside_with_its_row(tmp_path: Path) -> None:
    table = read(tmp_path, [(str(n), chat(n, last="user" if n == 4 else "assistant")) for n in range(30)])
    assert table.rows == 29
    assert table.reading.rejected == 1
    assert "(row 5)" in str(table.rejected()[0]["reason"])


def test_other_json_in_cells_stays_as_it_is(tmp_path: Path) -> None:
    cells = [json.dumps([f"a {n}", "b"]) for n in range(20)]
    table = read(tmp_path, [(str(n), cell) for n, cell in enumerate(cells)])
    assert table.columns == ("id", "messages")
    assert table.column("messages") == cells
