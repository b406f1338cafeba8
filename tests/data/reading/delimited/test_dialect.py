from __future__ import annotations

import csv
import io
import random
import time
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studio.data.reading.delimited.dialect import find_dialect, title_of
from studio.data.reading.delimited.records import records
from studio.data.reading.delimited.signs import BLANKS, Dialect
from studio.data.reading.source import Rejected

PROSE = "Well, I went there, and then, as it was late, home.\nNo comma here\nOne, maybe\n"
COMMAS = "".join(f"{i};well, so, {'and, ' * (i % 9)}done\n" for i in range(300))


def lines_of(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


@pytest.mark.parametrize(
    ("text", "dialect", "width"),
    [
        ("text,label\nhello; you,x\nbye; bye,y\n", Dialect(","), 2),
        ("text;label\n1,5;x\n2,5;y\n", Dialect(";"), 2),
        ("1,5;2,5\n3,5;4,5\n", Dialect(";"), 2),
        ("a, b\tx\nc\ty\nd, e\tz\n", Dialect("\t"), 2),
        ("a|b|c\n1|2|3\n", Dialect("|"), 3),
        ("One thing, said at 10:30@good\nAnother: thing@bad\nA third@good\n", Dialect("@"), 2),
        ('"a,b";"c"\n"d,e";"f"\n', Dialect(";"), 2),
        ("'a, b','c'\n'd, e','f'\n'g','h'\n", Dialect(",", "'"), 2),
        ('"oh" he said\tx\nplain\ty\n"open\tz\n', Dialect("\t", ""), 2),
        ('a, "b, c"\nd, "e, f"\n', Dialect(", "), 2),
        ('"a, ""b""", c\n"d, ""e""", f\n', Dialect(", "), 2),
        ('text,label\n"a, b", "c"\n"d", "e"\n"f", "g"\n', Dialect(",", skip_blanks=True), 2),
        ("text;label\nhallo | welt;x\na;b;c\nbye;y\n", Dialect(";"), 2),
        ("text\tlabel\nWell, yes, no\tx\nNo, thanks\ty\nAh, oh\tz\n", Dialect("\t"), 2),
        ("id;text\n" + COMMAS, Dialect(";"), 2),
        ('1\t{"a": 1, "b": [1,2]}\n2\t{"a": 2, "b": [3]}\n', Dialect("\t"), 2),
        ('id;data\n1;{"a": 1, "b": [1,2]}\n2;{"a": 2, "b": [3]}\n', Dialect(";"), 2),
        ("a::b::c\n1::2::3\n4::5:x::6\n", Dialect("::"), 3),
        ("a||b||c\n1||2||3\n4||5||6\n", Dialect("||"), 3),
        ("a~|~b~|~c\n1~|~2~|~3\n4~|~5~|~6\n", Dialect("~|~"), 3),
        ("a\x01b\x01c\n1\x012\x013\n", Dialect("\x01"), 3),
        (
            "name      age   city\nAnn       41    New York\nBob       5     Paris\n",
            Dialect(BLANKS, "", gaps=((4, 10), (13, 16))),
            3,
        ),
        ("id carat   cut\n1   0.23 Ideal\n2   0.21  Good\n", Dialect(" ", skip_blanks=True), 3),
        ('id,text\n1,"he said \\"hi, you\\" now"\n2,"plain, text"\n', Dialect(",", escape="\\"), 2),
        ("id,text\n1,one\\, two\n2,three\n3,four\\, five\\, six\n", Dialect(",", escape="\\"), 2),
        ('note,text\n,\n,\n"\\""",\n', Dialect(","), 2),
        ('id;text;label\n1;"he said "hi" to me";x\n2;"plain";y\n3;"a "b" c";x\n', Dialect(";", loose=True), 3),
        ("# made by us\n# on monday, late\nid,name\n1,Ann\n# a remark, here\n2,Bob\n", Dialect(",", comment="#"), 2),
        ("HTTP 200\nDate: now\nServer: x\nLength: 3\na,b,c,d\n1,2,3,4\n", Dialect(","), 4),
        ("col1,col2\n1;2;3,4;5;6\na;b;c,d;e;f\n", Dialect(","), 2),
        (PROSE, Dialect(""), 1),
        ("text\n" + PROSE, Dialect(""), 1),
        ("hello\nyou\n", Dialect(""), 1),
        ("Preis\n1,50\n2,30\n3,10\n", Dialect(""), 1),
        ("name\nSmith, John\nDoe, Jane\nRoe, Rick\n", Dialect(""), 1),
        ("10:30\n11:45\n12:00\n", Dialect(""), 1),
        ("http://a.b/c?x=1&y=2\nhttp://a.b/d?x=3&y=4\n", Dialect(""), 1),
        ("ann@x.org\nbob@y.org\n", Dialect(""), 1),
        ('"#,#00"\n"12,34"\n', Dialect(""), 1),
    ],
)
def test_the_sign_under_which_rows_agree(text: str, dialect: Dialect, width: int) -> None:
    found = find_dialect(lines_of(text))
    assert (found.dialect, found.width) == (dialect, width)
    assert 0 < found.certain <= 1


def test_what_is_given_is_kept() -> None:
    assert find_dialect(["a,b;c\n"] * 3, delimiter=",").dialect == Dialect(",")
    assert find_dialect(['"a",b\n'] * 3, quote="").dialect == Dialect(",", "")
    assert find_dialect(["a,b\n"] * 3, delimiter="").width == 1
    assert find_dialect(["axb\n"] * 3, delimiter="x").width == 2


def test_a_first_line_may_name_the_delimiter() -> None:
    found = find_dialect(["sep=;\r\n", "a,b;c\r\n", "d,e;f\r\n"])
    assert (found.dialect.delimiter, found.width, found.skip) == (";", 2, 1)


def test_a_head_that_ends_inside_a_cell() -> None:
    lines = ["text,label\n", "a,x\n", '"long\n', *["line, of, prose\n", "and more\n", "well, yes\n"] * 200]
    assert find_dialect(lines, is_all=False).width == 2


def test_what_fits_almost_as_well_is_told_and_lowers_certainty() -> None:
    unclear = find_dialect(["a,b;c\n", "d,e;f\n"])
    clear = find_dialect(["text;label\n", *["well, yes;x\n", "no;y\n"] * 10])
    assert unclear.second == ","
    assert clear.second is None
    assert unclear.certain < 0.7 < 0.9 < clear.certain


def test_titles() -> None:
    assert title_of(";") == "semicolon-separated"
    assert title_of("@") == "separated by “@”"


@pytest.mark.parametrize("name", ["commas", "quotes", "signs", "columns", "unclosed"])
def test_hostile_text_is_judged_quickly(name: str) -> None:
    chance = random.Random(1)
    text = {
        "commas": "ab," * 100_000,
        "quotes": '"a\n' * 100_000,
        "signs": "".join(chance.choice(",;\t|^~¦@# :&*!=$%+ab1\"'\\\n") for _ in range(200_000)),
        "columns": (",".join(["ab"] * 20_000) + "\n") * 4,
        "unclosed": 'a,b\n"' + "x,y\n" * 50_000,
    }[name]
    start = time.process_time()
    find_dialect(lines_of(text), is_all=False)
    assert time.process_time() - start < 1.0


words = st.sampled_from(
    ["yes", "no", "maybe so", "007", "1.5", "-3", "NULL", "2020-01-02", "a@b.org", "über", "Ünal", "x"]
)
texts = st.sampled_from(
    [
        "Hello, you",
        "so; what?",
        'he said "no"',
        "it’s\ttab",
        "two\nlines",
        "two\r\nlines",
        "a|b",
        "",
        "x, y; z",
        "'s up",
    ]
)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(words, words | texts, words), min_size=4, max_size=12),
    sign=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    quote=st.sampled_from(['"', '"', "'"]),
    doubled=st.booleans(),
)
def test_what_python_writes_is_read_back(
    rows: list[tuple[str, ...]], sign: str, end: str, quoting: Literal[0, 1], quote: str, doubled: bool
) -> None:
    is_usual = quote == '"' and doubled and end == "\r\n"  # else quotes are left off where they are needed
    assume(is_usual or quoting == csv.QUOTE_ALL)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator=end, quoting=quoting, quotechar=quote,
                        doublequote=doubled, escapechar=None if doubled else "\\")  # fmt: skip
    writer.writerows([("key", "text", "label"), *rows])
    lines = lines_of(out.getvalue())
    found = find_dialect(lines)
    assert list(records(lines, found.dialect, width=3, header=1)) == [list(row) for row in rows]


@settings(max_examples=25, deadline=None)
@given(
    content=st.lists(
        st.sampled_from(
            ["a", "é", ",", ";", "\t", "|", '"', "'", "\\", "\n", "\r\n", "\r", " ", "  ", "#", "\0", "1", "::"]
        ),
        max_size=60,
    ).map("".join)
)
def test_every_line_of_garbage_is_in_a_row_or_set_aside(content: str) -> None:
    lines = lines_of(content)
    found = find_dialect(lines)
    rows = list(records(lines, found.dialect, width=max(1, found.width)))
    text = "".join("".join(row) if not isinstance(row, Rejected) else row.text for row in rows)
    for letter in "aé1":
        assert text.count(letter) == content.count(letter)


@pytest.mark.parametrize("lines", ["John Smith\nMary Miller\nAnn Lee\nBob Ray\n", "red apple\nblue sky\ngreen tea\n"])
def test_names_of_two_words_are_one_column(lines: str) -> None:
    assert find_dialect(lines.splitlines(keepends=True)).width == 1


def test_backslashes_are_text_where_every_row_is_whole_with_them() -> None:
    found = find_dialect(lines_of('"a ""name"""\n"\\"\n"\r,b"\n'), delimiter=",", quote='"')
    assert (found.dialect, found.width) == (Dialect(","), 1)


@pytest.mark.parametrize("name", ["text", '"text"'])
@pytest.mark.parametrize("cell", ["text", "well, so; or", "two, or\nmore\nlines", 'so ""said"", x'])
@pytest.mark.parametrize("bad", ['"5" screen"', '"5" screen', '"a", "b', '"x"y"z, w'])
@pytest.mark.parametrize("delimiter", [None, ""])
def test_one_bad_quote_in_a_quoted_column_costs_its_row_alone(
    name: str, cell: str, bad: str, delimiter: str | None
) -> None:
    some = [f'"{cell} {number}"' for number in range(20)]
    lines = lines_of("\n".join([name, *some, bad, *some, ""]))
    found = find_dialect(lines, delimiter=delimiter)
    assert found.dialect == Dialect("", '"')
    rows = list(records(lines, found.dialect, width=1, header=1))
    kept = [row for row in rows if not isinstance(row, Rejected)]
    assert kept == [[row[1:-1].replace('""', '"')] for row in some * 2]
    assert [row.text for row in rows if isinstance(row, Rejected)] == [bad]


def test_quotes_of_a_column_are_text_where_many_rows_are_not_quoted_whole() -> None:
    lines = ["text\n", *["plain\n", '"oh" he said\n', '"yes"\n'] * 20]
    assert find_dialect(lines, delimiter="").dialect == Dialect("", "")
