from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from studio.data.reading.several import united
from studio.data.reading.several.united import Piece, United, open_files
from studio.data.reading.source import Portion, Rejected
from studio.data.table.table import Reading
from studio.problems import Problem
from tests.data.reading.opening import open_one, rows_of


def files(folder: Path, **contents: str) -> list[Path]:
    """Files by name ("_" before the ending)."""
    made = []
    for name, content in contents.items():
        file = folder / ".".join(name.rsplit("_", 1))
        file.write_text(content)
        made.append(file)
    return made


def test_parts_come_from_the_names_and_stand_in_a_last_column(tmp_path: Path) -> None:
    made = files(tmp_path, dev_csv="text,label\nb,y\n", test_csv="text\nc\n", train_csv="text,label\na,x\n")
    source = open_files(made, open_one)
    rows, rejected, reading = rows_of(source)
    assert source.columns == ("text", "label", "split")
    assert rows == [("a", "x", "training"), ("b", "y", "validation"), ("c", "", "test")]
    assert not rejected
    assert reading.doubts == ("“label” is missing in “test.csv”; it is empty there.",)
    assert "3 files as one table" in reading.sentence
    assert "“split” says which file’s rows are for training or validation or test" in reading.sentence
    head = source.head(2).rows
    assert isinstance(head, pa.RecordBatch)
    assert [tuple(row.values()) for row in head.to_pylist()] == rows[:2]


def test_files_without_parts_are_one_after_the_other(tmp_path: Path) -> None:
    source = open_files(files(tmp_path, a_csv="x,y\n1,2\n", b_csv="Y,x\n3,4\n"), open_one)
    assert source.columns == ("x", "y")
    assert rows_of(source)[0] == [("1", "2"), ("4", "3")]


def test_a_split_column_that_is_there_keeps_its_name(tmp_path: Path) -> None:
    source = open_files(files(tmp_path, train_csv="text,split\na,1\n", test_csv="text,split\nb,2\n"), open_one)
    assert source.columns == ("text", "split", "split 2")
    assert rows_of(source)[0] == [("a", "1", "training"), ("b", "2", "test")]
    assert "“split 2” says" in source.reading(0).sentence


def test_different_kinds_of_files_are_one_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"label": [1, 2], "text": ["a", None]}), tmp_path / "test.parquet")
    made = [*files(tmp_path, train_csv="text,label\nx,y\n"), tmp_path / "test.parquet"]
    assert rows_of(open_files(made, open_one))[0] == [
        ("x", "y", "training"), ("a", "1", "test"), ("", "2", "test"),
    ]  # fmt: skip


def test_a_file_without_header_takes_the_names_of_the_first(tmp_path: Path) -> None:
    made = files(tmp_path, train_csv="text,label\nx,y\n", test_csv="1,2\n3,4\n")
    rows, _, reading = rows_of(open_files(made, open_one))
    assert rows == [("x", "y", "training"), ("1", "2", "test"), ("3", "4", "test")]
    assert any("No header in “test.csv”" in doubt for doubt in reading.doubts)


def test_files_that_share_no_column_are_named(tmp_path: Path) -> None:
    made = files(tmp_path, a_csv="text,label\nx,y\n", b_csv="price,date,name\n1,2,3\n")
    with pytest.raises(Problem, match="not parts of one table") as caught:
        open_files(made, open_one)
    assert "“b.csv” has the columns “price”, “date”, “name”" in caught.value.why


def test_rows_set_aside_name_their_file_and_none_is_lost_or_read_twice(tmp_path: Path) -> None:
    ragged = "text,label\n" + "a,b\n" * 3000 + "one,two,three\n" + "c,d\n" * 5
    made = files(tmp_path, a_csv="text,label\nx,y\n", b_csv=ragged, c_csv=ragged)
    rows, rejected, _ = rows_of(open_files(made, open_one))
    assert len(rows) == 1 + 2 * 3005
    assert [row.reason.split(":")[0] for row in rejected] == ["b.csv", "c.csv"]
    assert {row.line for row in rejected} == {3002}


class Anew:
    """A file whose reader begins anew after its first portions."""

    columns = ("t",)

    def __init__(self, name: str) -> None:
        self.name = name

    def head(self, rows: int) -> Portion:
        return Portion([[self.name]] * rows)

    def portions(self) -> Iterator[Portion]:
        yield Portion([["void"]], [Rejected(1, "void", "")])
        yield Portion([[self.name]], [Rejected(2, "kept", "x")], again=True)
        yield Portion([["last"]])

    def reading(self, rejected: int) -> Reading:
        return Reading(self.name, doubts=(f"{rejected} set aside",))


@pytest.mark.parametrize("held", [32 << 20, 1])
def test_a_reader_that_begins_anew_voids_its_own_rows_alone(monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr(united, "_HELD", held)
    pieces: Sequence[Piece] = [Piece.of(name, Anew(name), {}) for name in "abc"]
    rows, rejected, reading = rows_of(United(pieces, Reading("f", kind="folder")))
    assert [row[0] for row in rows] == ["a", "last", "b", "last", "c", "last"]
    assert rejected == [Rejected(2, f"{name}: kept", "x") for name in "abc"]
    assert reading.doubts == ("a: 1 set aside", "b: 1 set aside", "c: 1 set aside")
