"""Where answers stand in their texts: which stand nowhere, and which were found in another way than the table says.

In: Rows of a goal that finds answers. Out: Findings; nothing for any other goal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.counting import counted
from studio.data.checkup.finding import Finding, delete_rows, finding
from studio.data.checkup.rows import Rows
from studio.data.parts.dataset import rows_at
from studio.data.parts.marking import IN_WORDS, place_of

_FINDS = "span"  # the head of such a goal


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Answers that do not stand in their text, that stand there several times with no word on which place is meant, and
    starts that do not count characters."""
    columns = rows.columns
    if rows.goal.head != _FINDS or not {columns.input, columns.target, columns.context} <= set(rows.table.columns):
        return
    gone: dict[int, str] = {}
    several: dict[int, str] = {}
    otherwise: dict[int, str] = {}
    for row in rows_at(rows.table, columns, rows.numbers):
        if should_stop():
            return
        if not row.target.strip() or not row.context.strip():
            continue
        place = place_of(row.context, row.target, row.start)
        if place is None:
            gone[row.number] = "not in its text"
        elif place.how == "found" and place.places > 1:
            several[row.number] = f"at {place.places:,} places"
        elif place.how not in {"told", "found"}:
            otherwise[row.number] = IN_WORDS[place.how]
    yield finding(
        "answer_elsewhere", gone, "wrong",
        lambda n: counted(
            n,
            "1 answer does not stand in its text and is left out",
            "{} answers do not stand in their texts and are left out",
        ),
        "Every answer stands in its text",
        "Spaces, capitals and ways to write a letter were set aside. Copy the answer out of the text, or empty its "
        "cell if the text does not hold it.",
        fix=delete_rows, notes=gone,
    )  # fmt: skip
    if several:
        yield finding(
            "answer_twice", several, "look",
            lambda n: counted(n, "1 answer stands in its text", "{} answers stand in their texts") + " more than once",
            "", "The first place is learned. A column that says where the answer begins settles it.", notes=several,
        )  # fmt: skip
    if otherwise:
        yield finding(
            "answer_start", otherwise, "look",
            lambda n: counted(n, "1 answer is", "{} answers are") + " found otherwise than the table says",
            "", "They are used. Look at some of them: the place that was found is learned.", notes=otherwise,
        )  # fmt: skip
