from __future__ import annotations

import pytest

from studio.data.reading.delimited.signs import Dialect
from studio.data.reading.delimited.trial import Head, cells_of, try_out


def head_of(text: str) -> Head:
    return Head(text.splitlines(keepends=True), text, is_all=True)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("name;sum\nAnn;1,5\nBob;2,5\n", ";", ","),
        ("10:30\tup\n11:45\tdown\n", "\t", ":"),
        ("a,b c\nd,e f\ng,h i\n", ",", " "),
    ],
)
def test_the_right_sign_has_the_higher_score(text: str, right: str, wrong: str) -> None:
    assert try_out(head_of(text), Dialect(right)).score > try_out(head_of(text), Dialect(wrong)).score


def test_titles_above_count_little() -> None:
    text = "A title\nid,name,sum,what\n1,Ann,2,x\n2,Bob,3,y\n3,Cy,4,z\n"
    tried = try_out(head_of(text), Dialect(","))
    assert (tried.width, tried.first) == (4, 1)
    assert tried.fit > 0.9


def test_a_quoted_column_is_seen() -> None:
    assert head_of('"a, b"\n"c"\n').is_quoted_column
    assert not head_of('"a" b\nc\n').is_quoted_column
    assert cells_of(head_of("a,b\n\n1,2\n"), Dialect(",")) == [["a", "b"], ["1", "2"]]
