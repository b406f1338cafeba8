from __future__ import annotations

import pytest

from studio.data.reading.delimited.records import records
from studio.data.reading.delimited.signs import BLANKS, Dialect
from studio.data.reading.source import Rejected


def read(text: str, dialect: Dialect, width: int | None = None) -> list[list[str] | Rejected]:
    return list(records(text.splitlines(keepends=True), dialect, width=width))


@pytest.mark.parametrize(
    ("text", "dialect", "rows"),
    [
        ('a::"b::c"::d:e\n', Dialect("::"), [["a", "b::c", "d:e"]]),
        ('a, "b, c", d,e\n', Dialect(", "), [["a", "b, c", "d,e"]]),
        ("a  b c    d\n  e   f\n", Dialect(BLANKS, ""), [["a", "b c", "d"], ["e", "f"]]),
        ("1   2  3\n", Dialect(" ", skip_blanks=True), [["1", "2", "3"]]),
        ('"a \\"b\\", c","C:\\new","\\\\"\n', Dialect(escape="\\"), [['a "b", c', "C:\\new", "\\"]]),
        ("a\\, b,c\n", Dialect(escape="\\"), [["a, b", "c"]]),
        ("'it\\'s',b\n", Dialect(quote="'", escape="\\"), [["it's", "b"]]),
    ],
)
def test_signs_that_the_csv_module_does_not_know(text: str, dialect: Dialect, rows: list[list[str]]) -> None:
    assert read(text, dialect) == rows


def test_quotes_that_are_not_doubled_where_the_dialect_is_loose() -> None:
    dialect = Dialect(";", loose=True)
    text = '"he said "hi" to me";x\n"fine";y\n"a ""b"" c";z\n"8" long"";z\n"a";"b";c "d\n"e;f\n'
    assert read(text, dialect, 2) == [
        ["he said \"hi\" to me", "x"], ["fine", "y"], ['a "b" c', "z"], ['8" long"', "z"],
        Rejected(5, "It has 3 cells, the table has 2 columns.", '"a";"b";c "d'),
        Rejected(6, "A quote is opened and never closed.", '"e;f'),
    ]  # fmt: skip
    assert isinstance(read('"he said "hi" to me";x\n', Dialect(";"), 2)[0], Rejected)


def test_a_stand_in_that_a_text_holds_is_never_taken_for_a_sign() -> None:
    assert read("a\U0010fffeb::c\nd::e\n", Dialect("::"))[0] == Rejected(
        1, "It holds a character that stands for nothing.", "a\U0010fffeb::c"
    )
    assert read("a\U0010fffeb,c\n", Dialect()) == [["a\U0010fffeb", "c"]]
    assert read("\n\U0010fffe\na\U0010fffeb\n", Dialect(""), 1) == [["\U0010fffe"], ["a\U0010fffeb"]]


def test_what_every_reader_knows_is_plain() -> None:
    assert Dialect().is_plain
    assert Dialect(";", "").is_plain
    for dialect in (Dialect("::"), Dialect(""), Dialect(escape="\\"), Dialect(comment="#"), Dialect(loose=True)):
        assert not dialect.is_plain
