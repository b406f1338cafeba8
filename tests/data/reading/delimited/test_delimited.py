from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studio.data.reading.delimited import delimited
from studio.data.reading.delimited.delimited import Delimited, open_delimited
from studio.data.reading.delimited.plan import make_plan
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table.write import write_rows
from studio.problems import Problem

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
pieces = st.sampled_from(
    ["a", "é", " ", '"', '""', "\n", "\r\n", "\r", ",", "b,c\n", '"x",y\n', 'x,"y"\r\n', "\n\n", 'in,5" inch\n',
     '"two\nlines",z\n', "short\n", "1,2,3\n", "tail,x,\n", '"open,q\n', 'bad "quote",y\n', '"a"b,c\n', "\ufeff",
     "\udcff", "\udcff alone\n", '5" x,y\n', "q\n", "r\n"]
)  # fmt: skip
contents = st.lists(pieces, max_size=40).map("".join)


def opened(file: Path, options: ReadOptions = ReadOptions(), *, only_head: bool = False) -> Delimited:
    return open_delimited(Given(file, file, file.name), options, only_head=only_head)


def rows_of(portion: Portion) -> list[list[str]]:
    if isinstance(portion.rows, (list, tuple)):
        return [list(row) for row in portion.rows]
    return [list(row) for row in zip(*(column.to_pylist() for column in portion.rows.columns), strict=True)]  # type: ignore[union-attr]


def read(source: Delimited) -> tuple[list[list[str]], list[Rejected]]:
    rows: list[list[str]] = []
    rejected: list[Rejected] = []
    for portion in source.portions():
        if portion.again:
            rows, rejected = [], []
        rows += rows_of(portion)
        rejected += portion.rejected
    return rows, rejected


def one_by_one(file: Path, options: ReadOptions) -> tuple[list[list[str]], list[Rejected]]:
    plan = make_plan(file, options)[0]
    with plan.open() as lines:
        records = list(plan.records(lines))
    return [r for r in records if not isinstance(r, Rejected)], [r for r in records if isinstance(r, Rejected)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces so small that a short file is many of them."""
    for name, size in (("LARGE", 48), ("_LARGEST", 96), ("_SMALL", 6), ("_SLOWEST", 12)):
        monkeypatch.setattr(delimited, name, size)
    monkeypatch.setattr("studio.data.reading.text.text._PIECE", 16)


@pytest.mark.usefixtures("small")
@quick
@given(content=contents, has_header=st.booleans())
@example(content='a,b\n"open,q\nlast,x\n' + "c,d\n" * 30 + '"e\nf",g\n' + "c,d\n" * 30, has_header=False)
@example(content="a,b\n" * 30 + "short\ntail,x,\n" + "c,d\n" * 30, has_header=False)
@example(content="".join(f"{i},{i}\n" for i in range(90)) + "bad\n" + "c,d\n" * 90, has_header=True)
def test_in_pieces_as_in_one(tmp_path: Path, content: str, has_header: bool) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("k1,k2\nk3,k4\nk5,k6\n" + content).encode(errors="surrogateescape"))
    options = ReadOptions("utf-8", ",", '"', has_header)
    assert read(opened(file, options)) == one_by_one(file, options)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp932"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_encoding_in_pieces(tmp_path: Path, encoding: str, ends: str) -> None:
    letters = "いろは" if encoding == "cp932" else "äöü"
    rows = [[f"{letters} {i}", f'x "{i}"'] for i in range(60)]
    lines = ["text,label", *(f'{a},"x ""{i}"""' for i, (a, _) in enumerate(rows))]
    file = tmp_path / "a.csv"
    file.write_bytes((ends.join(lines) + ends).encode(encoding))
    assert read(opened(file, ReadOptions(encoding=encoding))) == (rows, [])


@pytest.mark.usefixtures("small")
def test_a_broken_row_far_below_costs_itself_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    good = [f"text {i},label" for i in range(500)]
    file.write_text("\n".join(["text,label", *good[:400], 'never "closed', '"open,x', "\udcff,y", *good[400:]]),
                    encoding="utf-8", errors="surrogateescape")  # fmt: skip
    rows, rejected = read(opened(file, ReadOptions(encoding="utf-8", quote='"')))
    assert [",".join(row) for row in rows] == good
    assert [row.line for row in rejected] == [402, 403, 404]


def test_most_of_a_file_with_broken_rows_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    line_by_line = delimited._Read.lines

    def counted(self: delimited._Read) -> object:
        nonlocal taken
        for line in line_by_line(self):
            taken += 1
            yield line

    monkeypatch.setattr(delimited._Read, "lines", counted)
    file = tmp_path / "a.csv"
    lines = [f"a text of no importance, number {i}".replace(", ", ",") for i in range(200_000)]
    lines[150_000] = "broken"
    file.write_text("\n".join(["text,label", *lines, "broken"]))
    rows, rejected = read(opened(file))
    assert len(rows) == 199_999
    assert [row.line for row in rejected] == [150_002, 200_002]
    assert taken < 5_000


def test_a_row_set_aside_is_set_aside_once(tmp_path: Path) -> None:
    """Short rows, and rows with an empty cell too many, in one stretch of a file beyond what is read row by row."""
    lines = [f"a text of no importance number {i},label" for i in range(1_000)]
    lines[300], lines[400], lines[401], lines[500], lines[600] = "short", "extra,x,", "extra,y,", "brief", "extra,z,"
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["text,label", *lines, ""]))
    assert file.stat().st_size > 2 * delimited._SMALL
    rows, rejected = read(opened(file))
    assert [(row.line, row.text) for row in rejected] == [(302, "short"), (502, "brief")]
    kept = [line.removesuffix(",") for line in lines if "," in line]
    assert [",".join(row) for row in rows] == kept


@pytest.mark.parametrize(
    ("size", "last"), [(1_000, f"Total,{sum(i % 90 for i in range(1_000))}"), (300_000, "\nTotal,20")]
)
def test_totals_below_a_large_table_are_set_aside(tmp_path: Path, size: int, last: str) -> None:
    """The last line has as many cells as the table; it adds up, or a blank line stands above it."""
    lines = [f"a parcel to town number {i},{i % 90}" for i in range(size)]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["text,price", *lines, last, ""]))
    rows, rejected = read(opened(file))
    assert len(rows) == size
    assert [row.text for row in rejected] == [last.strip()]


def test_the_head_is_read_from_the_head(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,label\n" + "a,b\nc,d\nbad\n" * 100_000)
    found = opened(file, only_head=True).head(5)
    assert [list(row) for row in found.rows] == [["a", "b"], ["c", "d"], ["a", "b"], ["c", "d"], ["a", "b"]]
    assert [row.line for row in found.rejected] == [4, 7]


def test_the_reading_names_what_the_person_chose(tmp_path: Path) -> None:
    file = tmp_path / "scratch.csv"
    file.write_text("text,label\na,b\nc,d\n")
    given = Given(file, tmp_path / "all.zip", "all.zip", "one.csv", ("one.csv", "two.csv"))
    reading = open_delimited(given, ReadOptions()).reading(0)
    assert (reading.file, reading.member, reading.members, reading.kind) == (
        str(tmp_path / "all.zip"), "one.csv", ("one.csv", "two.csv"), "delimited",
    )  # fmt: skip


def test_bytes_that_end_in_the_middle_of_a_letter_are_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("text,label\na,b\n".encode("utf-16-le") * 100_000 + b"x")
    with pytest.raises(Problem, match="could not be read as text"):
        read(opened(file, ReadOptions(encoding="utf-16-le")))


NAUGHTY = [
    "", " ", "NA", "null", "NULL", "None", "nan", "007", "1E5", "1,5", "-0", "  leading", "trailing  ", "\ttab", "True",
    "'", '"', '""', '"quoted"', "a\0b", "\0", "lone \r return", "two\r\nlines", "two\nlines", "\n", "\r", "#no remark",
    "\u2028", "\u2029", "\x0b\x0c\x1c\x1d\x1e\x85", "\ufeffmark", "😀👩\u200d👧", "\u202eright to left", "שלום",
    "e\u0301", "Ａ", "\u200b", "=1+1", "\\", "\\n", ",", ";", "|", "a,b", "\x1f", "\x7f", "\U0010fffe", "%s{}$1",
    "<b>", "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_naughty_texts_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    rows = [["plain text", "label"]] * 20 + [[text, "label"] for text in NAUGHTY] + [["plain text", "label"]] * 20
    file = tmp_path / name
    write_rows(file, ("text", "label"), rows)
    assert read(opened(file)) == (rows, [])


def test_a_very_large_cell_comes_back(tmp_path: Path) -> None:
    large = ("ten million letters, and lines\n" * 350_000)[:10_000_000]
    rows = [["plain text", "label"]] * 20 + [[large, "label"], ["plain text", "label"], [large.replace("\n", " "), "x"]]
    file = tmp_path / "a.csv"
    write_rows(file, ("text", "label"), rows)
    assert read(opened(file)) == (rows, [])


@pytest.mark.parametrize("quick_way", [True, False])
def test_rows_that_were_filled_up_are_counted_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_way: bool
) -> None:
    if not quick_way:
        monkeypatch.setattr(delimited, "_MOST_COLUMNS", 0)
    lines = [f"{n},2024-01-0{n % 9 + 1},card,{'late' if n % 3 else ''}" for n in range(30)]
    lines[5:5] = ["91,2024-01-01,card", "92,2024-01-02,bill"]
    lines[9:9] = ["93,2024-01-03,card,late,,"]  # cells too many that are empty need no word
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["id,date,label,remark", *lines]) + "\n")
    source = opened(file)
    assert not any("filled up" in doubt for doubt in source.reading(0).doubts)
    rows, rejected = read(source)
    assert (len(rows), rejected) == (33, [])
    assert "2 rows were shorter and were filled up." in source.reading(0).doubts
    read(source)
    assert "2 rows were shorter and were filled up." in source.reading(0).doubts


def test_where_no_row_was_filled_up_nothing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,label\n" + "".join(f"{n},card\n" for n in range(20)))
    source = opened(file)
    read(source)
    assert source.reading(0).doubts == ()
