"""No row is lost and no text changes, whatever kind of file a table comes in: a few files of each kind. The long run of
the same properties is tests/benchmarks/conservation.py."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studio.data.reading.options import ReadOptions
from studio.data.table.edits import SetCells
from studio.data.table.table import open_table
from tests.benchmarks.conservation import KINDS, Case, Lost, as_csv, case_of, check, conserved, equal, imported

quick = settings(max_examples=25, deadline=None)
cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["", " ", "NA", "null", "007", "1E5", "TRUE", "=1+1", '"', '""', "'", "\\", '\\"', "\n", "\r", "a\r\nb", "\t",
     " lead ", ",", "# x", "Total", "\u2028", "\x85", "\u200f", "\x00", "\U0010fffe", "{}", "sep=;", "\x1c"]
)  # fmt: skip
pieces = st.sampled_from(
    ["a", "é", " ", '"', '""', "'", "\\", '\\"', "\n", "\r\n", "\r", ",", ";", "\t", "b,c\n", '"x",y\n', 'x,"y"\r\n',
     "\n\n", 'in,5" inch\n', '"two\nlines",z\n', "short\n", "1,2,3\n", "tail,x,\n", '"open,q\n', 'bad "quote",y\n',
     '"a"b,c\n', "\ufeff", "text,label\n", "x;'y;z'\n", "# remark\n", "sep=;\n", "Total,,5\n", "Source: me\n", "\u2028",
     "a\tb\n", "a  b   c\n"]
)  # fmt: skip
told = st.builds(
    ReadOptions,
    encoding=st.sampled_from([None, None, "utf-8", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([None, None, ",", ";", "\t", "", "::"]),
    quote=st.sampled_from([None, None, '"', "'", ""]),
    has_header=st.sampled_from([None, True, False]),
    skip=st.sampled_from([None, None, 0, 1, 3]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    width = draw(st.integers(1, 4))
    row = st.lists(cells, min_size=width, max_size=width)
    return draw(row), draw(st.lists(row, min_size=1, max_size=6))


@settings(quick, max_examples=15)
@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from(["", ".csv", ".tsv", ".jsonl", ".parquet"]),
)
def test_a_table_comes_out_cell_for_cell_and_reads_back(
    table: tuple[list[str], list[list[str]]], delimiter: str, ending: str, encoding: str, out: str
) -> None:
    header, rows = table
    odd = sum(cell in {"\x00", "\x1c"} for row in [header, *rows] for cell in row)
    assume(odd <= 2)  # a small file with more of them is refused, as no text
    header[0] = f"the name {header[0]}"  # unlike any cell: a header that comes again is set aside
    made = as_csv(header, rows, delimiter, ending, csv.QUOTE_ALL).encode(encoding)
    case = Case("table.csv", made, ReadOptions(encoding, delimiter, '"', True, 0), header, rows, out)
    with tempfile.TemporaryDirectory() as folder:
        check(case, Path(folder))


@quick
@given(st.lists(pieces, min_size=1, max_size=30).map("".join), st.sampled_from(["utf-8", "cp1252", "utf-16"]), told)
def test_every_line_is_kept_or_set_aside_or_names_the_columns(text: str, encoding: str, options: ReadOptions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(Case("any.csv", text.encode(encoding, "replace"), options), Path(folder))


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_each_kind(kind: str, tmp_path: Path) -> None:
    cases = (case_of(kind, number, seed=0, of=1_000) for number in range(100))
    for case in islice(cases, 3):
        check(case, tmp_path)


def test_what_is_lost_or_changed_is_noticed(tmp_path: Path) -> None:
    data = b'text,label\none,a\n"two\nlines",b\nshort\n'
    (tmp_path / "table.csv").write_bytes(data)
    table = imported(tmp_path / "table.csv", tmp_path / "out", ReadOptions())
    conserved(data, table)
    equal(
        replace(table, reading=replace(table.reading, rejected=0)),
        ["text", "label"],
        [["one", "a"], ["two\nlines", "b"]],
    )
    changed = open_table(tmp_path / "out").with_edits([SetCells("text", ((1, "two lines"),))])
    with pytest.raises(Lost, match="rows differ"):
        conserved(data, changed)
    for wrong in (data + b"three,c\n", data.replace(b"one", b"once"), data.replace(b"short", b"shorter"), data[11:]):
        with pytest.raises(Lost):
            conserved(wrong, table)
    with pytest.raises(Lost, match="a cell"):
        equal(
            replace(changed, reading=replace(table.reading, rejected=0)),
            ["text", "label"],
            [["one", "a"], ["two\nlines", "b"]],
        )
