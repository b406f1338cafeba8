from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studio.data.reading.delimited.bulk import Odd, Stretch
from studio.data.reading.delimited.records import records
from studio.data.reading.delimited.signs import Dialect

pieces = st.sampled_from(
    ["a", "é", " ", "  ", "\t", '"', '""', "'", "\n", "\r\n", "\r", "\\", "#", "0", ",", ";", "NULL", "\0", "\ufeff",
     "\x1f", "\u2028", "\x0b", "a,b\n", '"x",y\n', 'x,"y"\r\n', "x;y\n"]
)  # fmt: skip
contents = st.lists(pieces, max_size=30).map("".join)


def fast(content: str | bytes, dialect: Dialect, width: int) -> list[list[str]] | None:
    data = content if isinstance(content, bytes) else content.encode()
    stretch = Stretch.ahead(data, dialect, is_last=True)
    found = stretch.read(width) if stretch else None
    if found is None or found.odd:
        return None
    return [list(row) for row in zip(*(column.to_pylist() for column in found.rows.columns), strict=True)]


def exact(content: str, dialect: Dialect, width: int) -> list[object]:
    return list(records(io.StringIO(content, newline=""), dialect, width=width))


@settings(max_examples=300, deadline=None)
@given(content=contents, sign=st.sampled_from([",", ";", "\t", ""]), quote=st.sampled_from(['"', "'", ""]))
@example(content=' x, "y"\n', sign=",", quote='"')
@example(content='"x" ,y\n', sign=",", quote='"')
@example(content='"x"y,z\n', sign=",", quote='"')
@example(content="a,b,\nc,d\n", sign=",", quote='"')
@example(content='a,"b\r"\r  c,d\r', sign=",", quote='"')
@example(content='"a, ""b"" ,c",d\n', sign=",", quote='"')
@example(content='a"b,5"\nc,d"\n', sign=",", quote='"')
@example(content="\ufeffa,b\n", sign=",", quote='"')
@example(content='\n""\n\na\n', sign="", quote='"')
def test_what_is_read_at_once_is_what_is_read_row_by_row(content: str, sign: str, quote: str) -> None:
    dialect = Dialect(sign, quote)
    width = 2 if sign else 1
    found = fast(content, dialect, width)
    assert found is None or found == exact(content, dialect, width)


def test_rows_of_another_width_are_left_out_with_their_place() -> None:
    stretch = Stretch.ahead(b'a,b\nshort\nc,"d"\n1,2,3\n4,5,6\n5" disk,e', Dialect(), is_last=True)
    assert stretch is not None
    found = stretch.read(2)
    assert found is not None
    assert found.rows.to_pylist() == [{"0": "a", "1": "b"}, {"0": "c", "1": "d"}, {"0": '5" disk', "1": "e"}]
    assert found.odd == (Odd(1, 1, b"short\n"), Odd(3, 2, b"1,2,3\n"), Odd(4, 2, b"4,5,6\n"))


def test_where_rows_are_not_lines_their_place_is_not_guessed() -> None:
    for content in (b'a,"b\nc"\nshort\n', b"a,b\n\nshort\n", b"a,b\rshort\nc,d\n", b"a,b\n\r "):
        stretch = Stretch.ahead(content, Dialect(), is_last=True)
        assert stretch is not None
        assert stretch.read(2) is None


@pytest.mark.parametrize("content", ['a"b,5"\nc,d"\n', 'a""b,"c""d"\n"x",y"z\n', '5" x,"a, b"\n'])
def test_quotes_inside_plain_cells_are_plain(content: str) -> None:
    assert fast(content, Dialect(), 2) == exact(content, Dialect(), 2)


@settings(max_examples=200, deadline=None)
@given(content=contents, quote=st.sampled_from(['"', ""]))
def test_a_stretch_ends_where_a_row_ends(content: str, quote: str) -> None:
    """What a stretch leaves is read on as though it were a file of its own, with the same rows in all."""
    dialect = Dialect(",", quote)
    stretch = Stretch.ahead(content.encode(), dialect, is_last=False)
    if stretch is not None and stretch.read(2) is not None:
        above, below = content.encode()[: stretch.size].decode(), content.encode()[stretch.size :].decode()
        assert exact(above, dialect, 2) + [
            row._replace(line=row.line + stretch.lines()) if isinstance(row, tuple) else row  # type: ignore[attr-defined]
            for row in exact(below, dialect, 2)
        ] == exact(content, dialect, 2)


@pytest.mark.parametrize(
    "content",
    ['text,label\n"two\nlines",""\n,x\n', 'a,b\r\n"x\ny, ""z""",c\r\n', 'NA,null\n007,1E5\n  x, y\n', "a,b\rc,d\r",
     'a,b\n\n\nc,"d"', "nul\0,\u2028\n", "😀,\u202eright\n"],
)  # fmt: skip
def test_ordinary_text_is_read_at_once(content: str) -> None:
    assert fast(content, Dialect(), 2) == exact(content, Dialect(), 2)


def test_one_column_is_read_at_once() -> None:
    assert fast('a, b\n"c"\n', Dialect(""), 1) == [["a, b"], ["c"]]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"])
def test_bytes_that_are_not_utf8_are_never_passed_on(bad: bytes) -> None:
    assert fast(b"a,b\nc" + bad + b",d\ne,f\n", Dialect(), 2) is None


def test_a_large_cell() -> None:
    large = "x\r\n" * 3_000_000
    assert fast(f'"{large}",y\n', Dialect(), 2) == [[large, "y"]]


def test_line_ends_are_counted() -> None:
    for content, count in (("a\nb\r\nc\rd", 3), ("a\r\n\r\n", 2), ("\r\r\n\n", 3)):
        stretch = Stretch.ahead(content.encode(), Dialect(), is_last=True)
        assert stretch is not None
        assert stretch.lines() == count
