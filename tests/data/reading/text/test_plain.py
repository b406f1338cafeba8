from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as given_
from hypothesis import strategies as st

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import preview
from studio.data.reading.source import Given, Rejected
from studio.data.reading.text.plain import LONGEST, open_text, passages
from studio.problems import Problem

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
pieces = st.sampled_from(
    ["a", "Word. ", "\n", "\r\n", "\r", "\n\n", "\n \t\n", "。", " ", "é😀", "x" * 700, "x" * 2500, "line\n" * 300,
     "\n" * 5000, "p\n\n" * 900, "\x0c", "\x85", "\u2028"]
)  # fmt: skip


def rows_of(file: Path, options: ReadOptions = ReadOptions()) -> tuple[list[str], list[Rejected]]:
    source = open_text(Given(file, file, file.name), options)
    rows: list[str] = []
    rejected: list[Rejected] = []
    for portion in source.portions():
        rows += [row[0] for row in portion.rows]
        rejected += portion.rejected
    return rows, rejected


@quick
@given_(content=st.lists(pieces, max_size=30).map("".join))
@example(content="x" * 1999 + "\r\n" + "y" * 3000)
@example(content="x" * 2000 + "\r\n\r\n" + "y" * 3000)
def test_the_rows_put_together_are_the_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(("start " + content).encode())
    rows, rejected = rows_of(file)
    assert "".join(rows).encode() == file.read_bytes()
    assert not rejected
    assert all(len(row) <= LONGEST or (len(row) <= LONGEST + 2000 and not row[LONGEST:].strip()) for row in rows)


@quick
@given_(content=st.lists(pieces, max_size=12).map("".join), size=st.integers(1, 5000))
def test_the_size_of_the_blocks_makes_no_difference(content: str, size: int) -> None:
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    assert list(passages(iter(blocks))) == list(passages(iter([content])))


def test_paragraphs_are_joined_and_never_cut_where_they_fit() -> None:
    paragraphs = [f"{number} " + "word " * (10 + number * 37 % 300) + "end.\n\n" for number in range(60)]
    found = list(passages(iter(["".join(paragraphs)])))
    assert all(row.endswith("end.\n\n") for row in found)
    assert all(re.match(r"\d+ ", row) for row in found)
    assert all(len(one) + len(other) > LONGEST for one, other in pairwise(found))


def test_a_line_is_cut_only_where_it_alone_is_too_long() -> None:
    lines = "".join(f"{'l' * 150}{number}\n" for number in range(100))
    assert all(row.endswith("\n") for row in passages(iter([lines])))
    sentences = "A sentence of words. " * 500
    assert all(row.endswith(". ") for row in passages(iter([sentences])))
    assert [len(row) for row in passages(iter(["x" * 4500]))] == [2000, 2000, 500]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("utf-8-sig", "Größe\n"), ("utf-16", "Größe\n"), ("cp1252", "Größe für Ärzte, schön und süß\n" * 20)],
)
def test_encodings_are_found(tmp_path: Path, encoding: str, content: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content.encode(encoding))
    assert "".join(rows_of(file)[0]) == content
    assert "".join(rows_of(file, ReadOptions(encoding=encoding))[0]) == content


def test_broken_characters_cost_their_passage_alone_and_name_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    paragraph = "Größe. " * 200 + "\n\n"
    file.write_bytes(paragraph.encode() + b"b\xffd\n\n" + ("x" * 1999 + "\n" + paragraph).encode())
    rows, rejected = rows_of(file)
    assert "".join(rows) == "x" * 1999 + "\n" + paragraph
    assert rejected == [Rejected(1, "Some of its characters cannot be read.", paragraph + "b�d\n\n")]


def test_the_head_is_the_first_rows_and_the_sentence_tells_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# Title\n\n" + "Some *text*.\n\n" * 1000)
    source = open_text(Given(file, file, "a.md"), only_head=True)
    assert [tuple(row) for row in source.head(2).rows] == [(row,) for row in rows_of(file)[0][:2]]
    reading = source.reading(0)
    assert (reading.kind, source.columns) == ("text", ("text",))
    assert "plain text, UTF-8" in reading.sentence


@pytest.mark.parametrize("content", [b"", b" \n\n ", b"%PDF-1.7 ...", bytes(range(256)) * 50])
def test_what_is_no_text_is_a_problem(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    with pytest.raises(Problem):
        rows_of(file)


def test_stopping_ends_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("word\n" * 1000)
    source = open_text(Given(file, file, "a"), should_stop=lambda: True)
    assert [list(portion.rows) for portion in source.portions()] == [[]]


ROWS = [f"The {word} patient slept well on day {day}." for word in ("first", "other", "last") for day in range(20)]
PROSE = "The nurse asked how the night had been, and whether the pain had come back after the long walk on Sunday. "


@pytest.mark.parametrize(
    ("name", "text", "is_told"),
    [
        ("a.txt", "\n".join(ROWS), True),
        ("a.txt", "\r\n".join(ROWS).lower() + "\r\n", True),
        ("a.log", "\r".join(ROWS), True),
        ("a.txt", "\n".join(ROWS * 30_000), True),
        ("a.txt", "\n\n".join(ROWS), False),
        ("a.txt", "\n".join(PROSE * 3 for _ in range(20)), False),
        ("a.txt", textwrap.fill(PROSE * 20, 70), False),
        ("a.md", "\n".join(ROWS), False),
        ("a.txt", "\n".join(ROWS[:2]), False),
    ],
)
def test_a_record_a_line_is_a_doubt(tmp_path: Path, name: str, text: str, is_told: bool) -> None:
    file = tmp_path / name
    file.write_bytes(text.encode())
    reading = open_text(Given(file, file, file.name), only_head=True).reading(0)
    assert any(doubt.startswith("Each line may be a row") for doubt in reading.doubts) == is_told
    assert (reading.certain <= 0.7) == is_told


def test_told_as_one_column_every_line_is_a_row(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\n".join(ROWS))
    shown = preview(file, ReadOptions(delimiter="", has_header=False))
    assert len(shown.columns) == 1
    assert [row[0] for row in shown.rows] == ROWS
