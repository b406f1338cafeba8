"""What a finding says of its rows."""

from __future__ import annotations

from studio.data.checkup.finding import Fix, braked, finding
from studio.data.table.edits import DeleteRows


def test_the_count_is_whole_where_not_all_rows_are_carried() -> None:
    rows = range(10_001)
    found = finding(
        "any", reversed(rows), "look", lambda n: f"{n:,} rows", "None",
        fix=lambda numbers: (Fix("Delete", (DeleteRows(tuple(numbers)),)),),
        notes={0: "the first", 10_000: "not carried"},
    )  # fmt: skip
    assert (found.count, found.title) == (10_001, "10,001 rows")
    assert found.rows == tuple(rows)[:10_000]
    assert found.notes == ((0, "the first"),)
    assert found.fixes[0].edits == (DeleteRows(tuple(rows)),)


def test_ranked_rows_stay_as_they_are_given() -> None:
    assert finding("any", (7, 2, 5), "look", str, "None", ranked=True).rows == (7, 2, 5)
    assert finding("any", (7, 2, 5), "look", str, "None").rows == (2, 5, 7)


def test_a_fix_that_deletes_much_of_the_table_says_how_much() -> None:
    def made(count: int) -> Fix:
        fix = Fix("Delete repeats", (DeleteRows(tuple(range(count))),), "The first stays.")
        found = finding("any", range(count), "look", str, "None", fix=lambda _: (fix,))
        return braked(found, 153).fixes[0]

    assert (made(100).title, made(100).drastic, made(100).meaning) == (
        "Delete 100 of 153 rows", True, "The first stays.",
    )  # fmt: skip
    assert (made(30).title, made(30).drastic) == ("Delete repeats", False)
