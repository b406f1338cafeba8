from __future__ import annotations

import pytest

from studio.data.reading.dialect import find_dialect, title_of
from studio.data.reading.signs import Dialect

PROSE = "Well, I went there, and then, as it was late, home.\nNo comma here\nOne, maybe\n"


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
        (PROSE, Dialect(""), 1),
        ("text\n" + PROSE, Dialect(""), 1),
        ("hello\nyou\n", Dialect(""), 1),
    ],
)
def test_the_sign_under_which_rows_agree(text: str, dialect: Dialect, width: int) -> None:
    found = find_dialect(text.splitlines(keepends=True))
    assert (found.dialect, found.width) == (dialect, width)
    assert 0 < found.certain <= 1


def test_what_is_given_is_kept() -> None:
    assert find_dialect(["a,b;c\n"] * 3, delimiter=",").dialect == Dialect(",")
    assert find_dialect(['"a",b\n'] * 3, quote="").dialect == Dialect(",", "")
    assert find_dialect(["a,b\n"] * 3, delimiter="").width == 1


def test_a_head_that_ends_inside_a_cell() -> None:
    lines = ["text,label\n", "a,x\n", '"long\n', *["line, of, prose\n", "and more\n", "well, yes\n"] * 200]
    assert find_dialect(lines, is_all=False).width == 2


def test_titles() -> None:
    assert title_of(";") == "semicolon-separated"
    assert title_of("@") == "separated by “@”"
