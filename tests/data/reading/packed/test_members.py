from __future__ import annotations

import pytest

from studio.data.reading.packed.members import Member, members, readable_name, tables


def names(*given: tuple[str, int]) -> list[str]:
    return [member.name for member in tables(members(Member(name, size, size, None) for name, size in given))]


def test_the_likeliest_table_comes_first() -> None:
    assert names(("a.txt", 900), ("b.csv", 10), ("c.xlsx", 20), ("d.png", 9_000), ("e", 5_000)) == [
        "c.xlsx",
        "b.csv",
        "a.txt",
    ]


def test_without_a_known_ending_any_unknown_file_may_be_one() -> None:
    assert names(("part-00000", 10), ("_SUCCESS", 0), ("logo.png", 90)) == ["part-00000", "_SUCCESS"]
    assert names(("README.md", 10), ("LICENSE", 20)) == ["LICENSE", "README.md"]
    assert names(("logo.png", 90)) == []


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../a.csv", "a.csv"),
        ("C:\\data\\a.csv", "C:/data/a.csv"),
        ("/a//./b.csv", "a/b.csv"),
        ("a\u202ecsv.exe", "a�csv.exe"),
        ("ä 中.csv", "ä 中.csv"),
    ],
)
def test_names_are_made_readable(raw: str, shown: str) -> None:
    assert readable_name(raw) == shown


def test_endings_are_plain() -> None:
    for name, ending in (("a.csv", ".csv"), ("a.b.CSV.gz", ".csv.gz"), ("a.v1.csv", ".csv"), ("a.c$v", ""), ("a", "")):
        assert Member(name, 0, 0, None).ending == ending
