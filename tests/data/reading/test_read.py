from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import MOST_COLUMNS, preview, read_table
from studio.data.table.table import open_table
from studio.data.table.write import write_rows
from studio.events import Event, Imported, Warned
from studio.problems import Problem, explain
from tests.data.tables import imported, rows_of

quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["NA", "null", "007", "1E5", "  x", "", "x ", '"', "a,b", "a;b", "\r\n", "\n", "'x'", "\ufeff", "#c", ", ", '" ,']
)


def file_of(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@quick
@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_what_is_written_reads_back_byte_for_byte(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    for name in ("a.csv", "a.tsv"):
        write_rows(tmp_path / name, ("text", "label"), rows)
        table, _ = imported(tmp_path / name)
        assert (table.columns, rows_of(table), table.rejected()) == (("text", "label"), rows, [])


@quick
@given(
    content=st.lists(
        st.sampled_from(["a", "é", ",", '"', '""', "\n", "\r\n", "\r", " ", "b,c\n", "x,y\n"]), max_size=40
    )
)
def test_every_row_is_kept_or_set_aside(tmp_path: Path, content: list[str]) -> None:
    body = "".join(content)
    file = file_of(tmp_path, "h1,h2\nk1,k2\n" + body)
    table, events = imported(file, ReadOptions("utf-8", ",", '"', True))
    text = "".join("".join(row) for row in rows_of(table)) + "".join(str(r["text"]) for r in table.rejected())
    for letter in "aébcxy":
        assert text.count(letter) == body.count(letter)
    assert isinstance(events[-1], Imported)
    assert events[-1].rows == table.rows
    assert events[-1].rejected == len(table.rejected()) == table.reading.rejected


def test_a_broken_row_is_named_with_line_reason_and_text(tmp_path: Path) -> None:
    file = file_of(tmp_path, 'text,label\n"two\nlines",x\nno label\n"a "b" c",y\nz,1,2\n"open,q\nlast,x\n')
    table, events = imported(file, ReadOptions(quote='"'))
    assert rows_of(table) == [("two\nlines", "x"), ("last", "x")]
    assert [(r["line"], r["text"]) for r in table.rejected()] == [
        (4, "no label"), (5, '"a "b" c",y'), (6, "z,1,2"), (7, '"open,q'),
    ]  # fmt: skip
    assert [r["reason"] for r in table.rejected()] == [
        "It has 1 cell, the table has 2 columns.",
        "A quote inside a quoted cell is not doubled.",
        "It has 3 cells, the table has 2 columns.",
        "A quote is opened and never closed.",
    ]
    assert any(isinstance(event, Warned) and "4 rows" in event.what for event in events)


@pytest.mark.parametrize(
    ("encoding", "title"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"),
                            ("utf-16-le", "UTF-16-LE"), ("cp1252", "Windows-1252")]
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, title: str, ends: str) -> None:
    rows = [("Straße, schön", "übel"), ("Größe", "gut"), ("früher", "übel")]
    lines = ["Text;Urteil", *(";".join(row) for row in rows)]
    table, _ = imported(file_of(tmp_path, ends.join(lines).encode(encoding)))
    assert (table.columns, rows_of(table)) == (("Text", "Urteil"), rows)
    assert table.reading.sentence == f"semicolon-separated, {title}, with a header"


def test_letters_far_below_the_head_decide_the_encoding(tmp_path: Path) -> None:
    lines = ["text,label"] + [f"plain text number {i},x" for i in range(60_000)] + ["café crème à l’été,x"]
    file = file_of(tmp_path, "\n".join(lines).encode("cp1252"))
    table, _ = imported(file)
    assert table.column("text")[-1] == "café crème à l’été"
    assert preview(file).reading.encoding == "utf-8"


def test_a_row_with_unreadable_bytes_is_set_aside(tmp_path: Path) -> None:
    good = "größer,ü\n" * 20
    table, _ = imported(file_of(tmp_path, b"text,label\n" + good.encode() + b"bad \xff byte,x\n" + good.encode()))
    assert table.rows == 40
    assert table.rejected() == [
        {"line": 22, "reason": "Some of its characters cannot be read.", "text": "bad � byte,x"}
    ]


def test_quotes_that_are_plain_characters_further_down(tmp_path: Path) -> None:
    plain = [f"a sentence number {i}\t{i % 2}" for i in range(40_000)]
    odd = ['"tis but" a scratch\t1', '"never closed\t0']
    table, _ = imported(file_of(tmp_path, "\n".join(plain + odd), "a.tsv"))
    assert table.column("column 1")[-2:] == ['"tis but" a scratch', '"never closed']
    assert table.rejected() == []


def test_blanks_before_quotes_belong_to_the_delimiter_where_rows_say_so(tmp_path: Path) -> None:
    table, _ = imported(file_of(tmp_path, 'text, label\n"a, b", "x"\n"c, d", "y"\n"e, f", "x"\n'))
    assert rows_of(table) == [("a, b", "x"), ("c, d", "y"), ("e, f", "x")]


def test_names_are_there_and_different(tmp_path: Path) -> None:
    table, _ = imported(file_of(tmp_path, " text ,,text,label,\nlong enough a text,1,2,x,3\n"))
    assert table.columns == ("text", "column 2", "text 2", "label", "column 5")


def test_a_header_that_names_more_columns_than_rows_fill(tmp_path: Path) -> None:
    table, _ = imported(file_of(tmp_path, "text,label,notes\nhello there,x\nbye bye now,y\n"))
    assert rows_of(table) == [("hello there", "x", ""), ("bye bye now", "y", "")]


def test_a_title_above_the_header_is_set_aside(tmp_path: Path) -> None:
    table, _ = imported(file_of(tmp_path, "Report of May\n\ntext,label\nhello,x\nbye,y\n"))
    assert (table.columns, rows_of(table)) == (("text", "label"), [("hello", "x"), ("bye", "y")])
    assert [r["line"] for r in table.rejected()] == [1]


def test_one_column(tmp_path: Path) -> None:
    table, _ = imported(file_of(tmp_path, 'text\nhello, you\n\n"a ""quoted"" line"\nbye\n'))
    assert rows_of(table) == [("hello, you",), ('a "quoted" line',), ("bye",)]
    assert table.reading.sentence == "one column, UTF-8, with a header"


def test_options_win(tmp_path: Path) -> None:
    file = file_of(tmp_path, "a,b;c\nd,e;f\n")
    table, _ = imported(file, ReadOptions(delimiter=",", has_header=False))
    assert rows_of(table) == [("a", "b;c"), ("d", "e;f")]


def test_preview_shows_what_reading_gives(tmp_path: Path) -> None:
    file = file_of(tmp_path, "text;label\n" + 'erster "Text";a\nzweiter;b\nzu;viele;davon\n' * 200)
    table, _ = imported(file)
    shown = preview(file, rows=150)
    assert shown.columns == table.columns
    assert list(shown.rows) == rows_of(table)[:150]
    assert shown.reading.sentence == table.reading.sentence


def test_preview_of_a_long_file_ends_inside_no_cell(tmp_path: Path) -> None:
    cell = "line\n" * 60_000
    file = file_of(tmp_path, "text,label\n" + f'"{cell}",x\n' * 6)
    assert len(preview(file).rows) in {1, 2}
    assert preview(file).reading.rejected == 0


PROBLEMS = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "only a mark": (codecs.BOM_UTF8, "is empty"),
    "header only": (b"text,label\n", "has a header and no rows"),
    "zip": (b"PK\x03\x04" + bytes(200), "is damaged"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "is a picture"),
    "program": (bytes(range(256)) * 40, "not a table"),
    "all rows broken": (b"id,name,label\n1,2\n1,2,3,4\n", "No row"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_no_table_is_told_in_words(tmp_path: Path, name: str) -> None:
    content, words = PROBLEMS[name]
    file = file_of(tmp_path, content)
    with pytest.raises(Problem, match=words) as caught:
        list(read_table(file, tmp_path / "t"))
    assert caught.value.why
    assert caught.value.fix
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["a.csv"]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone") as caught:
        list(read_table(tmp_path / "gone.csv", tmp_path / "t"))
    assert "missing" in explain(caught.value).what
    (tmp_path / "empty").mkdir()
    with pytest.raises(Problem, match="nothing to read"):
        preview(tmp_path / "empty")


KINDS = {
    "delimited": ("a.csv", b"text,label\na,x\nb,y\n"),
    "json": ("a.json", b'[{"text": "a", "label": "x"}, {"text": "b", "label": "y"}]'),
    "lines": ("a.jsonl", b'{"text": "a", "label": "x"}\n{"text": "b", "label": "y"}\n'),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_reader(tmp_path: Path, kind: str) -> None:
    name, content = KINDS[kind]
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content))
    for file in (file_of(tmp_path, content, name), packed):
        table, _ = imported(file)
        assert (table.reading.kind, table.reading.file) == (kind, str(file))
        assert (table.columns, rows_of(table)) == (("text", "label"), [("a", "x"), ("b", "y")])
        assert preview(file).rows == (("a", "x"), ("b", "y"))


def test_several_files_and_a_folder_are_one_table(tmp_path: Path) -> None:
    folder, target = tmp_path / "all", tmp_path / "t"
    folder.mkdir()
    files = [file_of(folder, f"text,label\n{part},x\n{part} again,y\n", f"{part}.csv") for part in ("train", "test")]
    for several in (files, folder):
        list(read_table(several, target))
        assert open_table(target).column("text") == ["train", "train again", "test", "test again"]
        assert open_table(target).columns == ("text", "label", "split")
        assert len(preview(several).rows) == 4


def test_an_encoding_that_does_not_exist_or_fit(tmp_path: Path) -> None:
    file = file_of(tmp_path, "text,label\na,b\n")
    with pytest.raises(Problem, match="no encoding called"):
        preview(file, ReadOptions(encoding="klingon"))
    with pytest.raises(Problem, match="could not be read as text"):
        list(
            read_table(file_of(tmp_path, b"text,label\na,b", "odd.csv"), tmp_path / "t", ReadOptions(encoding="utf-16"))
        )


def test_stopping_leaves_what_stood_there(tmp_path: Path) -> None:
    file = file_of(tmp_path, "text,label\nold,x\nolder,y\n")
    table, _ = imported(file)
    file.write_text("text,label\nnew,x\nnewer,y\n")
    answers = iter([False, False, True])
    events: list[Event] = list(read_table(file, table.folder, should_stop=lambda: next(answers, True)))
    assert not any(isinstance(event, Imported) for event in events)
    assert table.column("text") == ["old", "older"]


def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    import pyarrow.parquet as pq

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    file = file_of(tmp_path, "text,label\nhello,x\nbye,y\n")
    with pytest.raises(OSError, match="No space") as caught:
        list(read_table(file, tmp_path / "t"))
    assert explain(caught.value).what == "The disk is full."
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("odd", ["refund\0\0\0\0\0\0", "\0", "late\x1b again\x07"])
@pytest.mark.parametrize("count", [20, 2_000])
def test_characters_that_cannot_be_seen_stay_in_regular_rows_and_are_told(tmp_path: Path, odd: str, count: int) -> None:
    file = tmp_path / "a.csv"
    rows = [(f"{number:04}", "nobody answers", odd) for number in range(count)]
    file.write_bytes("".join(f"{','.join(row)}\n" for row in [("id", "text", "label"), *rows]).encode())
    found = preview(file, rows=count)
    assert found.rows == tuple(rows)
    assert any("cannot be seen" in doubt for doubt in found.reading.doubts)


@pytest.mark.parametrize("header", ["id,text,label", '"id","text","label"'])
@pytest.mark.parametrize("rows", [30, 1_000])
def test_the_header_of_a_joined_file_is_set_aside_with_its_mark_wherever_it_stands(
    tmp_path: Path, header: str, rows: int
) -> None:
    text = f"{header}\n" + "".join(f"{number},it came late,a\n" for number in range(rows))
    file = tmp_path / "a.csv"
    file.write_bytes(text.encode("utf-8-sig") * 2)
    found = preview(file, rows=3 * rows)
    assert len(found.rows) == 2 * rows
    assert found.reading.rejected == 1


def test_a_line_of_very_many_names_is_no_table_to_learn_from(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    names = ",".join(f"name{place}" for place in range(MOST_COLUMNS + 1))
    file.write_text(f"{names}\n" + "x," * MOST_COLUMNS + "x\n", encoding="utf-8")
    with pytest.raises(Problem, match="more than 20,000 columns"):
        list(read_table(file, tmp_path / "out"))
