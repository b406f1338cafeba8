"""Texts that nearly repeat another one: a typo, another word, a word more.

In: Rows. Out: the rows that resemble an earlier row, each with that row and how alike they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import Finding, Fix, finding, row_name
from studio.data.checkup.rows import Rows
from studio.data.checkup.sameness import sameness_key
from studio.data.table.edits import DeleteRows


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Near duplicates: those with another label first, then the most alike. Exact ones are not among them."""
    if rows.contexts or not rows.keys:  # the same question about two texts is two questions
        return
    numbers = [same[0] for same in rows.distinct.values()]
    notes: dict[int, str] = {}
    torn: list[int] = []
    same: list[int] = []
    others: list[int] = []
    for earlier, later, share in rows.alike(should_stop):
        of, row = numbers[earlier], numbers[later]
        if row in notes:
            continue  # the pairs come with the most alike first
        notes[row] = f"{min(share, 0.99):.0%} the same as {row_name(of)}"
        ours, theirs = rows.targets.get(row, ""), rows.targets.get(of, "")
        if ours == theirs or (rows.goal.has_texts and sameness_key(ours) == sameness_key(theirs)):
            same.append(row)
        elif rows.goal.has_labels and ours.strip() and theirs.strip():
            notes[row] += f", which is “{with_blanks(theirs)}”"
            torn.append(row)
        else:
            others.append(row)
    yield finding(
        "near_duplicates", [*torn, *same, *others], "look",
        lambda n: counted(n, "1 row is nearly the same as a row further up",
                          "{} rows are nearly the same as a row further up"),
        "No row is nearly the same as another",
        _meaning(len(torn), len(others), _noun(rows)), fix=lambda _: _delete(rows, same), notes=notes, ranked=True,
    )  # fmt: skip


def _meaning(torn: int, others: int, noun: str) -> str:
    """What it means, and which of the rows the button does not delete."""
    said = (
        "Four of five of their words or more are the same, typing slips aside. They teach little that is new, and "
        "where one is learned and the other tested, the result looks too good."
    )
    if torn:
        said += counted(
            torn,
            " 1 of them has another label and is not deleted: look at it first.",
            " {} of them have another label and are not deleted: look at these first.",
        )
    if others:
        said += counted(
            others, f" 1 of them has another {noun} or none and stays.", f" {{}} of them have another {noun} or none "
            "and stay."
        )  # fmt: skip
    return said


def _noun(rows: Rows) -> str:
    return rows.goal.noun


def _delete(rows: Rows, same: list[int]) -> tuple[Fix, ...]:
    """Only rows whose label or answer is the same, too."""
    if not same:
        return ()
    title = counted(len(same), "Delete 1 near repeat", "Delete {} near repeats")
    meaning = f"Deletes only those with the same {_noun(rows)} as the row further up." if rows.targets else ""
    return (Fix(title, (DeleteRows(tuple(sorted(same))),), meaning),)
