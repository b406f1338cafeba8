from __future__ import annotations

import io

import pytest

from studio.data.reading.delimited.preamble import Frame, footer, frame
from studio.data.reading.delimited.records import Placed, Shape, placed
from studio.data.reading.delimited.signs import Dialect

TABLE = "id,name,score\n1,Ann,3\n2,Bob,4\n3,Cy,5\n4,Di,6\n"


def rows_of(text: str) -> list[Placed]:
    return list(placed(io.StringIO(text, newline=""), Dialect()))


def framed(text: str, width: int = 3, **options: object) -> Frame:
    return frame(rows_of(text), width, Dialect(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("above", "skip"),
    [
        ("", 0),
        ("Report of May\n", 1),
        ("Report of May\n\n", 2),
        ("Report,,\n,,\n", 2),
        ("Author: Ann\nDate: May\nPlace: Rome\n\n\n", 5),
        ("A title, with a comma\n\n", 2),
        ('"A title\nof two lines"\n', 2),
    ],
)
def test_lines_above_the_table(above: str, skip: int) -> None:
    found = framed(above + TABLE)
    assert (found.skip, found.header) == (skip, [["id", "name", "score"]])


@pytest.mark.parametrize(
    ("text", "width", "names"),
    [
        ("text,label\n0,hello you,x\n1,bye you,y\n2,oh my,z\n", 3, [["text", "label"]]),
        ("text,label,notes\nhello there,x\nbye bye now,y\n", 2, [["text", "label", "notes"]]),
        ("name,mass,len\n,kg,m\nA,1,2\nB,3,4\nC,5,6\nD,5,6\nE,4,4\n", 3, [["name", "mass", "len"], ["", "kg", "m"]]),
        ('id,"name,score\n1,Ann,3\n2,Bob,4\n3,Cy,5\n', 3, [["id", '"name', "score"]]),
        ("1,Ann,3\n2,Bob,4\n3,Cy,5\n", 3, []),
    ],
)
def test_headers_of_other_forms(text: str, width: int, names: list[list[str]]) -> None:
    found = framed(text, width)
    assert [list(row) for row in found.header] == names
    assert found.skip == 0


def test_what_is_given_is_kept() -> None:
    assert framed("a,b,c\n" + TABLE, skip=1).header == [["id", "name", "score"]]
    assert framed("Title\n" + TABLE, skip=0, header=False).header == []
    assert framed("1,2,3\n4,5,6\n", header=True).header == [["1", "2", "3"]]


SHAPE = Shape(3, frozenset({0, 1, 2}), frozenset({0, 2}))


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ("", 0),
        ("5,Ed,7\n", 0),
        ("\nSource: us\n", 1),
        ("Total,,18\n", 1),
        ("Summe,,18\n\nQuelle: wir\n", 2),
        ("Total,,18\n,,\n* estimated,,\n", 3),
        ("\nSource: us, and others\n", 1),
        ("Sum of all,Ed,7\n", 0),
        ("\n1,2,3,4,5,6\n", 0),
        ('"A","\n","\n"\n', 0),
        ('\n"* ""A""","",""\r\n', 0),
        ('"* A",,""\n', 1),
        ('\n"* A",""\n', 1),
        ("Total,5,18\n", 1),
        ("Total,5,17\n", 0),
        ("\nTotal,5,17\n", 1),
        (",,9\n", 0),
        ("\n7,Fay,\n\n8,Gus,2\n\n9,Hal,3\n\n10,Ida,4\n\nx,,\n", 1),
    ],
)
def test_what_stands_below_the_table(below: str, count: int) -> None:
    found = footer(rows_of(TABLE + below), SHAPE, Dialect()).texts
    assert len(found) == count
    assert all(text in below for text in found)


@pytest.mark.parametrize("last", [",,good\n", "total,5,\n", "note\n"])
def test_a_row_that_may_belong_to_the_table_is_kept(last: str) -> None:
    """Where cells may be empty, a row with one is a row like others."""
    table = "id,name,score\n1,,3\n,Bob,\n,,5\n4,Di,\n"
    assert not footer(rows_of(table + last), Shape(3, frozenset(), frozenset()), Dialect()).texts or last == "note\n"


def test_a_row_that_may_be_a_total_stays_and_is_told() -> None:
    found = footer(
        rows_of("text,score\nso good,1\nso bad,2\nfair,3\ntotal,5\n"), Shape(2, frozenset({0, 1})), Dialect()
    )
    assert (found.texts, found.keeps_total) == ([], True)
    found = footer(rows_of("what,sum\na,1\nb,2\nc,3\ntotal,6\n"), Shape(2, frozenset({0, 1})), Dialect())
    assert (found.texts, found.keeps_total) == (["total,6"], False)


def test_a_row_is_fitted_only_where_its_cells_stay_in_their_columns() -> None:
    shape = Shape(4, frozenset({0, 1, 2}), frozenset({1}))
    assert shape.fitted(["a", "1", "b", "", "", ""]) == ["a", "1", "b", ""]
    assert shape.fitted(["a", "1", "b"]) == ["a", "1", "b", ""]
    assert shape.fitted(["a", "", "1", "b", ""]) is None
    assert shape.fitted(["a", "x", "b"]) is None
    assert shape.fitted(["a", "1"]) is None
    assert shape.fitted(["a", "1", "b", "c", "d"]) is None
