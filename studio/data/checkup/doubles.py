"""Texts that are there more than once, and what that does.

In: Rows. Out: repeated texts, and texts that have several labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import Finding, Fix, finding, row_name
from studio.data.checkup.rows import Rows
from studio.data.checkup.sameness import sameness_key
from studio.data.table.edits import DeleteRows, SetCells


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Exact duplicates; with labels also the same text under different ones."""
    if not rows.texts:
        return
    targets = rows.targets.of(sorted(row for same in rows.repeated for row in same)) if rows.targets else {}
    yield _duplicates(rows, targets)
    if rows.targets and rows.goal.has_labels:
        yield _contradictions(rows, targets)


def _duplicates(rows: Rows, targets: Mapping[int, str]) -> Finding:
    """Rows whose text stands further up. Only those whose label or answer does, too, can go without a loss."""
    notes: dict[int, str] = {}
    spare: list[int] = []
    for same in rows.repeated:
        first: dict[str, int] = {_learned(rows, targets, same[0]): same[0]}
        for row in same[1:]:
            earlier = first.setdefault(_learned(rows, targets, row), row)
            if earlier == row and rows.goal.target == "passage":
                continue  # several passages for a query are what such tables hold
            if earlier == row:
                notes[row] = f"the same text as {row_name(same[0])}, another {_noun(rows)}"
            else:
                notes[row] = f"the same as {row_name(earlier)}"
                spare.append(row)
    others = len(notes) - len(spare)
    return finding(
        "duplicates", notes, "look",
        lambda n: counted(n, "1 row repeats a text that stands further up",
                          "{} rows repeat a text that stands further up"),
        "No text is there twice",
        _meaning(others, _noun(rows)),
        fix=lambda _: _delete(sorted(spare), _noun(rows) if rows.targets else ""), notes=notes,
    )  # fmt: skip


def _meaning(others: int, noun: str) -> str:
    harmless = "Harmless: such rows are never both learned and tested."
    if not others:
        return f"{harmless} Delete those that are there by mistake."
    told = counted(others, f"1 of them gives another {noun}", f"{{}} of them give another {noun}")
    return (
        f"{harmless} {told}"
        + (", which is fine where several are right" if noun == "answer" else "")
        + (counted(others, ": it is not a mere repeat and stays.", ": these are no mere repeats and stay."))
    )


def _delete(rows: list[int], noun: str) -> tuple[Fix, ...]:
    if not rows:
        return ()
    title = counted(len(rows), "Delete 1 repeat", "Delete {} repeats")
    same = f"the text and the {noun}" if noun else "the text"
    meaning = f"Deletes rows where {same} are the same as further up; the first of each stays."
    return (Fix(title, (DeleteRows(tuple(rows)),), meaning if noun else meaning.replace(" are ", " is ")),)


def _noun(rows: Rows) -> str:
    return rows.goal.noun


def _learned(rows: Rows, targets: Mapping[int, str], row: int) -> str:
    target = targets.get(row, "")
    return target if rows.goal.has_labels else sameness_key(target)


def _contradictions(rows: Rows, targets: Mapping[int, str]) -> Finding:
    """Rows whose text has another label elsewhere, those with the same text side by side."""
    torn: list[int] = []
    notes: dict[int, str] = {}
    mended: list[tuple[int, str]] = []
    for same in rows.repeated:
        labelled = [row for row in same if targets[row] and not targets[row].isspace()]
        labels = Counter(targets[row] for row in labelled)
        if len(labels) < 2:
            continue
        torn += labelled
        usual, most = labels.most_common(1)[0]
        first = {targets[row]: row for row in reversed(labelled)}
        in_order = [(label, first[label]) for label in labels]
        for row in labelled:
            label, other = next(one for one in in_order if one[0] != targets[row])
            notes[row] = f"the same text is “{with_blanks(label)}” in {row_name(other)}"
            if 2 * most > len(labelled) and targets[row] != usual:
                mended.append((row, usual))
    return finding(
        "contradictions", torn, "wrong",
        lambda n: f"{n:,} rows have the same text as another row, but a different label",
        "The same text always has the same label",
        "A model cannot learn both. Give the same text the same label.",
        fix=lambda _: _commonest(rows.columns.target, mended), notes=notes, ranked=True,
    )  # fmt: skip


def _commonest(column: str, cells: list[tuple[int, str]]) -> tuple[Fix, ...]:
    """The label that more than half of the rows with the same text have; nothing where no text has one."""
    if not cells:
        return ()
    title = "Take the usual label" + counted(len(cells), " (1 row)", " ({} rows)")
    meaning = "Gives each text the label that most of its rows have; where no label has most of them, nothing changes."
    return (Fix(title, (SetCells(column, tuple(cells)),), meaning),)
